import { constants } from 'node:fs';
import { chmod, chown, copyFile, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Disk } from '../domain/disk.ts';
import type { Instant } from '../domain/time.ts';
import { formatInstant } from '../domain/time.ts';

/** The path of a backup: beside the file, named for the moment, such as `x.dat.20261115T103153.141Z.bak`. */
function backupPath(path: string, at: Instant): string {
  // Windows allows no colon in a file name.
  return `${path}.${formatInstant(at).replaceAll(/[-:]/g, '')}.bak`;
}

/**
 * Copies a file, byte for byte and durably, to a backup that its owner alone may read; resolves with
 * the backup's path. Never overwrites one. Rejects with the system's own error.
 */
export async function keepBackup(disk: Disk, path: string, at: Instant): Promise<string> {
  const backup = backupPath(path, at);
  await copyFile(path, backup, constants.COPYFILE_EXCL);
  await chmod(backup, 0o600);
  if (process.getuid?.() === 0) {
    const { uid, gid } = await stat(path);
    await chown(backup, uid, gid);
  }
  const file = await open(backup, 'r+');
  await file.sync().finally(() => file.close());
  await disk.syncFolder(dirname(backup));
  return backup;
}

/** Moves a file away to a backup, at once and durably; resolves with the backup's path. Rejects with the system's own error. */
export async function moveToBackup(disk: Disk, path: string, at: Instant): Promise<string> {
  const backup = backupPath(path, at);
  await rename(path, backup);
  await disk.syncFolder(dirname(backup));
  return backup;
}
