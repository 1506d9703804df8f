import type { Clock } from '../../src/domain/clock.ts';
import type { Duration, Instant } from '../../src/domain/time.ts';
import { instant, later, milliseconds } from '../../src/domain/time.ts';

/** A clock whose sleepers wake in order of time, without any real waiting. */
export function virtualClock(start: Instant): Clock {
  let now = start;
  const sleepers: { at: Instant; wake: () => void }[] = [];
  let isRunning = false;

  function run(): void {
    if (isRunning) return;
    isRunning = true;
    // Everybody who can go on without waiting does so first.
    setImmediate(() => {
      isRunning = false;
      sleepers.sort((a, b) => a.at - b.at);
      const next = sleepers.shift();
      if (next === undefined) return;
      if (next.at > now) now = next.at;
      next.wake();
      run();
    });
  }

  return {
    now: () => now,
    sleep: (duration: Duration) =>
      new Promise((wake) => {
        sleepers.push({ at: later(now, duration), wake });
        run();
      }),
  };
}

/** What an answer tells of the rate limit, and the server's `Date` of it. */
interface MeteredAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly serverTime: Instant;
}

/** A server that counts requests in windows of a minute, as Okta does, and refuses those beyond the limit. */
export interface MeteredServer {
  readonly clock: Clock;
  request(): Promise<MeteredAnswer>;
  refused(): number;
  leastRemaining(): number;
}

/** @param windowStart where in a minute the windows begin; `travel` is how long a request takes; both in milliseconds */
export function meteredServer(
  clock: Clock,
  { limit, windowStart, travel }: { limit: number; windowStart: number; travel: number },
): MeteredServer {
  let refused = 0;
  let least = limit;
  let window = -1;
  let used = 0;
  const never = new AbortController().signal;
  return {
    clock,
    async request() {
      await clock.sleep(milliseconds(travel / 2), never);
      const current = Math.floor((clock.now() - windowStart) / 60_000);
      if (current !== window) [window, used] = [current, 0];
      used += 1;
      if (used > limit) refused += 1;
      const remaining = Math.max(limit - used, 0);
      least = Math.min(least, remaining);
      const reset = windowStart + (current + 1) * 60_000;
      const answer = {
        headers: {
          'x-rate-limit-limit': String(limit),
          'x-rate-limit-remaining': String(remaining),
          'x-rate-limit-reset': String(Math.floor(reset / 1000)),
        },
        serverTime: instant(Math.floor(clock.now() / 1000) * 1000),
      };
      await clock.sleep(milliseconds(travel / 2), never);
      return answer;
    },
    refused: () => refused,
    leastRemaining: () => least,
  };
}
