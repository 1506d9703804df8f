import type { Clock } from '../../src/domain/clock.ts';
import type { Duration, Instant } from '../../src/domain/time.ts';
import { later } from '../../src/domain/time.ts';

/** A clock whose sleeps end at once, but move its hands. */
export interface FakeClock extends Clock {
  /** How long each sleep was to last, the aborted ones included. */
  readonly naps: readonly Duration[];
  move(by: Duration): void;
}

/** @param during what happens in a sleep; the sleep ends once that has resolved. */
export function fakeClock(
  start: Instant,
  during: (signal: AbortSignal) => Promise<void> | void = () => undefined,
): FakeClock {
  let now = start;
  const naps: Duration[] = [];
  return {
    naps,
    now: () => now,
    move(by) {
      now = later(now, by);
    },
    async sleep(duration, signal) {
      signal.throwIfAborted();
      naps.push(duration);
      await during(signal);
      signal.throwIfAborted();
      now = later(now, duration);
    },
  };
}
