import { constants, createReadStream, fstatSync, open as openCallback } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { addAbortSignal } from 'node:stream';
import { promisify } from 'node:util';
import { CHUNK_BYTES } from './event-lines.ts';

const open = promisify(openCallback);

/** The name of a file that stands for standard input. */
const STANDARD_INPUT = '-';

/**
 * The bytes of a file or named pipe, of standard input for `-`. Nobody may ever write to a pipe: to
 * wait for that ends with the signal. Rejects with the system's own error.
 */
export async function openToRead(
  path: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Buffer>> {
  signal.throwIfAborted();
  return addAbortSignal(signal, path === STANDARD_INPUT ? process.stdin : await opened(path));
}

async function opened(path: string): Promise<Readable> {
  // An open that waits for a writer could not be given up, and would keep the process from its end.
  const fd = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return fstatSync(fd).isFIFO()
    ? new Socket({ fd, readable: true, writable: false })
    : createReadStream(path, { fd, highWaterMark: CHUNK_BYTES });
}
