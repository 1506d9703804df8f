import type { Installation, Stream } from './installation.ts';
import type { Setup } from './plans.ts';
import { chooseLimit, chooseSettle, chooseStart } from './plans.ts';
import { letSumoJanusRun } from './sumojanus.ts';

const copies = new WeakMap<Installation, string>();

/** Lets the operator do something to the installation between two runs. */
export function interfere(world: Installation, live: Stream, setup: Setup): void {
  const { chance, disk, timeline } = world;
  const copy = copies.get(world);
  switch (chance.one(['configure', 'configure', 'copy', 'restore', 'delete', 'SumoJanus'])) {
    case 'configure':
      setup.settle = chooseSettle(chance);
      setup.limit = chooseLimit(chance);
      setup.start = chooseStart(chance, timeline.now);
      return;
    case 'copy':
      copies.set(world, disk.look(live.path) ?? '');
      return;
    case 'restore':
      if (copy === undefined) return;
      disk.put(live.path, copy);
      live.touchedBy = 'operator';
      world.tell('the operator puts an old checkpoint back');
      return;
    case 'delete':
      disk.remove(live.path);
      live.touchedBy = 'operator';
      world.tell('the operator deletes the checkpoint');
      return;
    case 'SumoJanus':
      letSumoJanusRun(world, live);
  }
}
