import { DateTime } from 'luxon';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../domain/clock.ts';
import { instant } from '../domain/time.ts';

/** Node fires a timer at once if it is set for longer than this, about 24.8 days. */
const longestTimer = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => instant(DateTime.now().toMillis()),

  async sleep(duration, signal) {
    signal.throwIfAborted();
    for (let left: number = duration; left > 0; left -= longestTimer) {
      await pause(Math.min(left, longestTimer), undefined, { signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw error;
      });
    }
  },
};
