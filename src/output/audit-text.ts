import type { AuditResult, Difference, FilePlace } from '../domain/audit.ts';
import { DIFFERENCE_KINDS, isClean } from '../domain/audit.ts';
import { formatInstant } from '../domain/time.ts';
import { printable } from './printable.ts';

/** How an audit is written down; each text ends with a line feed. */
export interface AuditForm {
  readonly difference: (difference: Difference) => string;
  readonly result: (result: AuditResult) => string;
}

const LONGEST_KIND = Math.max(...DIFFERENCE_KINDS.map(({ length }) => length));
const STRANGE =
  'Not one event of the files is of this org: are they of another one, or is okta_org_url?';
const NO_MOMENT = '-'.padEnd(24);

/** For a person: a line for each difference, and a table. */
export function auditText(paths: readonly string[]): AuditForm {
  const placeOf = (place: FilePlace): string => printable(placeText(paths, place));
  return {
    difference({ kind, id, published, place, first }) {
      const moment = published === undefined ? NO_MOMENT : formatInstant(published);
      const words = [
        kind.padEnd(LONGEST_KIND),
        ...(id === undefined ? [] : [moment, printable(id)]),
        ...(place === undefined ? [] : [placeOf(place)]),
        ...(first === undefined ? [] : [`(first at ${placeOf(first)})`]),
      ];
      return `${words.join('  ')}\n`;
    },
    result(result) {
      const { window, inOrg, inFiles, outside, differences } = result;
      const rows: readonly (readonly [string, number])[] = [
        ['in the org', inOrg],
        ['in the files', inFiles],
        ['of other times', outside],
        ...DIFFERENCE_KINDS.map((kind) => [kind, differences[kind]] as const),
      ];
      const head = `From ${formatInstant(window.since)} to ${formatInstant(window.until)}: ${verdict(result)}`;
      const lines = [head, ...rows.map(tableRow), ...(isStrange(result) ? [STRANGE] : [])];
      return lines.map((line) => `${line}\n`).join('');
    },
  };
}

/** For a program: a JSON object a line, the last one the result. */
export function auditJson(paths: readonly string[]): AuditForm {
  return {
    difference({ kind, id, published, place, first }) {
      const moment = published === undefined ? undefined : formatInstant(published);
      return jsonLine({
        difference: kind,
        uuid: id,
        published: moment,
        ...(place && { file: paths[place.file], line: place.line }),
        ...(first && { first_file: paths[first.file], first_line: first.line }),
      });
    },
    result: (result) => jsonLine({ audit: resultFields(result) }),
  };
}

/** The result as the fields of a log record. */
export function resultFields(
  result: AuditResult,
): Readonly<Record<string, string | number | boolean>> {
  const { window, inOrg, inFiles, outside, differences } = result;
  return {
    since: formatInstant(window.since),
    until: formatInstant(window.until),
    clean: isClean(result),
    in_org: inOrg,
    in_files: inFiles,
    of_other_times: outside,
    missing: differences.missing,
    duplicated: differences.duplicated,
    altered: differences.altered,
    not_in_the_org: differences['not in the org'],
    unreadable: differences.unreadable,
  };
}

function verdict(result: AuditResult): string {
  return isClean(result) ? 'the files have each event once' : 'the files are not as the org is';
}

/** Both have events, and not one of them is the same. */
function isStrange({ inOrg, inFiles, differences }: AuditResult): boolean {
  return inOrg > 0 && inFiles > 0 && differences.missing === inOrg;
}

function tableRow([name, count]: readonly [string, number]): string {
  return `  ${name.padEnd(LONGEST_KIND)}  ${count.toLocaleString('en-US').padStart(13)}`;
}

function placeText(paths: readonly string[], { file, line }: FilePlace): string {
  return `${paths[file] ?? ''}:${line}`;
}

function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
