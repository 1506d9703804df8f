import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { FiledLine, Fingerprint } from '../domain/audit.ts';
import type { EventLine } from '../domain/identify-lines.ts';
import { identifyLines } from '../domain/identify-lines.ts';
import { eventFileFailure } from './event-file-failure.ts';
import { CHUNK_BYTES, eventLines } from './event-lines.ts';

/** The name of a file that stands for standard input. */
const STANDARD_INPUT = '-';

/** The half of a digest that tells lines apart; whoever looks for changes does not look for collisions. */
export function fingerprintOf(line: Uint8Array): Fingerprint {
  const digest = createHash('sha256').update(line).digest();
  return { high: digest.readUInt32LE(0), low: digest.readUInt32LE(4) };
}

/**
 * The lines of files of events, plain or gzip, in the order in which they are named; empty ones are
 * left out. Rejects with an `OutputError` that names the file that cannot be read.
 */
export async function* filedLines(
  paths: readonly string[],
): AsyncGenerator<readonly FiledLine[], void> {
  for (const [file, path] of paths.entries()) {
    let line = 0;
    try {
      for await (const text of eventLines(opened(path))) {
        const lines = identifyLines(text).map((found) => filedLine(found, file, ++line));
        yield lines.filter((found) => found !== undefined);
      }
    } catch (error) {
      throw eventFileFailure('read', path, error);
    }
  }
}

function opened(path: string): AsyncIterable<Buffer> {
  return path === STANDARD_INPUT
    ? process.stdin
    : createReadStream(path, { highWaterMark: CHUNK_BYTES });
}

function filedLine(
  { line: bytes, identity }: EventLine,
  file: number,
  line: number,
): FiledLine | undefined {
  if (bytes.length === 1) return undefined;
  const fingerprint = fingerprintOf(bytes);
  if (identity === undefined)
    return { id: undefined, published: undefined, fingerprint, file, line };
  const { uuid, published } = identity;
  // As a page has it: an event without uuid is known by the digest of its bytes.
  const id = uuid ?? createHash('sha256').update(bytes).digest('hex');
  return { id, published, fingerprint, file, line };
}
