import type { BackfillChoice } from '../cli/backfill-options.ts';
import { stopSignal } from '../clock/stop-signal.ts';
import { systemClock } from '../clock/system-clock.ts';
import { estimateBackfill } from '../collect/estimate.ts';
import type { Config } from '../config/config.ts';
import { Stop } from '../domain/stop.ts';
import { estimateText } from '../output/estimate-text.ts';
import type { RunLog } from '../output/log.ts';
import { openBounds, openPackedLog } from './backfill-world.ts';
import { unfinished } from './unfinished.ts';

/** Says what a backfill would take. Rejects with a `TransientError` if it is stopped: then it says nothing. */
export async function printEstimate(
  config: Config,
  task: Extract<BackfillChoice['task'], { kind: 'collect' | 'estimate' }>,
  log: RunLog,
  print: (text: string) => void,
): Promise<void> {
  const { windowAt } = await openBounds(config, task);
  const org = openPackedLog(config, log, task.rateLimitShare);
  const stop = stopSignal(config.maxRuntime, systemClock);
  const { pageLimit } = config;
  const { parallel } = task;
  const { source } = org;
  const { signal } = stop;
  try {
    const run = { source, clock: systemClock, signal, windowAt, pageLimit, parallel };
    const { window, estimate } = await estimateBackfill(run);
    print(estimateText(window, estimate));
  } catch (error) {
    throw error instanceof Stop ? unfinished('the estimate', error) : error;
  } finally {
    stop.cancel();
    await org.close();
  }
}
