import type { FileHandle } from 'node:fs/promises';
import { access, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import type { Disk, DiskFile } from '../domain/disk.ts';
import { CheckpointError } from '../domain/failure.ts';
import { systemCode } from './disk-error.ts';

/** The disk of this machine. */
export const systemDisk: Disk = { read, create, rename, syncFolder };

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

async function create(path: string, ownedLike: string): Promise<DiskFile> {
  const file = await openNew(path);
  try {
    if (process.getuid?.() === 0) await giveTo(file, ownedLike);
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    write: (content) => file.writeFile(content),
    sync: () => file.sync(),
    close: () => file.close(),
  };
}

/** Never opens what lies there already: that could be a link elsewhere, or readable by others. */
async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    await unlink(path);
    return open(path, 'wx', 0o600);
  }
}

async function giveTo(file: FileHandle, ownedLike: string): Promise<void> {
  const { uid, gid } = await stat(ownedLike);
  if (uid !== 0 || gid !== 0) await file.chown(uid, gid);
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot fsync a folder; that it is there is all that can be asked.
  if (process.platform === 'win32') return access(path);
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    // So say network file systems that know no fsync of a folder.
    if (systemCode(error) !== 'EINVAL') throw error;
  } finally {
    await folder.close();
  }
}
