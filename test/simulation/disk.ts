import { dirname } from 'node:path';
import type { Disk, DiskFile } from '../../src/domain/disk.ts';
import type { Chance } from './chance.ts';

/** A file as it would be read now, and what of it is on the platters for sure. */
interface Inode {
  text: string;
  durable: string;
}

type Folder = Map<string, Inode>;

/** What is wrong with the disk at the moment. */
export type DiskTrouble =
  | { readonly kind: 'none' }
  | { readonly kind: 'full'; bytesLeft: number }
  | { readonly kind: 'read-only' };

/**
 * A disk in memory. What was written but not fsynced, a power cut takes away or tears; a change to
 * the folder it may undo until the folder was fsynced.
 */
export class SimulatedDisk implements Disk {
  trouble: DiskTrouble = { kind: 'none' };
  readonly #folder: Folder = new Map();
  #durable: Folder = new Map();
  #changes: ((folder: Folder) => void)[] = [];

  read(path: string): Promise<string | undefined> {
    return Promise.resolve(this.#folder.get(path)?.text);
  }

  async create(path: string, ownedLike: string): Promise<DiskFile> {
    await this.#mustBeWritable();
    if (ownedLike !== dirname(path) && !this.#folder.has(ownedLike)) throw systemError('ENOENT');
    const inode = { text: '', durable: '' };
    this.#change((folder) => folder.set(path, inode));
    return {
      write: (content) => this.#write(inode, content),
      sync: () => Promise.resolve(void (inode.durable = inode.text)),
      close: () => Promise.resolve(),
    };
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#mustBeWritable();
    const inode = this.#folder.get(from);
    if (inode === undefined) throw systemError('ENOENT');
    this.#change((folder) => {
      folder.set(to, inode);
      folder.delete(from);
    });
  }

  syncFolder(): Promise<void> {
    this.#durable = new Map(this.#folder);
    this.#changes = [];
    return Promise.resolve();
  }

  /** The text of a file, for the one who looks on. */
  look(path: string): string | undefined {
    return this.#folder.get(path)?.text;
  }

  /** Puts a text into a file in place and for good, as an operator does. */
  put(path: string, text: string): void {
    this.#folder.set(path, { text, durable: text });
    void this.syncFolder();
  }

  /** Deletes a file for good. */
  remove(path: string): void {
    this.#folder.delete(path);
    void this.syncFolder();
  }

  /** Leaves what a restart finds. */
  cutPower(chance: Chance): void {
    const kept = chance.whole(0, this.#changes.length);
    for (const apply of this.#changes.slice(0, kept)) apply(this.#durable);
    this.#folder.clear();
    for (const [path, inode] of this.#durable) {
      const text = textLeftOf(inode, chance);
      this.#folder.set(path, { text, durable: text });
    }
    void this.syncFolder();
  }

  #change(apply: (folder: Folder) => void): void {
    apply(this.#folder);
    this.#changes.push(apply);
  }

  #write(inode: Inode, content: string): Promise<void> {
    const { trouble } = this;
    const room = trouble.kind === 'full' ? trouble.bytesLeft : Number.POSITIVE_INFINITY;
    inode.text += content.slice(0, room);
    return content.length > room ? Promise.reject(systemError('ENOSPC')) : Promise.resolve();
  }

  #mustBeWritable(): Promise<void> {
    const isReadOnly = this.trouble.kind === 'read-only';
    return isReadOnly ? Promise.reject(systemError('EROFS')) : Promise.resolve();
  }
}

/** The error of a system call, by its code. */
function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function textLeftOf({ text, durable }: Inode, chance: Chance): string {
  if (text === durable) return text;
  const torn = text.slice(0, chance.whole(0, text.length));
  const lostBlocks = torn + '\0'.repeat(text.length - torn.length);
  return chance.one([durable, torn, lostBlocks, text]);
}
