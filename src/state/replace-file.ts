import { dirname } from 'node:path';
import type { Disk, DiskFile } from '../domain/disk.ts';
import { explained, systemCode } from './disk-error.ts';

/** A file that is ready to take the place of another. */
interface Replacement {
  /** Puts it in the place of the other, at once and durably. Rejects with a `CheckpointError`. */
  commit(): Promise<void>;
}

/**
 * Replaces the file at `path` time and again. Each text is written to `<path>.draft` and made
 * durable, which may be asked for while the replacement before is being committed. Until its own
 * `commit`, and if anything fails, the old file stays in force. Rejects with a `CheckpointError`.
 */
export function createReplacer(disk: Disk, path: string): (text: string) => Promise<Replacement> {
  const draft = `${path}.draft`;
  // All drafts have one name: none may be begun before the last has left it.
  let left = Promise.resolve();
  return async (text) => {
    await left;
    await explained('save', path, writeDraft(disk, draft, path, text));
    return {
      commit() {
        const renamed = disk.rename(draft, path);
        left = renamed.catch(() => undefined);
        return explained(
          'save',
          path,
          renamed.then(() => disk.syncFolder(dirname(path))),
        );
      },
    };
  };
}

/** The same for a file that is replaced once. */
export function prepareReplacement(disk: Disk, path: string, text: string): Promise<Replacement> {
  return createReplacer(disk, path)(text);
}

/** Makes a draft durable, with the owner of the file at `path` or else of its folder; rejects with the system's own error. */
export async function writeDraft(
  disk: Disk,
  draft: string,
  path: string,
  text: string,
): Promise<void> {
  const file = await createDraft(disk, draft, path);
  try {
    await file.write(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Creates a draft of the file at `path`. It gets the owner of the file that it will replace; of the folder, if it is the first. */
export async function createDraft(disk: Disk, draft: string, path: string): Promise<DiskFile> {
  try {
    return await disk.create(draft, path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return disk.create(draft, dirname(path));
  }
}

/** Renames a draft to `path` and makes that durable; rejects with the system's own error. */
export async function putInForce(disk: Disk, draft: string, path: string): Promise<void> {
  await disk.rename(draft, path);
  await disk.syncFolder(dirname(path));
}
