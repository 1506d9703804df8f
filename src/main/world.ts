import { randomInt } from 'node:crypto';
import { dirname, join } from 'node:path';
import { systemClock } from '../clock/system-clock.ts';
import type { Config } from '../config/config.ts';
import type { CheckpointStore, LiveCheckpoint, WindowCheckpoint } from '../domain/checkpoint.ts';
import type { SystemLog, Traffic } from '../domain/system-log.ts';
import type { Window } from '../domain/time.ts';
import type { ApiClient } from '../okta/api-client.ts';
import { createApiClient } from '../okta/api-client.ts';
import type { RetryPolicy } from '../okta/retry-policy.ts';
import { RequestBudget } from '../okta/request-budget.ts';
import { createSystemLog } from '../okta/system-log.ts';
import { createTransport } from '../okta/transport.ts';
import { withoutEcho } from '../okta/without-echo.ts';
import type { ErrorOutput } from '../output/error-output.ts';
import type { RunLog } from '../output/log.ts';
import { createLog } from '../output/log.ts';
import { createLiveCheckpointStore } from '../state/live-checkpoint.ts';
import { systemDisk } from '../state/system-disk.ts';
import { createWindowCheckpointStore } from '../state/window-checkpoint.ts';
import { openCredentials } from './credentials.ts';
import { version } from './version.ts';

/** The log of a quiet run whose configuration cannot be used, and so cannot say where the log is. */
export function openLogBeside(installation: string): RunLog {
  const stateFolder = join(installation, 'data');
  return createLog({
    file: join(stateFolder, 'okta-collector.log'),
    maxBytes: 10_000_000,
    stateFolder,
    level: 'info',
    person: undefined,
    version,
    clock: systemClock,
  });
}

/** Where scheduled runs, which are quiet, keep their log: in `data` if nothing else is said. */
export function scheduledLog({ log, installation }: Config): string {
  return log.file ?? join(installation, 'data', 'okta-collector.log');
}

/** The log that a configuration asks for; a quiet run has one in any case. */
export function openLog(config: Config, quiet: boolean, stderr: ErrorOutput): RunLog {
  const person = quiet ? undefined : stderr;
  return createLog({
    ...config.log,
    file: quiet ? scheduledLog(config) : config.log.file,
    stateFolder: dirname(config.streamPosPath),
    person,
    version,
    clock: systemClock,
  });
}

/** The System Log of the configured org, what it has cost, and the way to hang up. */
export interface OpenSystemLog {
  readonly systemLog: SystemLog;
  traffic(): Traffic;
  close(): Promise<void>;
}

/** Whoever asks the configured org, what it may ask, and the way to hang up. */
export interface OpenClient {
  readonly client: ApiClient;
  readonly budget: RequestBudget;
  close(): Promise<void>;
}

/** Opens the way to the configured org; nothing is sent yet. */
export function openClient(config: Config, log: RunLog, retryWait: RetryPolicy): OpenClient {
  const transport = createTransport(config.network);
  const { org } = config;
  const means = {
    userAgent: `okta-collector/${version}`,
    exchange: withoutEcho(transport.exchange),
    chance: (): number => randomInt(2 ** 32) / 2 ** 32,
  };
  const budget = new RequestBudget(systemClock, config.rateLimitReserve);
  const client = createApiClient({
    ...means,
    org,
    credentials: openCredentials(config, log, means),
    budget,
    clock: systemClock,
    log,
    retryWait,
  });
  return { client, budget, close: () => transport.close() };
}

/** Opens the System Log of the configured org; nothing is sent yet. */
export function openSystemLog(
  config: Config,
  log: RunLog,
  pageLimit: number,
  retryWait: RetryPolicy,
): OpenSystemLog {
  const opened = openClient(config, log, retryWait);
  const { client } = opened;
  const { org } = config;
  return {
    systemLog: createSystemLog({ org, pageLimit, client, clock: systemClock, log }),
    traffic: () => client.traffic(),
    close: () => opened.close(),
  };
}

/** Where the position in the live stream is kept. */
export function liveCheckpoints({
  org,
  streamPosPath: path,
}: Config): CheckpointStore<LiveCheckpoint> {
  return createLiveCheckpointStore({ disk: systemDisk, clock: systemClock, org, path });
}

/** Where the position in a window is kept. */
export function windowCheckpoints(
  { org, streamPosPath: livePath }: Config,
  window: Window,
): CheckpointStore<WindowCheckpoint> {
  return createWindowCheckpointStore({
    disk: systemDisk,
    clock: systemClock,
    org,
    livePath,
    window,
  });
}
