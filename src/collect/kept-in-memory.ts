import type { Checkpoint, CheckpointStore } from '../domain/checkpoint.ts';

/** A position that need not outlive the process. */
export interface KeptInMemory<Kind extends Checkpoint> extends CheckpointStore<Kind> {
  /** The position saved last. */
  last(): Kind | undefined;
}

/** A store for a stream that is read from its beginning each time. */
export function keptInMemory<Kind extends Checkpoint>(): KeptInMemory<Kind> {
  let last: Kind | undefined;
  return {
    load: () => Promise.resolve(undefined),
    last: () => last,
    prepare: (checkpoint) =>
      Promise.resolve({
        commit: () => {
          last = checkpoint;
          return Promise.resolve();
        },
      }),
  };
}
