import type { Checkpoint, CheckpointStore, LiveCheckpoint } from '../../src/domain/checkpoint.ts';
import type { Cursor, Page } from '../../src/domain/page.ts';
import type { StreamPosition, SystemLog } from '../../src/domain/system-log.ts';
import type { Mutation } from './mutation.ts';

/** Changes what is saved of the live stream; `last` is the page that was read last. */
export function savingLive(
  change: (saved: LiveCheckpoint, last: Page) => LiveCheckpoint,
): Mutation {
  let last: Page | undefined;
  return {
    systemLog: (real) => mappingPages(real, (page) => (last = page)),
    store: (real) =>
      changingSaved(real, (saved) =>
        saved.stream === 'live' && last !== undefined ? change(saved, last) : saved,
      ),
  };
}

function changingSaved<Kind extends Checkpoint>(
  real: CheckpointStore<Kind>,
  change: (saved: Checkpoint) => Checkpoint,
): CheckpointStore<Kind> {
  return {
    load: () => real.load(),
    prepare: (saved) => real.prepare({ ...saved, ...change(saved) }),
  };
}

/** Changes each page, and if need be where reading begins. */
export function mappingPages(
  real: SystemLog,
  map: (page: Page) => Page,
  place: (from: StreamPosition) => StreamPosition = (from) => from,
): SystemLog {
  return {
    async *pages(from, signal) {
      for await (const page of real.pages(place(from), signal)) yield map(page);
    },
  };
}

/** The position at another link, with nothing held. */
export const moved = (saved: LiveCheckpoint, link: Cursor | undefined): LiveCheckpoint => ({
  ...saved,
  link,
  held: [],
});
