import type { Checkpoint, CheckpointStore } from '../domain/checkpoint.ts';
import type { Clock } from '../domain/clock.ts';
import type { Finding } from '../domain/finding.ts';
import { unknown } from '../domain/finding.ts';
import type { Access, Machine, Way } from '../domain/looks.ts';
import type { Proxy } from '../domain/network.ts';
import { checkAccess, unknownAccess } from './check-access.ts';
import { checkMachine } from './check-machine.ts';
import { checkPosition } from './check-position.ts';
import { checkWay } from './check-way.ts';

/** Everything that a run depends on. */
export interface CheckedWorld {
  readonly machine: Machine;
  readonly checkpoints: CheckpointStore<Checkpoint>;
  readonly way: Way;
  readonly proxy: Proxy | undefined;
  readonly access: Access;
  /** What signs the requests: `API token`. */
  readonly signer: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Looks at all that a run depends on, the near things first; what is wrong with one hides no other. Rejects with the signal's reason. */
export async function* check(world: CheckedWorld): AsyncGenerator<Finding, void> {
  const { machine, checkpoints, way, proxy, access, signer, clock, signal } = world;
  yield* checkMachine(machine, clock);
  const savedAt = await machine.savedAt();
  yield await checkPosition(checkpoints, savedAt, clock);
  signal.throwIfAborted();
  if (yield* checkWay(way, proxy, clock)) {
    yield* checkAccess(access, signer, signal);
    return;
  }
  yield unknown('Credential', 'Not looked at: the org is not reached');
  yield* unknownAccess('the org is not reached');
}
