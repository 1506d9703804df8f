import { dirname } from 'node:path';
import type { Disk, DiskFile } from '../domain/disk.ts';
import { explained, systemCode } from './disk-error.ts';

/**
 * Writes `text` to `<path>.draft` and makes it durable; `commit` puts it in the place of `path`, at
 * once and durably. Until then, and if anything fails, the old file stays in force. Rejects with a
 * `CheckpointError`.
 */
export async function prepareReplacement(
  disk: Disk,
  path: string,
  text: string,
): Promise<{ commit(): Promise<void> }> {
  const draft = `${path}.draft`;
  await explained('save', path, writeDraft(disk, draft, path, text));
  return { commit: () => explained('save', path, putInForce(disk, draft, path)) };
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
