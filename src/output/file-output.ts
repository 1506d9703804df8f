import { fstatSync, fsync as fsyncCallback, write as writeCallback } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Log } from '../domain/log.ts';
import type { LineOutput } from './line-output.ts';
import { outputFailure } from './output-failure.ts';

const write = promisify(writeCallback);
const fsync = promisify(fsyncCallback);
const lineFeed = 0x0a;

/**
 * Writes to a regular file, or to a device that is no terminal. Before the first line, one that a
 * crash has left torn at the end of a regular file is ended.
 */
export function createFileOutput(descriptor: number, log: Log): LineOutput {
  const isRegular = fstatSync(descriptor).isFile();
  let mayBeTorn = isRegular;

  async function writeDurably(chunks: readonly Uint8Array[]): Promise<void> {
    if (mayBeTorn && (await endsTorn(descriptor, log))) {
      await writeWhole(descriptor, Uint8Array.of(lineFeed));
    }
    mayBeTorn = false;
    for (const chunk of chunks) await writeWhole(descriptor, chunk);
    if (isRegular) await fsync(descriptor);
  }

  return {
    write: (chunks) =>
      writeDurably(chunks).catch((error: unknown) => {
        throw outputFailure(error);
      }),
    // A file has no reader to wait for.
    abandon: () => undefined,
  };
}

/** A nearly full disk takes the first part of a write without an error; only the next one reports it. */
async function writeWhole(descriptor: number, bytes: Uint8Array): Promise<void> {
  let taken = 0;
  while (taken < bytes.length) {
    const { bytesWritten } = await write(descriptor, bytes, taken, bytes.length - taken, null);
    taken += bytesWritten;
  }
}

async function endsTorn(descriptor: number, log: Log): Promise<boolean> {
  const { size } = fstatSync(descriptor);
  if (size === 0) return false;
  try {
    return (await readByte(`/proc/self/fd/${descriptor}`, size - 1)) !== lineFeed;
  } catch (error) {
    log.warn('Cannot see whether the last line of the output file is whole', {
      reason: String(error),
    });
    // A blank line does no harm; an event glued to a torn one would be lost.
    return true;
  }
}

/** Standard output is open for writing only; the system's name for it can be opened for reading. */
async function readByte(path: string, position: number): Promise<number | undefined> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(1), 0, 1, position);
    return bytesRead === 1 ? buffer[0] : undefined;
  } finally {
    await file.close();
  }
}
