import { isFailure } from '../../src/domain/failure.ts';
import type { RunEnd } from '../../src/domain/run-summary.ts';
import { Stop } from '../../src/domain/stop.ts';
import type { Duration, TimeBound } from '../../src/domain/time.ts';
import type { DiskTrouble } from './disk.ts';
import type { Installation, Stream } from './installation.ts';
import { cutPower } from './installation.ts';
import { beginAccount, closeAccount } from './account.ts';
import type { Mood } from './network.ts';
import { createNetwork } from './network.ts';
import { Process } from './process.ts';
import type { ReaderTrouble } from './stdout.ts';
import type { Scene } from './wiring.ts';
import { collect } from './wiring.ts';

/** How a run is started, and what it will meet. */
export interface RunPlan {
  readonly settle: Duration;
  readonly limit: number;
  readonly start: TimeBound | undefined;
  readonly pollInterval: Duration | undefined;
  readonly budget: Duration;
  readonly mood: Mood;
  readonly reader: ReaderTrouble | undefined;
  readonly disk: DiskTrouble;
  readonly fate:
    { readonly step: number; readonly kind: 'kill' | 'power cut' | 'signal' } | undefined;
}

/** How a run came to its end; a failure by its kind. */
export type Outcome = RunEnd | 'killed' | 'busy' | 'bug' | `failed: ${string}`;

/** Plays one run of the program on a stream, as its composition root wires it, and keeps account of it. */
export async function performRun(
  world: Installation,
  stream: Stream,
  plan: RunPlan,
): Promise<Outcome> {
  const run = (world.tallies.runs += 1);
  const mutation = world.newMutation();
  if (world.locks.has(stream.path) && mutation.ignoresLock !== true) return 'busy';
  world.locks.add(stream.path);
  world.disk.trouble = plan.disk;
  const stop = new AbortController();
  const process = processOf(world, plan, stop);
  const network = createNetwork({
    ...world,
    process,
    chance: world.chance.fork(),
    mood: plan.mood,
  });
  const account = beginAccount(world, stream, plan, network.met);
  const { exchange } = network;
  const { signal } = stop;
  const work = play({ world, stream, plan, mutation, run, process, exchange, signal }, stop);
  const outcome = await Promise.race([work, process.death.then(() => 'killed' as const)]);
  process.die();
  // Lets go of what a process that was killed still listens to.
  stop.abort(new Stop('stopped by signal'));
  world.alive.delete(process);
  world.locks.delete(stream.path);
  closeAccount(world, stream, account, run, outcome);
  return outcome;
}

function processOf(world: Installation, { fate }: RunPlan, stop: AbortController): Process {
  const strikes = {
    kill: () => {
      world.tallies.kills += 1;
      process.die();
    },
    'power cut': () => {
      cutPower(world);
    },
    signal: () => {
      stop.abort(new Stop('stopped by signal'));
    },
  };
  const blow = fate && { step: fate.step, strikes: strikes[fate.kind] };
  const process = new Process(world.timeline, world.machine, blow);
  world.alive.add(process);
  return process;
}

async function play(scene: Scene, stop: AbortController): Promise<Outcome> {
  const { process, plan, world } = scene;
  const done = new AbortController();
  process.clock.sleep(plan.budget, done.signal).then(
    () => {
      stop.abort(new Stop('time budget over'));
    },
    () => undefined,
  );
  try {
    return await collect(scene);
  } catch (error) {
    if (error instanceof Stop) return error.ended;
    if (isFailure(error)) {
      world.tell(`  ${error.message}`);
      return `failed: ${error.kind}`;
    }
    world.violations.push(`bug: ${error instanceof Error ? String(error.stack) : String(error)}`);
    return 'bug';
  } finally {
    done.abort(new Error('the run is over'));
  }
}
