import type { BackfillBounds } from '../cli/backfill-options.ts';
import { windowOf } from '../config/check-window.ts';
import { Refusal } from '../config/key.ts';
import { readStart } from '../config/time-bound.ts';
import { UsageError } from '../domain/failure.ts';
import type { Duration, Instant, TimeBound, Window } from '../domain/time.ts';
import { days, earlier, formatInstant, instant, later, momentOf } from '../domain/time.ts';

const FARTHEST_END = days(366);

/**
 * Reads the bounds of a backfill; the result says what they mean at a moment. An end that goes by
 * the clock is not put where events have not settled yet. Both throw a `UsageError`.
 * @param live where the live stream began, if that is the end
 */
export function readBounds(
  { start, end }: BackfillBounds,
  settle: Duration,
  live: Instant | undefined,
): (now: Instant) => Window {
  const from = bound('--start', start);
  const to: TimeBound = live === undefined ? bound('--end', end) : { kind: 'moment', at: live };
  const endOption = live === undefined ? `--end "${end}"` : '--until-live';
  return (now) => {
    if (live !== undefined && momentOf(from, now) >= live) throw nothingBefore(live, start);
    const until = momentOf(to, now);
    if (until > later(now, FARTHEST_END)) throw tooFar(end);
    const settled = to.kind === 'ago' ? Math.min(until, earlier(now, settle)) : until;
    return attempt(endOption, () => windowOf(from, { kind: 'moment', at: instant(settled) }, now));
  };
}

function tooFar(end: string): UsageError {
  return new UsageError(`Cannot begin the backfill: --end "${end}" lies more than a year ahead`, {
    hint: 'Give the year that was meant; a backfill waits for its end',
  });
}

function bound(option: string, text: string): TimeBound {
  return attempt(`${option} "${text}"`, () => readStart(text));
}

function attempt<Value>(option: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { reason, remedy } = error;
    throw new UsageError(`Cannot begin the backfill: ${option} ${reason}`, { hint: remedy });
  }
}

function nothingBefore(live: Instant, start: string): UsageError {
  return new UsageError(
    `Cannot begin the backfill at "${start}": the live stream began at ${formatInstant(live)}, and nothing lies between`,
    { hint: 'The live stream has all since then; let --start be earlier to have what came before' },
  );
}
