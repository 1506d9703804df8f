/*
 * What only touches the system's own memory is done at once. On the way through Node's threads each
 * of these calls would take a place in their queue, and the system lets a thread that unpacks a page go
 * on for milliseconds before it: with two processors, half of what saving a position takes. Only what
 * waits for the disk itself goes that way.
 */
import {
  accessSync,
  close,
  closeSync,
  constants,
  fchownSync,
  fsync as fsyncCallback,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Disk, DiskFile } from '../domain/disk.ts';
import { CheckpointError } from '../domain/failure.ts';
import { systemCode } from './disk-error.ts';

const fsync = promisify(fsyncCallback);

/** The disk of this machine. */
export const systemDisk: Disk = {
  read,
  create: (path, ownedLike) => atOnce(() => create(path, ownedLike)),
  rename: (from, to) =>
    atOnce(() => {
      rename(from, to);
    }),
  syncFolder,
};

/** Rejects with what `work` throws. */
function atOnce<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

async function read(path: string): Promise<string | undefined> {
  try {
    // A pipe would make whoever opens it wait for a writer.
    if ((await stat(path)).isFIFO()) throw notAFile(path);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function notAFile(path: string): CheckpointError {
  return new CheckpointError(`Cannot read the checkpoint "${path}": it is a pipe, and no file`, {
    hint: 'Set stream_pos_path to the path of a file',
  });
}

function create(path: string, ownedLike: string): DiskFile {
  const file = openNew(path);
  try {
    if (process.getuid?.() === 0) giveTo(file, ownedLike);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return {
    write: (content) =>
      atOnce(() => {
        writeFileSync(file, content);
      }),
    sync: () => fsync(file),
    close: () =>
      atOnce(() => {
        closeSync(file);
      }),
  };
}

/**
 * The file that is replaced is freed by whoever closes it last, and that takes ten times as long as the
 * renaming: so it is held meanwhile, and closed by one of Node's threads, for which nobody waits.
 */
function rename(from: string, to: string): void {
  const replaced = hold(to);
  try {
    renameSync(from, to);
  } finally {
    // It was read at most: nothing of it can be lost.
    if (replaced !== undefined) close(replaced, () => undefined);
  }
}

/** `undefined` where there is nothing to hold, or nothing that may be opened; on Windows, what is open is not replaced. */
function hold(path: string): number | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    // A pipe would make whoever opens it wait for a writer.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch {
    return undefined;
  }
}

/** Never opens what lies there already: that could be a link elsewhere, or readable by others. */
function openNew(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    unlinkSync(path);
    return openSync(path, 'wx', 0o600);
  }
}

function giveTo(file: number, ownedLike: string): void {
  const { uid, gid } = statSync(ownedLike);
  if (uid !== 0 || gid !== 0) fchownSync(file, uid, gid);
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot fsync a folder; that it is there is all that can be asked.
  if (process.platform === 'win32') {
    accessSync(path);
    return;
  }
  const folder = openSync(path, 'r');
  try {
    await fsync(folder);
  } catch (error) {
    // So say network file systems that know no fsync of a folder.
    if (systemCode(error) !== 'EINVAL') throw error;
  } finally {
    closeSync(folder);
  }
}
