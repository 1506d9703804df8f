import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { LiveRun } from '../../src/collect/live-run.ts';
import { collectLive } from '../../src/collect/live-run.ts';
import { Tally } from '../../src/collect/tally.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/config.ts';
import { liveCheckpoints, openSystemLog } from '../../src/main/world.ts';
import { retryWait } from '../../src/okta/retry-policy.ts';
import type { RunLog } from '../../src/output/log.ts';
import { createLog } from '../../src/output/log.ts';
import { createStdoutSink } from '../../src/output/stdout-sink.ts';
import type { Installation } from '../support/unpack.ts';
import type { BenchWorld } from './bench-world.ts';
import { forgetting } from './bench-world.ts';
import { median, medianRatio } from './median.ts';
import type { Report } from './report.ts';

const PAGES = 40;

/** Whether a run keeps anything beside the events. */
type Way = 'checkpoint and log' | 'neither';

/** What saving the position and logging add to a page, seen by runs in process that do without. */
export async function benchSaving(world: BenchWorld): Promise<Report> {
  const installation = await world.install(PAGES);
  const config = await loadConfig({
    options: {},
    configPath: undefined,
    section: 'oktacollector',
    environment: {},
    workingFolder: installation.folder,
    installation: installation.folder,
    now: systemClock.now(),
  });
  const nowhere = await open('/dev/null', 'w');
  const times = await measureWays(config, installation, nowhere, 90 * world.repeat);
  await nowhere.close();
  const all = times.get('checkpoint and log') ?? [];
  const share = (way: Way): number => 1 - medianRatio(times.get(way), all);
  return {
    name: 'saving',
    title: `What saving and logging add to a run of ${PAGES} pages on loopback`,
    columns: ['', 'ms a page', 'less than all, %'],
    rows: Array.from(times, ([way, all]) => [way, median(all) / PAGES, share(way) * 100]),
    notes: [],
    gates: [
      { what: 'share of the time, %', value: share('neither') * 100, limit: 12, kind: 'at most' },
    ],
  };
}

async function measureWays(
  config: Config,
  installation: Installation,
  nowhere: FileHandle,
  rounds: number,
): Promise<Map<Way, number[]>> {
  const times = new Map<Way, number[]>();
  const ways: readonly Way[] = ['checkpoint and log', 'neither'];
  for (let round = -2; round < rounds; round++) {
    // What a run leaves behind for the collector of garbage is met by the next: so each comes behind each.
    for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
      const isKept = way === 'checkpoint and log';
      await forgetting(installation)();
      const log = openBenchLog(isKept ? installation.log : undefined);
      const start = performance.now();
      await collect(config, log, isKept, nowhere);
      if (round >= 0) times.set(way, [...(times.get(way) ?? []), performance.now() - start]);
    }
  }
  return times;
}

/** As scheduled runs have it. */
function openBenchLog(file: string | undefined): RunLog {
  const options = {
    maxBytes: 10_000_000,
    stateFolder: '/',
    level: 'info',
    person: undefined,
  } as const;
  return createLog({ ...options, file, version: 'bench', clock: systemClock });
}

async function collect(
  config: Config,
  log: RunLog,
  saves: boolean,
  nowhere: FileHandle,
): Promise<void> {
  const org = openSystemLog(config, log, config.pageLimit, retryWait);
  await collectLive({
    ...config,
    systemLog: org.systemLog,
    sink: createStdoutSink({
      async write(chunks) {
        for (const chunk of chunks) await nowhere.write(chunk);
      },
      abandon: () => undefined,
    }),
    checkpoints: saves ? liveCheckpoints(config) : noCheckpoints,
    clock: systemClock,
    log,
    tally: new Tally(),
    signal: new AbortController().signal,
  });
  await org.close();
}

const noCheckpoints: LiveRun['checkpoints'] = {
  load: () => Promise.resolve(undefined),
  prepare: () => Promise.resolve({ commit: () => Promise.resolve() }),
};
