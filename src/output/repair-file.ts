import { access } from 'node:fs/promises';
import { OutputError } from '../domain/failure.ts';
import type { Sink } from '../domain/sink.ts';
import { DayDraft } from './day-draft.ts';
import { explained } from './event-file-failure.ts';
import { isMissing } from './replace-text.ts';

/** A new file of events, which gets its name once all of them are in it. */
export interface RepairFile extends Sink {
  /** Without any event there is no file. */
  complete(): Promise<void>;
}

/** A file at `path`, gzip if that ends in `.gz`. Rejects with an `OutputError` if something is there: that is never written over. */
export async function createRepairFile(path: string): Promise<RepairFile> {
  await refuseExisting(path);
  let draft: DayDraft | undefined;
  return {
    async deliver(events) {
      if (events.length === 0) return;
      draft ??= await DayDraft.begin(`${path}.draft`, path.endsWith('.gz'));
      await draft.append(events);
    },
    async complete() {
      await draft?.rename(path);
    },
  };
}

async function refuseExisting(path: string): Promise<void> {
  try {
    await explained('write', path, access(path));
  } catch (error) {
    if (error instanceof OutputError && isMissing(error.cause)) return;
    throw error;
  }
  throw new OutputError(`Cannot write "${path}": it is there already`, {
    hint: 'Name a new file: missing events are never added to one that may be read by others',
  });
}
