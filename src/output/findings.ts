import type { Finding } from '../domain/finding.ts';
import { printable } from './printable.ts';

/** What was found, a line each, for a person: `✓` works, `!` works but wants looking at, `✗` does not. */
export function describeFindings(findings: readonly Finding[]): string {
  return findings
    .flatMap((finding) => [`${markOf(finding)} ${printable(finding.text)}`, ...hintOf(finding)])
    .map((line) => `${line}\n`)
    .join('');
}

function markOf({ exitCode, hint }: Finding): string {
  if (exitCode !== 0) return '✗';
  return hint === undefined ? '✓' : '!';
}

function hintOf({ hint }: Finding): readonly string[] {
  return hint === undefined ? [] : [`  ${printable(hint)}`];
}
