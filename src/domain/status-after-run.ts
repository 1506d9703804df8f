import type { Caveat } from './caveat.ts';
import { BUG_EXIT_CODE, exitCodeOf } from './exit-code.ts';
import { isFailure } from './failure.ts';
import type { RunSummary } from './run-summary.ts';
import type { CountedCaveat, StatusError, StreamStatus, Totals } from './status.ts';
import { errorTypeOf } from './status-error.ts';
import type { Instant } from './time.ts';
import { days, earlier } from './time.ts';
import { nameOfDay } from './utc-day.ts';

/** A caveat, and how often one run met it. */
export interface MetCaveat extends Caveat {
  readonly count: number;
}

/** How one run of the live stream went. */
export interface RunOutcome {
  readonly org: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  /** `undefined` if it failed before there was anything to sum up. */
  readonly summary: RunSummary | undefined;
  /** Whether it failed, and with what. */
  readonly failure: { readonly error: unknown } | undefined;
  /** At most one of a kind. */
  readonly caveats: readonly MetCaveat[];
}

/** So many beginnings show how often runs come, one that was started by hand among them. */
const STARTS_KEPT = 6;
/** What was not met again for so long is no longer worth telling. */
const CAVEATS_KEPT = days(30);
/** Of the stack of a fault of ours the first lines say enough; the log has all of it. */
const LONGEST_MESSAGE = 1000;

/** Nothing was done yet. */
const NO_TOTALS: Totals = {
  runs: 0,
  failedRuns: 0,
  events: 0,
  dropped: 0,
  requests: 0,
  writtenBytes: 0,
};

/**
 * Whether a run says something of the stream whose status was found. One for another org that was
 * refused before it read anything, because the checkpoint or the lock is not its own, does not.
 */
export function isOfStream(
  found: StreamStatus | undefined,
  { org, summary, failure }: RunOutcome,
): boolean {
  if (found === undefined || found.org === org) return true;
  const hasRead = summary !== undefined && summary.pages > 0;
  const error = failure?.error;
  return hasRead || !(isFailure(error) && (error.kind === 'checkpoint' || error.kind === 'busy'));
}

/** The status of a stream after one more run; that of another org counts for nothing. */
export function statusAfterRun(found: StreamStatus | undefined, outcome: RunOutcome): StreamStatus {
  const { org, startedAt, endedAt, summary } = outcome;
  const before: Partial<StreamStatus> = found?.org === org ? found : {};
  const isSuccess = hasSucceeded(outcome);
  const { starts = [], totals = NO_TOTALS, caveats = [], today, error, succeededAt } = before;
  return {
    org,
    starts: [...starts, startedAt].slice(-STARTS_KEPT),
    endedAt,
    ended: summary?.ended ?? 'failed',
    succeededAt: isSuccess ? endedAt : succeededAt,
    newestPublished: summary?.newestPublished ?? before.newestPublished,
    totals: totalsAfter(totals, outcome),
    today: todayAfter(today, outcome),
    error: isSuccess ? recovered(error, endedAt) : errorAfter(error, outcome),
    caveats: caveatsAfter(caveats, outcome),
  };
}

/** A run that was stopped before it read a page has shown nothing. */
function hasSucceeded({ summary, failure }: RunOutcome): boolean {
  return failure === undefined && summary !== undefined && summary.pages > 0;
}

function totalsAfter(before: Totals, { summary, failure }: RunOutcome): Totals {
  const runs = before.runs + 1;
  const failedRuns = before.failedRuns + (failure === undefined ? 0 : 1);
  if (summary === undefined) return { ...before, runs, failedRuns };
  return {
    runs,
    failedRuns,
    events: before.events + summary.events,
    dropped: before.dropped + summary.dropped,
    requests: before.requests + summary.traffic.requests,
    writtenBytes: before.writtenBytes + summary.writtenBytes,
  };
}

function todayAfter(
  before: StreamStatus['today'] | undefined,
  { endedAt, summary }: RunOutcome,
): StreamStatus['today'] {
  const day = nameOfDay(endedAt);
  const earlierEvents = before?.day === day ? before.events : 0;
  return { day, events: earlierEvents + (summary?.events ?? 0) };
}

function recovered(error: StatusError | undefined, at: Instant): StatusError | undefined {
  return error && { ...error, until: error.until ?? at };
}

/** A run that neither failed nor read a page has shown nothing: the error stays as it is. */
function errorAfter(
  before: StatusError | undefined,
  { endedAt, failure }: RunOutcome,
): StatusError | undefined {
  if (failure === undefined) return before;
  const error = describeError(failure.error);
  const since = before !== undefined && isSameKind(before, error) ? before.since : endedAt;
  return { ...error, since, last: endedAt, until: undefined };
}

function isSameKind(before: StatusError, { type, exitCode }: ErrorFacts): boolean {
  return before.until === undefined && before.type === type && before.exitCode === exitCode;
}

type ErrorFacts = Pick<StatusError, 'type' | 'exitCode' | 'message' | 'hint'>;

function describeError(error: unknown): ErrorFacts {
  if (isFailure(error)) {
    const { message, hint } = error;
    return { type: errorTypeOf(error), exitCode: exitCodeOf(error), message: cut(message), hint };
  }
  return {
    type: 'FirstPartyGeneric',
    exitCode: BUG_EXIT_CODE,
    message: cut(error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
    hint: 'This is a fault of the program: report it with the lines of the log',
  };
}

const cut = (text: string): string =>
  text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;

function caveatsAfter(
  before: readonly CountedCaveat[],
  { endedAt, caveats }: RunOutcome,
): readonly CountedCaveat[] {
  // Whether start_time is ignored, each run says anew.
  const oldest = earlier(endedAt, CAVEATS_KEPT);
  const kept = before.filter(({ kind, last }) => kind !== 'start ignored' && last >= oldest);
  const counted = new Map(kept.map((caveat) => [caveat.kind, caveat]));
  for (const { kind, text, count } of caveats) {
    const { count: earlierCount = 0, first = endedAt } = counted.get(kind) ?? {};
    counted.set(kind, { kind, text, count: earlierCount + count, first, last: endedAt });
  }
  return [...counted.values()];
}
