import type { Traffic } from './system-log.ts';
import type { Instant } from './time.ts';

/** Why a run came to its end: all there is. */
export const RUN_ENDS = [
  'caught up',
  'time budget over',
  'stopped by signal',
  'window finished',
  'window was finished before',
  'window waits for its end',
  'failed',
] as const;

/** Why a run came to its end. */
export type RunEnd = (typeof RUN_ENDS)[number];

/** Whether a run that ended like this left nothing to read. */
export function isCaughtUp(ended: RunEnd): boolean {
  return (
    ended === 'caught up' || ended === 'window finished' || ended === 'window was finished before'
  );
}

/** What a run did, said once when it ends. */
export interface RunSummary {
  readonly stream: 'live' | 'window' | 'backfill';
  readonly ended: RunEnd;
  /** Whether nothing was left to read when it ended. */
  readonly caughtUp: boolean;
  /** Events written. */
  readonly events: number;
  /** Events not written because they had been delivered before. */
  readonly dropped: number;
  /** Pages received, empty ones too. */
  readonly pages: number;
  readonly writtenBytes: number;
  readonly traffic: Traffic;
  /** The newest `published` delivered, by this run or an earlier one; `undefined` as long as there is none. */
  readonly newestPublished: Instant | undefined;
  /** The server's time in the last page; `undefined` if no page came. */
  readonly serverTime: Instant | undefined;
}
