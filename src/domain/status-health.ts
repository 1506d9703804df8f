import type { LiveCheckpoint } from './checkpoint.ts';
import type { CheckpointError } from './failure.ts';
import { readUpToOf } from './read-up-to.ts';
import type { LockState } from './run-at-work.ts';
import { isOverdue } from './run-at-work.ts';
import type { StatusError, StreamStatus } from './status.ts';
import { standingError } from './status.ts';
import type { Duration, Instant } from './time.ts';
import {
  between,
  days,
  describeDuration,
  earlier,
  hours,
  later,
  milliseconds,
  minutes,
  seconds,
} from './time.ts';

/** What is known of the live stream without asking Okta. */
export interface KnownOfStream {
  readonly now: Instant;
  /** `undefined` if there is none, or if it cannot be read. */
  readonly status: StreamStatus | undefined;
  readonly statusError: CheckpointError | undefined;
  /** `undefined` if there is none, or if it cannot be used. */
  readonly checkpoint: LiveCheckpoint | undefined;
  readonly checkpointError: CheckpointError | undefined;
  readonly lock: LockState;
}

/** Where a source stands, in Sumo Logic's words for its own Okta source (okta-source-page). */
export const STREAM_STATES = [
  /** No run has begun yet. */
  'Pending',
  /** The first run is at work. */
  'Started',
  /** Runs have begun, and none has read anything yet. */
  'Initialized',
  /** Okta has let us in, and had no event so far. */
  'Authenticated',
  'Collecting',
  'Error',
  /** The run at work is past its time and finishes the page in hand. */
  'Stopping',
] as const;

/** One of them. */
export type StreamState = (typeof STREAM_STATES)[number];

/** What to think of it. */
export interface StreamHealth {
  readonly state: StreamState;
  /** Why the stream is not healthy, a sentence each; it is if there is none. */
  readonly complaints: readonly string[];
  /** The usual time between the beginnings of two runs; `undefined` if there were fewer than two. */
  readonly interval: Duration | undefined;
  /** When the next run should begin, or should have begun. */
  readonly nextRun: Instant | undefined;
  /** When the stream was last read without a failure. */
  readonly succeededAt: Instant | undefined;
  /**
   * Up to where the stream is read: all that Okta had by then, as far as known, is written. By the
   * status if the checkpoint cannot be used; no lag is known then.
   */
  readonly readUpTo: Instant | undefined;
  readonly lag: Duration | undefined;
}

/** By so much two clocks may differ. */
const CLOCK_TOLERANCE = minutes(5);
const LEAST_PATIENCE = minutes(15);
/** As long as it is not known how often runs come. */
const PATIENCE_AT_FIRST = hours(1);
const MOST_LAG = hours(1);
/** For so long what is lost makes a stream unhealthy. */
const MOURNING = days(1);

/**
 * A stream is healthy if its state files can be used, no run failed since the last success, that is at
 * most three intervals old (but 15 minutes may always pass), the lag is below an hour (or three
 * intervals, if that is more), no run hangs, and no gap was found within a day.
 */
export function healthOf(known: KnownOfStream): StreamHealth {
  const { status, checkpoint, lock } = known;
  const interval = intervalOf(status?.starts ?? []);
  const lastStart = typeof lock === 'object' ? lock.startedAt : status?.starts.at(-1);
  const succeededAt = lastBy(known.now, [status?.succeededAt, checkpoint?.tipReachedAt]);
  const judged = { interval, succeededAt, ...reachOf(known) };
  return {
    ...judged,
    state: stateOf(known),
    complaints: complaintsAbout(known, judged),
    nextRun: lastStart && interval && later(lastStart, interval),
  };
}

function reachOf({
  status,
  checkpoint,
  checkpointError,
  now,
}: KnownOfStream): Pick<StreamHealth, 'readUpTo' | 'lag'> {
  if (checkpoint === undefined) {
    // To begin there leaves nothing out: what is not yet written was published, and so persisted, later.
    return { readUpTo: checkpointError && status?.newestPublished, lag: undefined };
  }
  const readUpTo = readUpToOf(checkpoint);
  return { readUpTo, lag: milliseconds(Math.max(between(readUpTo, now), 0)) };
}

/** The middle one: a run that was started by hand does not count for much. A schedule is not kept to the second. */
function intervalOf(starts: readonly Instant[]): Duration | undefined {
  const distances = starts
    .slice(1)
    .map((start, index) => start - (starts[index] ?? start))
    .sort((one, other) => one - other);
  const middle = distances[Math.floor(distances.length / 2)];
  if (middle === undefined || middle <= 0) return undefined;
  return middle < minutes(1) ? milliseconds(middle) : seconds(Math.round(middle / 10_000) * 10);
}

function stateOf(known: KnownOfStream): StreamState {
  const { status, statusError, checkpointError, lock, now } = known;
  const error = checkpointError ?? statusError ?? standingError(status);
  if (isHanging(known) || error !== undefined) return 'Error';
  if (typeof lock === 'object' && now > lock.until) return 'Stopping';
  return progressOf(known);
}

function isHanging({ lock, now }: KnownOfStream): boolean {
  return lock === 'silent' || (lock !== 'free' && isOverdue(lock, now));
}

function progressOf({ status, checkpoint, lock }: KnownOfStream): StreamState {
  const hasEvents = status !== undefined && status.totals.events > 0;
  if (hasEvents || checkpoint?.newestPublished !== undefined) return 'Collecting';
  if (status?.succeededAt !== undefined || checkpoint?.link !== undefined) return 'Authenticated';
  if (status !== undefined) return 'Initialized';
  return lock === 'free' ? 'Pending' : 'Started';
}

type Judged = Pick<StreamHealth, 'interval' | 'succeededAt' | 'lag'>;

function complaintsAbout(known: KnownOfStream, judged: Judged): readonly string[] {
  const { status, statusError, checkpointError, now } = known;
  const error = standingError(status);
  const gap = status?.caveats.find(({ kind }) => kind === 'gap');
  return [
    checkpointError?.message,
    statusError?.message,
    error && complaintAboutError(error, checkpointError),
    complaintAboutAge(judged, known),
    complaintAboutLag(judged),
    complaintAboutRun(known),
    gap && gap.last > earlier(now, MOURNING) ? 'Events are lost: see the gap' : undefined,
  ].filter((complaint) => complaint !== undefined);
}

/** The first line says it; behind it a fault of ours has its stack. */
function complaintAboutError({ message }: StatusError, told: CheckpointError | undefined): string {
  return message === told?.message ? 'Runs fail' : `Runs fail: ${message.split('\n', 1).join('')}`;
}

function complaintAboutAge(
  { interval, succeededAt }: Judged,
  { now, status, statusError }: KnownOfStream,
): string | undefined {
  if (succeededAt === undefined && statusError !== undefined) return undefined;
  if (succeededAt === undefined)
    return status === undefined ? 'No run has ended yet' : 'No run has succeeded yet';
  const patience =
    interval === undefined ? PATIENCE_AT_FIRST : Math.max(interval * 3, LEAST_PATIENCE);
  const age = between(succeededAt, now);
  const ahead = between(now, succeededAt);
  if (ahead > CLOCK_TOLERANCE)
    return `Whether runs succeed is not known: the last success is ${describeDuration(ahead)} ahead of this machine's clock`;
  if (age <= patience) return undefined;
  const usual = interval === undefined ? '' : `; a run is due every ${describeDuration(interval)}`;
  return `The last success is ${describeDuration(age)} old${usual}`;
}

function complaintAboutLag({ interval, lag }: Judged): string | undefined {
  if (lag === undefined || lag < Math.max(MOST_LAG, (interval ?? 0) * 3)) return undefined;
  return `The stream is ${describeDuration(lag)} behind`;
}

function complaintAboutRun({ lock, now }: KnownOfStream): string | undefined {
  if (lock === 'silent') return 'The process that holds the stream does not answer';
  if (lock === 'free' || !isOverdue(lock, now)) return undefined;
  return `Process ${lock.pid} should have ended ${describeDuration(between(lock.until, now))} ago`;
}

/** The last moment that a clock which is right can have shown by now; if there is none, the last of all. */
function lastBy(now: Instant, moments: readonly (Instant | undefined)[]): Instant | undefined {
  const known = moments.filter((moment) => moment !== undefined).sort((a, b) => a - b);
  return known.findLast((moment) => moment <= later(now, CLOCK_TOLERANCE)) ?? known.at(-1);
}
