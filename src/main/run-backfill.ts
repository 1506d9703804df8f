import type { BackfillChoice } from '../cli/backfill-options.ts';
import { stopSignal } from '../clock/stop-signal.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { BackfillRun } from '../collect/backfill.ts';
import { collectBackfill } from '../collect/backfill.ts';
import { Tally } from '../collect/tally.ts';
import type { Config } from '../config/config.ts';
import { coveredBy } from '../domain/backfill-progress.ts';
import type { RunEnd } from '../domain/run-summary.ts';
import { isCaughtUp } from '../domain/run-summary.ts';
import { Stop } from '../domain/stop.ts';
import type { RunLog } from '../output/log.ts';
import type { OpenProgress } from '../output/open-progress.ts';
import { createBackfillStore, idOfBackfill, backfillPath } from '../state/backfill-file.ts';
import type { BackfillRequest } from '../state/backfill-json.ts';
import { acquireRunLock } from '../state/run-lock.ts';
import { systemDisk } from '../state/system-disk.ts';
import type { BackfillOutput } from './backfill-output.ts';
import { LOCK_BUDGET, openBackfillOutput } from './backfill-output.ts';
import type { OpenPackedLog } from './backfill-world.ts';
import { nothingCame } from './run.ts';
import { openBounds, openPackedLog, requestOf } from './backfill-world.ts';

/** A backfill to collect, and whom to tell of it. */
export interface BackfillWork {
  readonly config: Config;
  readonly task: Extract<BackfillChoice['task'], { kind: 'collect' | 'estimate' }>;
  /** Whether the time budget was set for this run. */
  readonly isLimited: boolean;
  readonly log: RunLog;
  readonly progress: OpenProgress;
}

/** Collects a backfill, alone at work on it, and sums up what was done. One that was asked to stop has not failed. */
export async function runBackfill(work: BackfillWork): Promise<void> {
  const { config, task } = work;
  const request = requestOf(config, task);
  const path = backfillPath(config.streamPosPath, idOfBackfill(request));
  const lock = await acquireRunLock({ path, budget: LOCK_BUDGET, clock: systemClock });
  try {
    await collectLocked(work, request);
  } finally {
    await lock.release();
  }
}

async function collectLocked(work: BackfillWork, request: BackfillRequest): Promise<void> {
  const { config, task, isLimited, log } = work;
  const bounds = await openBounds(config, task);
  const output = openBackfillOutput(config, request, task, log);
  const org = openPackedLog(config, log, task.rateLimitShare);
  const stop = stopSignal(isLimited ? config.maxRuntime : undefined, systemClock);
  const tally = new Tally();
  const run = { ...wired(work, request, org, output, tally), ...bounds, signal: stop.signal };
  try {
    sumUp(work, org, tally, await collectBackfill(run));
  } catch (error) {
    const isStopped =
      error instanceof Stop && (error.ended === 'stopped by signal' || tally.counts.pages > 0);
    sumUp(work, org, tally, isStopped ? error.ended : 'failed');
    if (isStopped) return;
    output.abandon();
    throw error instanceof Stop ? nothingCame(config, error) : error;
  } finally {
    stop.cancel();
    await org.close();
    await output.release();
  }
}

function wired(
  { config, task, log, progress }: BackfillWork,
  request: BackfillRequest,
  org: OpenPackedLog,
  output: BackfillOutput,
  tally: Tally,
): Omit<BackfillRun, 'live' | 'windowAt' | 'signal'> {
  const { streamPosPath: livePath, settle } = config;
  const { parallel, isOrdered } = task;
  const clock = systemClock;
  return {
    ...{ clock, log, tally, parallel, isOrdered, settle },
    source: org.source,
    systemLog: org.systemLog,
    openSink: (window) => output.openSink(window),
    store: createBackfillStore({ disk: systemDisk, clock, livePath, request }),
    onProgress(state) {
      const { requests } = org.traffic();
      progress.show({
        covered: coveredBy(state),
        events: state.events,
        requests,
        limit: org.granted(),
      });
    },
  };
}

function sumUp(
  { log, progress }: BackfillWork,
  org: OpenPackedLog,
  tally: Tally,
  ended: RunEnd,
): void {
  progress.close();
  log.summary({
    ...tally.counts,
    stream: 'backfill',
    ended,
    caughtUp: isCaughtUp(ended),
    traffic: org.traffic(),
  });
}
