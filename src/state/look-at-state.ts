import { constants } from 'node:fs';
import { access, open, stat, statfs, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StateLook } from '../domain/looks.ts';
import type { Instant } from '../domain/time.ts';
import { instant } from '../domain/time.ts';
import { explained } from './disk-error.ts';
import { statusPath } from './status-file.ts';
import { tokenPath } from './token-file.ts';

/** A checkpoint with all the events that it can remember is smaller. */
const AS_LARGE_AS_A_CHECKPOINT = 512 * 1024;

/**
 * Looks at the log of scheduled runs and at the files beside the live stream's checkpoint, and whether a
 * further one can be written there: one is, and removed again. Rejects with a `CheckpointError` if not.
 */
export async function lookAtState(livePath: string, logPath: string): Promise<StateLook> {
  await explained('save', livePath, writeTrial(livePath));
  const denied: string[] = [];
  for (const path of [livePath, statusPath(livePath), tokenPath(livePath), logPath]) {
    if (!(await isOpenToUs(path))) denied.push(path);
  }
  return { folder: dirname(livePath), denied };
}

/** When a file was written last; `undefined` if there is none, or it is not ours to see. */
export async function writtenAt(path: string): Promise<Instant | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && instant(Math.round(found.mtimeMs));
}

/** Bytes free to us on the disk of a file; `undefined` if the system does not tell. */
export async function freeBytes(path: string): Promise<number | undefined> {
  const found = await statfs(dirname(path)).catch(() => undefined);
  return found && found.bavail * found.bsize;
}

async function writeTrial(livePath: string): Promise<void> {
  const path = `${livePath}.trial-${process.pid}`;
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(Buffer.alloc(AS_LARGE_AS_A_CHECKPOINT));
    await file.sync();
  } finally {
    await file.close();
    await unlink(path);
  }
}

/** Of a file that is not there, the folder tells, or the one in which that would be made. */
async function isOpenToUs(path: string): Promise<boolean> {
  const isThere = (await stat(path).catch(() => undefined)) !== undefined;
  if (!isThere) return isOpenToUs(dirname(path));
  return access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}
