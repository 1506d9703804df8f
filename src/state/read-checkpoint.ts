import { dirname } from 'node:path';
import type { Disk } from '../domain/disk.ts';
import { explained } from './disk-error.ts';
import type { CheckpointFile } from './sumojanus-format.ts';
import { parseCheckpointFile } from './sumojanus-format.ts';
import type { OrgFile } from './trusted-checkpoint.ts';
import { damaged } from './trusted-checkpoint.ts';

/**
 * The text of the checkpoint at `path`; `undefined` if the file is missing or empty. Rejects with a
 * `CheckpointError` if it cannot be read, or if the folder that is to hold it is missing.
 */
export async function readCheckpointText(disk: Disk, path: string): Promise<string | undefined> {
  const text = await explained('read', path, disk.read(path));
  // A missing folder would only be found when the first page is saved: this asks for it now.
  if (text === undefined) await explained('read', path, disk.syncFolder(dirname(path)));
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** The checkpoint file of a place; `undefined` if it is missing or empty. Rejects with a `CheckpointError`. */
export async function readCheckpoint(
  disk: Disk,
  place: Pick<OrgFile, 'path' | 'waysOut'>,
): Promise<CheckpointFile | undefined> {
  const text = await readCheckpointText(disk, place.path);
  if (text === undefined) return undefined;
  const file = parseCheckpointFile(text);
  if ('problem' in file) throw damaged(place, file.problem);
  return file;
}
