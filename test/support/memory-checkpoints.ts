import type { Checkpoint, CheckpointStore, LoadedCheckpoint } from '../../src/domain/checkpoint.ts';

/** A checkpoint store without a disk. */
export interface MemoryCheckpoints<Kind extends Checkpoint> extends CheckpointStore<Kind> {
  /** The checkpoint in force. */
  inForce(): Kind | undefined;
  /** Every checkpoint that was put in force, in order. */
  readonly committed: readonly Kind[];
}

/**
 * @param before the checkpoint of an earlier run
 * @param journal gets a note of each `prepare` and `commit`
 * @param refuse thrown by each `prepare`
 */
export function memoryCheckpoints<Kind extends Checkpoint>(
  before?: Kind,
  {
    journal = [],
    refuse,
    writer = 'okta-collector',
  }: {
    readonly journal?: string[];
    readonly refuse?: Error;
    readonly writer?: LoadedCheckpoint<Kind>['writer'];
  } = {},
): MemoryCheckpoints<Kind> {
  const committed: Kind[] = [];
  let saved = before;
  return {
    committed,
    inForce: () => saved,
    load: () => Promise.resolve(saved === undefined ? undefined : { checkpoint: saved, writer }),
    async prepare(checkpoint) {
      journal.push('prepare');
      await Promise.resolve();
      if (refuse !== undefined) throw refuse;
      return {
        async commit() {
          await Promise.resolve();
          journal.push('commit');
          committed.push(checkpoint);
          saved = checkpoint;
        },
      };
    },
  };
}
