import type { Instant } from '../domain/time.ts';
import { later, minutes } from '../domain/time.ts';

/** What the rate-limit headers say. */
export interface Allowance {
  /** Requests a minute. */
  readonly limit: number;
  /** Requests left in this window. */
  readonly remaining: number;
  /** When the window ends. */
  readonly resetsAt: Instant;
  /** Whether this request was one too many. */
  readonly exceeded: boolean;
}

/** Counts requests in windows of 60 seconds; a window begins with the first request after the last one. */
export function createRateLimit(perMinute: number): { spend(now: Instant): Allowance } {
  let resetsAt: Instant | undefined;
  let used = 0;
  return {
    spend(now) {
      if (resetsAt === undefined || now >= resetsAt) {
        resetsAt = later(now, minutes(1));
        used = 0;
      }
      used += 1;
      const remaining = Math.max(0, perMinute - used);
      return { limit: perMinute, remaining, resetsAt, exceeded: used > perMinute };
    },
  };
}
