import { resolve } from 'node:path';
import type { BackfillBounds, BackfillManner } from '../cli/backfill-options.ts';
import { systemClock } from '../clock/system-clock.ts';
import { LiveRecord } from '../collect/live-record.ts';
import type { Config } from '../config/config.ts';
import type { PackedLog } from '../domain/packed-page.ts';
import type { ProgressState } from '../domain/progress.ts';
import type { Instant, Window } from '../domain/time.ts';
import { createPackedLog } from '../okta/packed-log.ts';
import { retryWait } from '../okta/retry-policy.ts';
import { createSystemLog } from '../okta/system-log.ts';
import type { RunLog } from '../output/log.ts';
import type { BackfillRequest } from '../state/backfill-json.ts';
import { readBounds } from './backfill-bounds.ts';
import { workingFolder } from './installation.ts';
import type { OpenSystemLog } from './world.ts';
import { liveCheckpoints, openClient } from './world.ts';

/** What the backfill is ordered by: whoever gives the same again goes on with it. */
export function requestOf(
  { org }: Config,
  { start, end, outputDir, isCompressed }: BackfillBounds & BackfillManner,
): BackfillRequest {
  const folder = outputDir === undefined ? undefined : resolve(workingFolder(), outputDir);
  const form = isCompressed ? 'gzip' : 'plain';
  return {
    org,
    start,
    end,
    output: folder === undefined ? 'stdout' : `${form} files in ${folder}`,
  };
}

/** The System Log of the configured org, for several readers at once. */
export interface OpenPackedLog extends OpenSystemLog {
  readonly source: PackedLog;
  granted(): ProgressState['limit'];
}

/** Opens it, to use no more than a share of the rate limit (in per cent); nothing is sent yet. */
export function openPackedLog(config: Config, log: RunLog, share: number): OpenPackedLog {
  const rateLimitReserve = Math.max(config.rateLimitReserve, 1 - share / 100);
  const opened = openClient({ ...config, rateLimitReserve }, log, retryWait);
  const { client, budget } = opened;
  const means = { org: config.org, pageLimit: config.pageLimit, client, clock: systemClock };
  return {
    source: createPackedLog({ ...means, budget }),
    systemLog: createSystemLog({ ...means, log }),
    traffic: () => client.traffic(),
    granted: () => budget.granted(),
    close: () => opened.close(),
  };
}

/** What the bounds mean at a moment, and what is known of the live stream if it has the rest. Rejects with a `UsageError` or a `CheckpointError`. */
export async function openBounds(
  config: Config,
  bounds: BackfillBounds,
): Promise<{ live: LiveRecord | undefined; windowAt: (now: Instant) => Window }> {
  const live = bounds.end === 'live' ? await LiveRecord.open(liveCheckpoints(config)) : undefined;
  return { live, windowAt: readBounds(bounds, config.settle, live?.since) };
}
