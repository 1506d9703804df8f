import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../src/domain/clock.ts';
import type { Duration, Instant } from '../../src/domain/time.ts';
import { later } from '../../src/domain/time.ts';

/** A clock that stands still until it is moved; it still sleeps in real time. */
export function movableClock(start: Instant): Clock & { move(by: Duration): void } {
  let now = start;
  return {
    now: () => now,
    move: (by) => {
      now = later(now, by);
    },
    sleep: async (duration, signal) => {
      await pause(duration, undefined, { signal });
    },
  };
}
