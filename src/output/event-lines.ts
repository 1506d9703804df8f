import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

const lineFeed = Buffer.from('\n');
const gzipMagic = Buffer.from([0x1f, 0x8b]);

/** Read and unpacked at once; smaller pieces cost more calls. */
export const CHUNK_BYTES = 1 << 18;

/** The gzip of a file has come to its end, and the file has not. */
export class LeftoverError extends Error {
  readonly code = 'LEFTOVER';
}

/**
 * The lines of some bytes, plain or in gzip as the first of them tell: as many whole lines at a time
 * as came together, each with its line feed, the last one included. Rejects with the system's own
 * error, or zlib's; after the last line with a `LeftoverError` if there is something behind the gzip.
 */
export async function* eventLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let rest: Buffer[] = [];
  for await (const chunk of unzipped(bytes)) {
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      yield Buffer.concat([...rest, chunk.subarray(0, end)]);
      rest = [];
    }
    if (end < chunk.length) rest.push(chunk.subarray(end));
  }
  if (rest.length > 0) yield Buffer.concat([...rest, lineFeed]);
}

async function* unzipped(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const chunks: AsyncIterator<Buffer, unknown> = bytes[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < gzipMagic.length) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = putBack(head, chunks);
  if (head.subarray(0, gzipMagic.length).equals(gzipMagic)) yield* gunzipped(whole);
  else yield* whole;
}

/** Zlib takes a zero behind a member for the end, and what follows for nothing, without a word. */
async function* gunzipped(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let given = 0;
  async function* counted(): AsyncGenerator<Buffer, void> {
    for await (const chunk of bytes) {
      given += chunk.length;
      yield chunk;
    }
  }
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // An error is met by whoever reads what the pipeline leads to.
  pipeline(counted(), gunzip, () => undefined);
  const unpacked: AsyncIterable<Buffer> = gunzip;
  yield* unpacked;
  if (gunzip.bytesWritten < given) throw new LeftoverError();
}

async function* putBack(
  head: Buffer,
  rest: AsyncIterator<Buffer, unknown>,
): AsyncGenerator<Buffer, void> {
  if (head.length > 0) yield head;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield next.value;
  }
}
