import type { Instant } from './time.ts';
import { later, seconds } from './time.ts';

/** A run that is at work on a stream, as it tells those who ask. */
export interface RunAtWork {
  readonly pid: number;
  readonly startedAt: Instant;
  /** When its time budget ends. */
  readonly until: Instant;
}

/** Who is at work on a stream; `silent`: somebody who does not answer as a run does. */
export type LockState = RunAtWork | 'free' | 'silent';

/** What a run may take beyond its budget, to finish the page in hand. */
const GRACE = seconds(30);

/** Whether a run should have ended by now. */
export function isOverdue({ until }: RunAtWork, now: Instant): boolean {
  return now > later(until, GRACE);
}
