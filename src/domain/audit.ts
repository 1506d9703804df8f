import type { Instant, Window } from './time.ts';

/** Stands for the bytes of a line: two 32-bit halves of a digest, equal for equal bytes and hardly ever otherwise. */
export interface Fingerprint {
  readonly high: number;
  readonly low: number;
}

/** A line of one of the files, counted from 1; files from 0, in the order in which they were given. */
export interface FilePlace {
  readonly file: number;
  readonly line: number;
}

/** A line that was found in a file. */
export interface FiledLine extends FilePlace {
  /** As a page's events have it; `undefined` if the line is no event. */
  readonly id: string | undefined;
  readonly published: Instant | undefined;
  readonly fingerprint: Fingerprint;
}

/** Something that is not the same in the org and in the files. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** Of the event; `undefined` for a line that is none. */
  readonly id: string | undefined;
  readonly published: Instant | undefined;
  /** Where it is; `undefined` for an event that no file has. */
  readonly place: FilePlace | undefined;
  /** Where the event was found first, if it is there more than once. */
  readonly first: FilePlace | undefined;
}

/** All kinds of difference: not in the files, more than once, other bytes, not in the org, no event at all. */
export const DIFFERENCE_KINDS = [
  'missing',
  'duplicated',
  'altered',
  'not in the org',
  'unreadable',
] as const;

export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** What an audit has come to. */
export interface AuditResult {
  /** What was looked at: less than was asked for where Okta has nothing yet, or nothing any more. */
  readonly window: Window;
  /** Events that the org has of that window. */
  readonly inOrg: number;
  /** Events in the files that are of that window, and others. */
  readonly inFiles: number;
  readonly outside: number;
  readonly differences: Readonly<Record<DifferenceKind, number>>;
}

/** Whether the files have each event of the org once, as it is, and nothing else. */
export function isClean({ differences }: AuditResult): boolean {
  return DIFFERENCE_KINDS.every((kind) => differences[kind] === 0);
}
