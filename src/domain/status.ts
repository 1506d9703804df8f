import type { Caveat } from './caveat.ts';
import type { RunEnd } from './run-summary.ts';
import type { ErrorType } from './status-error.ts';
import type { Instant } from './time.ts';

/** What made runs fail, from the first of them on that failed in a row with the same type and exit code. */
export interface StatusError {
  readonly type: ErrorType;
  readonly exitCode: number;
  readonly message: string;
  readonly hint: string | undefined;
  /** When the first of these runs ended, and the last one. */
  readonly since: Instant;
  readonly last: Instant;
  /** When a run succeeded again; `undefined` as long as the error stands. */
  readonly until: Instant | undefined;
}

/** A caveat, and how often it was met. */
export interface CountedCaveat extends Caveat {
  readonly count: number;
  /** When the run ended that met it first, and last. */
  readonly first: Instant;
  readonly last: Instant;
}

/** What all runs together have done since the status was begun. */
export interface Totals {
  readonly runs: number;
  readonly failedRuns: number;
  readonly events: number;
  readonly dropped: number;
  readonly requests: number;
  readonly writtenBytes: number;
}

/** How the runs of the live stream have gone: what one run leaves behind for those who look after it. */
export interface StreamStatus {
  readonly org: string;
  /** When the latest runs began, oldest first: from them it is seen how often runs come. */
  readonly starts: readonly Instant[];
  /** When the last run ended, by our clock, and how. */
  readonly endedAt: Instant;
  readonly ended: RunEnd;
  /** When the last run ended that read a page and did not fail. */
  readonly succeededAt: Instant | undefined;
  /** The newest `published` delivered. */
  readonly newestPublished: Instant | undefined;
  readonly totals: Totals;
  /** Events written by the runs that ended on a day of UTC, such as `2026-11-15`. */
  readonly today: { readonly day: string; readonly events: number };
  readonly error: StatusError | undefined;
  /** At most one of a kind. */
  readonly caveats: readonly CountedCaveat[];
}

/** The error that stands: runs have failed since the last success. */
export function standingError(status: StreamStatus | undefined): StatusError | undefined {
  return status?.error?.until === undefined ? status?.error : undefined;
}

/** The one place where the status of a stream is kept. */
export interface StatusStore {
  /** `undefined` if there is none, or none that can be read: then it is begun anew. */
  load(): Promise<StreamStatus | undefined>;
  /** Rejects with the system's own error. */
  save(status: StreamStatus): Promise<void>;
}
