import type { CaveatKind } from './caveat.ts';

/** What a log record may carry beside its message: plain values, named in snake_case with their unit. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>> & {
  /** Says that the record is one that the status of the stream must have, too. */
  readonly caveat?: CaveatKind;
};

/** Where the program says what it does. Never stdout: that belongs to the events. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
