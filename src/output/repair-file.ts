import { lstat, unlink } from 'node:fs/promises';
import { OutputError } from '../domain/failure.ts';
import type { Sink } from '../domain/sink.ts';
import { DayDraft } from './day-draft.ts';
import { eventFileFailure, explained } from './event-file-failure.ts';
import { isMissing, putBeside } from './replace-text.ts';

/** A new file of events, which gets its name once all of them are in it. */
export interface RepairFile extends Sink {
  /** Without any event there is no file. Rejects with an `OutputError`: then they are in the draft. */
  complete(): Promise<void>;
  /** Takes the draft away, if there is one and the system lets it. */
  discard(): Promise<void>;
}

const HINT = 'Name a new file: missing events are never added to one that may be read by others';
const DRAFT_HINT =
  'Another audit with the same --repair is at work, or was cut off: name another file, or move this one away';

/**
 * A file at `path`, gzip if that ends in `.gz`; until it is complete, it is `path` with `.draft`
 * behind it. Rejects with an `OutputError` if something is at either: that is never written over.
 */
export async function createRepairFile(path: string): Promise<RepairFile> {
  const draftPath = `${path}.draft`;
  await refuseExisting(path, HINT);
  await refuseExisting(draftPath, DRAFT_HINT);
  let draft: DayDraft | undefined;
  return {
    async deliver(events) {
      if (events.length === 0) return;
      draft ??= await DayDraft.create(draftPath, path.endsWith('.gz'));
      await draft.append(events);
    },
    async complete() {
      if (draft === undefined) return;
      draft = undefined;
      await putBeside(draftPath, path).catch((error: unknown) => {
        throw notNamed(path, draftPath, error);
      });
    },
    async discard() {
      if (draft !== undefined) await unlink(draftPath).catch(() => undefined);
    },
  };
}

function notNamed(path: string, draftPath: string, error: unknown): unknown {
  const failure = eventFileFailure('write', path, error);
  if (!(failure instanceof OutputError)) return failure;
  const hint = `The missing events are in "${draftPath}": give that file another name`;
  return new OutputError(failure.message, { hint, cause: error });
}

async function refuseExisting(path: string, hint: string): Promise<void> {
  try {
    await explained('write', path, lstat(path));
  } catch (error) {
    if (error instanceof OutputError && isMissing(error.cause)) return;
    throw error;
  }
  throw new OutputError(`Cannot write "${path}": it is there already`, { hint });
}
