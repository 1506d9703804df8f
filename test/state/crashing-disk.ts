import { dirname } from 'node:path';
import type { Disk, DiskFile } from '../../src/domain/disk.ts';

/** What a disk holds after a power cut: path and text. */
export type DiskImage = ReadonlyMap<string, string>;

/** The power is off; nothing after it reaches the disk. */
export class PowerCut extends Error {}

/** A file's text as it would be read now, and what of it is on the platters for sure. */
interface Inode {
  current: string;
  synced: string;
}

type Folder = Map<string, Inode>;
type Change = (folder: Folder) => void;

/**
 * A disk of one folder, `/state`, that loses power before a given call. What was written but not
 * fsynced may then be there, half there or lost, and of the changes to the folder since its fsync
 * any first few may have been kept: `aftermaths` lists all that a restart can find.
 */
export function createCrashingDisk(
  image: DiskImage,
  callsUntilPowerCut: number,
): { disk: Disk; aftermaths(): DiskImage[] } {
  const folder: Folder = new Map(
    [...image].map(([path, text]) => [path, { current: text, synced: text }]),
  );
  let syncedFolder: Folder = new Map(folder);
  let changes: Change[] = [];
  let callsLeft = callsUntilPowerCut;

  function change(apply: Change): void {
    apply(folder);
    changes.push(apply);
  }
  function call<T>(act: () => T): Promise<T> {
    if (callsLeft === 0) return Promise.reject(new PowerCut('the power is off'));
    callsLeft -= 1;
    return Promise.resolve().then(act);
  }
  function openFile(inode: Inode): DiskFile {
    return {
      write: (content) => call(() => void (inode.current += content)),
      sync: () => call(() => void (inode.synced = inode.current)),
      close: () => call(() => undefined),
    };
  }
  const disk: Disk = {
    read: (path) => call(() => folder.get(path)?.current),
    create: (path, ownedLike) =>
      call(() => {
        if (ownedLike !== dirname(path) && !folder.has(ownedLike)) throw notFound(ownedLike);
        const inode = { current: '', synced: '' };
        change((entries) => entries.set(path, inode));
        return openFile(inode);
      }),
    rename: (from, to) =>
      call(() => {
        const inode = folder.get(from);
        if (inode === undefined) throw notFound(from);
        change((entries) => {
          entries.set(to, inode);
          entries.delete(from);
        });
      }),
    syncFolder: () =>
      call(() => {
        syncedFolder = new Map(folder);
        changes = [];
      }),
  };

  function aftermaths(): DiskImage[] {
    return [...changes, undefined].flatMap((_, kept) => {
      const entries = new Map(syncedFolder);
      for (const apply of changes.slice(0, kept)) apply(entries);
      return imagesOf([...entries]);
    });
  }
  return { disk, aftermaths };
}

function imagesOf(entries: [string, Inode][]): DiskImage[] {
  return entries.reduce<Map<string, string>[]>(
    (images, [path, inode]) =>
      images.flatMap((image) => textsLeftOf(inode).map((text) => new Map(image).set(path, text))),
    [new Map<string, string>()],
  );
}

function textsLeftOf({ current, synced }: Inode): string[] {
  if (current === synced) return [current];
  return [...new Set([synced, '', current.slice(0, current.length / 2), current])];
}

function notFound(path: string): Error {
  return Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
}
