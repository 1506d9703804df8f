import { printable } from './printable.ts';

/** How a run failed, in plain words. */
export interface FailureReport {
  readonly exitCode: number;
  readonly message: string;
  /** What else is to be said, one line each: every problem of a configuration, say. */
  readonly details: readonly string[];
  /** What the operator can do. */
  readonly hint: string | undefined;
}

/** A Script Source cuts messages at 64 KB; a tenth of that is more than anybody reads. */
const longestLine = 8192;

/** The failure as one line of at most 8 KB, line feed included: all that a quiet run prints on stderr. */
export function failureLine({ exitCode, message, details, hint }: FailureReport): string {
  const sentences = [[message, ...details].join('; '), ...(hint === undefined ? [] : [hint])];
  return `${cut(printable(`okta-collector failed (exit ${exitCode}): ${sentences.join('. ')}`))}\n`;
}

/** The failure as several lines for a person. */
export function failureText({ exitCode, message, details, hint }: FailureReport): string {
  const lines = [
    `okta-collector failed (exit ${exitCode})`,
    `  ${printable(message)}`,
    ...details.map((detail) => `    ${printable(detail)}`.trimEnd()),
    ...(hint === undefined ? [] : [`  ${printable(hint)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function cut(line: string): string {
  const bytes = Buffer.from(line);
  const longest = longestLine - 1;
  if (bytes.length <= longest) return line;
  const ellipsis = '…';
  const kept = bytes.subarray(0, longest - Buffer.byteLength(ellipsis)).toString();
  // A character cut in two at the end was read as U+FFFD.
  return `${kept.replace(/\uFFFD$/, '')}${ellipsis}`;
}
