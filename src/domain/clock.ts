import type { Duration, Instant } from './time.ts';

/** The only way the program learns the time or waits for it. */
export interface Clock {
  now(): Instant;
  /** Waits for `duration`; rejects with the signal's reason if that comes first. */
  sleep(duration: Duration, signal: AbortSignal): Promise<void>;
}
