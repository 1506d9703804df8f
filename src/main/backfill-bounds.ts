import type { BackfillBounds } from '../cli/backfill-options.ts';
import { windowOf } from '../config/check-window.ts';
import { Refusal } from '../config/key.ts';
import { readStart } from '../config/time-bound.ts';
import { ConfigError } from '../domain/failure.ts';
import type { Duration, Instant, TimeBound, Window } from '../domain/time.ts';
import { earlier, instant, momentOf } from '../domain/time.ts';

/**
 * Reads the bounds of a backfill; the result says what they mean at a moment. An end that goes by
 * the clock is not put where events have not settled yet. Both throw a `ConfigError`.
 * @param live where the live stream began, if that is the end
 */
export function readBounds(
  { start, end }: BackfillBounds,
  settle: Duration,
  live: Instant | undefined,
): (now: Instant) => Window {
  const from = bound('--start', start);
  const to: TimeBound = live === undefined ? bound('--end', end) : { kind: 'moment', at: live };
  return (now) => {
    const until = momentOf(to, now);
    const settled = to.kind === 'ago' ? Math.min(until, earlier(now, settle)) : until;
    return attempt('--end', end, () =>
      windowOf(from, { kind: 'moment', at: instant(settled) }, now),
    );
  };
}

function bound(option: string, text: string): TimeBound {
  return attempt(option, text, () => readStart(text));
}

function attempt<Value>(option: string, text: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { reason, remedy } = error;
    const problem = { key: option, value: text, source: 'the command line', reason, remedy };
    throw new ConfigError(`Cannot begin the backfill: ${option} "${text}" ${reason}`, [problem], {
      hint: remedy,
    });
  }
}
