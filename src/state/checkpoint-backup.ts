import type { Disk } from '../domain/disk.ts';
import type { Instant } from '../domain/time.ts';
import { explained, systemCode } from './disk-error.ts';
import { keepBackup, moveToBackup } from './keep-backup.ts';

/** Copies the checkpoint at `path` to a backup; resolves with the backup's path, `undefined` if there is no checkpoint. Rejects with a `CheckpointError`. */
export function copyCheckpoint(disk: Disk, path: string, at: Instant): Promise<string | undefined> {
  return explained('back up', path, ifThere(keepBackup(disk, path, at)));
}

/** The same, and there is no checkpoint from then on. */
export function moveCheckpoint(disk: Disk, path: string, at: Instant): Promise<string | undefined> {
  return explained('move', path, ifThere(moveToBackup(disk, path, at)));
}

async function ifThere(backup: Promise<string>): Promise<string | undefined> {
  try {
    return await backup;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
