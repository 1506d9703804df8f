import type { BackfillSink } from '../domain/backfill-sink.ts';
import { deliveredUntil } from '../domain/backfill-progress.ts';
import type { BackfillState, OpenStretch } from '../domain/backfill-state.ts';
import type { RunEnd } from '../domain/run-summary.ts';
import { splitAt } from '../domain/slices.ts';
import type { Duration, Instant, Window } from '../domain/time.ts';
import {
  between,
  earlier,
  formatInstant,
  instant,
  later,
  minutes,
  seconds,
} from '../domain/time.ts';
import type { BackfillPass } from './backfill-pass.ts';
import { backfillPass } from './backfill-pass.ts';
import { oldestKept, tellOfGap } from './retention.ts';

/** What a backfill is collected with. */
export interface BackfillRun extends Omit<BackfillPass, 'sink'> {
  /** What the bounds of the backfill mean at a moment. Throws a `UsageError` if that can bring no event. */
  readonly windowAt: (now: Instant) => Window;
  readonly openSink: (window: Window) => Promise<BackfillSink>;
  /** How old an event must be to be asked for. */
  readonly settle: Duration;
}

/** Our clock may be off by so much before bounds that were reckoned by it are reckoned anew. */
const CLOCK_TOLERANCE = minutes(5);
/** A `Date` is cut to whole seconds and is some time on its way. */
const DATE_TOLERANCE = seconds(2);
/** One answer whose `Date` is wrong is put right by the next; after so many, the last one is believed. */
const MOST_SECOND_THOUGHTS = 3;

/**
 * Writes the events of a backfill, as far as they lie before the horizon, or goes on with it where an
 * earlier run has stopped. Rejects with the signal's reason if that comes first, or with a `Failure`.
 */
export async function collectBackfill(run: BackfillRun): Promise<RunEnd> {
  const found = await run.store.load();
  if (found?.open.length === 0) {
    run.log.info(
      'The backfill was finished by an earlier run: nothing is asked; --list names it, and --forget lets it begin anew',
      { from: formatInstant(found.window.since), to: formatInstant(found.window.until) },
    );
    return 'window was finished before';
  }
  let now = run.clock.now();
  if (found !== undefined) {
    run.live?.checkEnd(found.window.until);
    tellOfGrownGap(found, now, run);
  }
  for (let thoughts = 0; ; thoughts += 1) {
    const state = found ?? beginning(run, now);
    const sink = await run.openSink(state.window);
    await sink.resume(found && { marks: found.marks, deliveredUntil: deliveredUntil(found) });
    const isNew = found === undefined;
    const isWrong = (limit: Instant, serverTime: Instant): boolean =>
      thoughts < MOST_SECOND_THOUGHTS &&
      (limit > later(earlier(serverTime, run.settle), DATE_TOLERANCE) ||
        (isNew && isOff(run, state.window, serverTime)));
    const end = await readOn({ ...run, sink }, state, now, isWrong);
    if (typeof end === 'string') return end;
    run.log.warn('The clock of this machine is off: the backfill goes by that of Okta', {
      our_time: formatInstant(now),
      server_time: formatInstant(end.serverTime),
    });
    now = end.serverTime;
  }
}

function beginning(run: BackfillRun, now: Instant): BackfillState {
  const { since, until } = run.windowAt(now);
  const oldest = oldestKept(now);
  if (since < oldest) tellOfGap(since, oldest, run.log);
  const window = { since: instant(Math.max(since, oldest)), until };
  return { window, open: [{ ...window, position: undefined }], undated: [], marks: {}, events: 0 };
}

/** What grew too old between two runs is asked for all the same: whether it is gone, only Okta knows for sure. */
function tellOfGrownGap({ open }: BackfillState, now: Instant, { log }: BackfillRun): void {
  const oldest = oldestKept(now);
  for (const { since, until, position } of open) {
    if (position === undefined && since < oldest)
      tellOfGap(since, instant(Math.min(oldest, until)), log);
  }
}

function isOff(run: BackfillRun, window: Window, serverTime: Instant): boolean {
  const better = run.windowAt(serverTime);
  const oldest = oldestKept(serverTime);
  const since = instant(Math.max(better.since, oldest));
  return (
    Math.abs(between(since, window.since)) > CLOCK_TOLERANCE ||
    Math.abs(between(better.until, window.until)) > CLOCK_TOLERANCE
  );
}

/** Reads what can be read by now; what the end of the backfill leaves to be read by then, too. */
async function readOn(
  pass: BackfillPass & BackfillRun,
  before: BackfillState,
  now: Instant,
  isWrong: (limit: Instant, serverTime: Instant) => boolean,
): Promise<RunEnd | { readonly serverTime: Instant }> {
  let state = before;
  let limit = await limitAt(pass, state.window, now);
  for (;;) {
    const { now: readable, later: rest } = splitAt(state.open, limit);
    if (readable.length === 0) return rest.length === 0 ? finish(pass, state) : waits(pass, rest);
    const asked = limit;
    const stretches = { readable, later: rest };
    const end = await backfillPass(pass, state, stretches, (time) => isWrong(asked, time));
    if (end.kind === 'ask anew') return end;
    state = end.state;
    limit = await limitAt(pass, state.window, pass.tally.counts.serverTime ?? now);
    if (rest.length > 0 && limit < state.window.until) return waits(pass, rest);
  }
}

/** Up to where events may be asked for: a request into the future would end without its remainder (okta-contract). */
async function limitAt(
  { settle, live }: BackfillPass & BackfillRun,
  { until }: Window,
  now: Instant,
): Promise<Instant> {
  const shown = (await live?.readableUntil()) ?? until;
  return instant(Math.min(until, earlier(now, settle), shown));
}

async function finish(
  { sink, store }: BackfillPass & BackfillRun,
  state: BackfillState,
): Promise<RunEnd> {
  const saved = await store.prepare({ ...state, marks: sink.marks() ?? {} });
  await sink.completeUntil(state.window.until);
  await saved.commit();
  return 'window finished';
}

function waits({ log }: BackfillRun, rest: readonly OpenStretch[]): RunEnd {
  const [first] = rest;
  const last = rest.at(-1);
  log.info('The rest of the backfill is still to come: the same command goes on with it later', {
    from: first && formatInstant(first.since),
    to: last && formatInstant(last.until),
  });
  return 'window waits for its end';
}
