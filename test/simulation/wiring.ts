import { retryWait } from '../../src/okta/retry-policy.ts';
import { collectLive } from '../../src/collect/live-run.ts';
import { Tally } from '../../src/collect/tally.ts';
import { collectWindow } from '../../src/collect/window-run.ts';
import type { Disk, DiskFile } from '../../src/domain/disk.ts';
import type { Log } from '../../src/domain/log.ts';
import type { RunEnd } from '../../src/domain/run-summary.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { Sink } from '../../src/domain/sink.ts';
import type { SystemLog } from '../../src/domain/system-log.ts';
import type { Duration } from '../../src/domain/time.ts';
import { createApiClient } from '../../src/okta/api-client.ts';
import { apiTokenCredentials } from '../../src/okta/credentials/api-token.ts';
import type { Exchange } from '../../src/okta/exchange.ts';
import { RequestBudget } from '../../src/okta/request-budget.ts';
import { createSystemLog } from '../../src/okta/system-log.ts';
import { createLiveCheckpointStore } from '../../src/state/live-checkpoint.ts';
import { createWindowCheckpointStore } from '../../src/state/window-checkpoint.ts';
import type { Installation, Stream } from './installation.ts';
import { LIVE_PATH } from './installation.ts';
import type { Mutation } from './mutation.ts';
import { ORIGIN } from './org.ts';
import type { Process } from './process.ts';
import type { RunPlan } from './run.ts';
import { createSink } from './stdout.ts';

/** Everything that one run is played with. */
export interface Scene {
  readonly world: Installation;
  readonly stream: Stream;
  readonly plan: RunPlan;
  readonly mutation: Mutation;
  /** Its number. */
  readonly run: number;
  readonly process: Process;
  readonly exchange: Exchange;
  /** Given when the run shall stop. */
  readonly signal: AbortSignal;
}

const RATE_LIMIT_RESERVE = 0.1;

/** Runs the real program's rooms on simulated ports, wired as its composition root wires them. */
export function collect(scene: Scene): Promise<RunEnd> {
  const { world, stream, plan, mutation, process, signal } = scene;
  const { clock } = process;
  const ports = {
    ...plan,
    systemLog: changed(mutation.systemLog, sourceOf(scene)),
    sink: changed(mutation.sink, sinkOf(scene)),
    clock,
    log: logOf(world),
    tally: new Tally(),
    pageLimit: plan.limit,
    settle: (mutation.settle ?? plan.settle) as Duration,
    signal,
  };
  const place = { disk: changed(mutation.disk, diskOf(scene)), org: ORIGIN, clock };
  const draft = (): string | undefined => world.disk.look(`${stream.path}.draft`);
  const { window, ledger } = stream;
  if (window === undefined) {
    const store = ledger.follow(createLiveCheckpointStore({ ...place, path: LIVE_PATH }), draft);
    return collectLive({ ...ports, checkpoints: mutation.store?.(store) ?? store });
  }
  const windowStore = createWindowCheckpointStore({ ...place, livePath: LIVE_PATH, window });
  const store = ledger.follow(windowStore, draft);
  return collectWindow({ ...ports, window, checkpoints: mutation.store?.(store) ?? store });
}

function changed<Port>(change: ((real: Port) => Port) | undefined, real: Port): Port {
  return change === undefined ? real : change(real);
}

function sourceOf({ world, plan, mutation, process, exchange }: Scene): SystemLog {
  const { clock } = process;
  const log = logOf(world);
  const chance = world.chance.fork();
  const client = createApiClient({
    retryWait,
    org: ORIGIN,
    credentials: apiTokenCredentials(new Secret('token')),
    userAgent: 'simulation',
    exchange: changed(mutation.exchange, exchange),
    budget: new RequestBudget(clock, RATE_LIMIT_RESERVE),
    clock,
    log,
    chance: () => chance.number(),
  });
  return createSystemLog({ org: ORIGIN, pageLimit: plan.limit, client, clock, log });
}

function sinkOf({ world, stream, plan, mutation, run, process }: Scene): Sink {
  const outlet = stream.reader.open(run, process, plan.reader);
  const sink = createSink(changed(mutation.stdout, outlet), (line) => {
    const event = world.org.byLine.get(line);
    if (event !== undefined) stream.ledger.take(event);
  });
  return {
    deliver: (events) => {
      stream.ledger.beginPage();
      return sink.deliver(events);
    },
  };
}

/** The disk, as far as this process can reach it. */
function diskOf({ world: { disk }, process }: Scene): Disk {
  const fileOf = (file: DiskFile): DiskFile => ({
    write: (content) => process.act(() => file.write(content)),
    sync: () => process.act(() => file.sync()),
    close: () => process.act(() => file.close()),
  });
  return {
    read: (path) => process.act(() => disk.read(path)),
    create: async (path, like) => fileOf(await process.act(() => disk.create(path, like))),
    rename: (from, to) => process.act(() => disk.rename(from, to)),
    syncFolder: () => process.act(() => disk.syncFolder()),
  };
}

function logOf({ tell }: Installation): Log {
  const write =
    (level: string): Log['info'] =>
    (message, fields) => {
      tell(`  ${level}: ${message} ${JSON.stringify(fields ?? {})}`);
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
