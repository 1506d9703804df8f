import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { OutputError } from '../domain/failure.ts';
import { identifyLines } from '../domain/identify-lines.ts';
import type { LogEvent } from '../domain/page.ts';
import type { Instant } from '../domain/time.ts';
import { instant } from '../domain/time.ts';
import { explained } from './event-file-failure.ts';
import { eventLines } from './event-lines.ts';
import type { Contents } from './manifest.ts';
import { putInPlace, syncFolder, withFile } from './replace-text.ts';

const compress = promisify(gzip);

/**
 * A file of events that grows page by page, and gets its final name once it is whole. In gzip each
 * page is a member of its own, so that the file is whole at the end of each page.
 */
export class DayDraft {
  readonly path: string;
  readonly #isCompressed: boolean;
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;
  #events = 0;
  #first: Instant | undefined;
  #last: Instant | undefined;

  private constructor(path: string, isCompressed: boolean) {
    this.path = path;
    this.#isCompressed = isCompressed;
  }

  /** A new and empty one, durably in its folder. Rejects with an `OutputError`. */
  static async begin(path: string, isCompressed: boolean): Promise<DayDraft> {
    await explained('write', path, emptied(path, 'w'));
    return new DayDraft(path, isCompressed);
  }

  /** The same, but only if nothing is there. Rejects with an `OutputError`. */
  static async create(path: string, isCompressed: boolean): Promise<DayDraft> {
    await explained('write', path, emptied(path, 'wx'));
    return new DayDraft(path, isCompressed);
  }

  /** The one that an earlier run left, cut back to its first `length` bytes. Rejects with an `OutputError`. */
  static async goOn(path: string, isCompressed: boolean, length: number): Promise<DayDraft> {
    const draft = new DayDraft(path, isCompressed);
    const size = await explained('go on with', path, sizeOf(path));
    if (size < length) throw isTooShort(path, size, length);
    await explained('go on with', path, cutBack(path, length));
    await explained('go on with', path, draft.#readAgain(length));
    return draft;
  }

  /** How long it is. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Appends events, durably. Rejects with an `OutputError`: then it can be gone on with by `goOn` only. */
  async append(events: readonly LogEvent[]): Promise<void> {
    const text = Buffer.concat(events.map(({ line }) => line));
    const bytes = this.#isCompressed ? await compress(text) : text;
    await explained('write', this.path, writeAt(this.path, this.#bytes, bytes));
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    for (const { published } of events) this.#count(published);
  }

  /** What it holds; the last that may be asked of it but `rename`. */
  contents(): Contents {
    const sha256 = this.#hash.digest('hex');
    return {
      events: this.#events,
      first: this.#first,
      last: this.#last,
      bytes: this.#bytes,
      sha256,
    };
  }

  /** Gives it its final name, durably. */
  rename(path: string): Promise<void> {
    return explained('complete', path, putInPlace(this.path, path));
  }

  #count(published: Instant | undefined): void {
    this.#events += 1;
    if (published === undefined) return;
    this.#first = instant(Math.min(published, this.#first ?? published));
    this.#last = instant(Math.max(published, this.#last ?? published));
  }

  async #readAgain(length: number): Promise<void> {
    this.#bytes = length;
    for await (const lines of eventLines(this.#hashed(createReadStream(this.path)))) {
      for (const { identity } of identifyLines(lines)) this.#count(identity?.published);
    }
  }

  async *#hashed(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
    for await (const chunk of chunks) {
      this.#hash.update(chunk);
      yield chunk;
    }
  }
}

/** As in `2026-11-14`. */
export const DAY_LENGTH = 10;

/** Throws an `OutputError` if one of the drafts that a backfill was saved with has another ending than it writes now. */
export function refuseOtherForm(folder: string, names: readonly string[], ending: string): void {
  const other = names.find((name) => name.slice(DAY_LENGTH) !== ending);
  if (other === undefined) return;
  throw new OutputError(`Cannot go on with "${join(folder, other)}": it is of another form`, {
    hint: 'Give --gzip if the backfill was begun with it, and leave it out if not',
  });
}

async function emptied(path: string, flags: 'w' | 'wx'): Promise<void> {
  await withFile(path, flags, (file) => file.sync());
  await syncFolder(dirname(path));
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path)).size;
}

function cutBack(path: string, length: number): Promise<void> {
  return withFile(path, 'r+', async (file) => {
    await file.truncate(length);
    await file.sync();
  });
}

function writeAt(path: string, at: number, bytes: Uint8Array): Promise<void> {
  return withFile(path, 'r+', async (file) => {
    // A nearly full disk takes the first part of a write without an error; only the next one reports it.
    for (let taken = 0; taken < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, taken, bytes.length - taken, at + taken);
      taken += bytesWritten;
    }
    await file.sync();
  });
}

function isTooShort(path: string, size: number, length: number): OutputError {
  return new OutputError(
    `Cannot go on with "${path}": it has ${size} bytes, and ${length} were written to it`,
    { hint: 'Put it back as it was, or forget this backfill and begin anew' },
  );
}
