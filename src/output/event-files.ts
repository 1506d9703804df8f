import { createHash } from 'node:crypto';
import type { FiledLine, Fingerprint } from '../domain/audit.ts';
import type { EventLine } from '../domain/identify-lines.ts';
import { identifyLines } from '../domain/identify-lines.ts';
import { eventFileFailure } from './event-file-failure.ts';
import { eventLines, LeftoverError } from './event-lines.ts';
import { openToRead } from './open-to-read.ts';

/** The half of a digest that tells lines apart; whoever looks for changes does not look for collisions. */
export function fingerprintOf(line: Uint8Array): Fingerprint {
  const digest = createHash('sha256').update(line).digest();
  return { high: digest.readUInt32LE(0), low: digest.readUInt32LE(4) };
}

/**
 * The lines of files of events, plain or gzip, in the order in which they are named; empty ones are
 * left out. What stands behind the gzip of a file counts as one more line, which is no event.
 * Rejects with the signal's reason, or with an `OutputError` that names the file that cannot be read.
 */
export async function* filedLines(
  paths: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly FiledLine[], void> {
  for (const [file, path] of paths.entries()) {
    let line = 0;
    try {
      for await (const text of eventLines(await openToRead(path, signal))) {
        const lines = identifyLines(text).map((found) => filedLine(found, file, ++line));
        yield lines.filter((found) => found !== undefined);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof LeftoverError)) throw eventFileFailure('read', path, error);
      yield [noEvent(Buffer.alloc(0), file, ++line)];
    }
  }
}

function filedLine(
  { line: bytes, identity }: EventLine,
  file: number,
  line: number,
): FiledLine | undefined {
  if (bytes.length === 1) return undefined;
  if (identity === undefined) return noEvent(bytes, file, line);
  const fingerprint = fingerprintOf(bytes);
  const { uuid, published } = identity;
  // As a page has it: an event without uuid is known by the digest of its bytes.
  const id = uuid ?? createHash('sha256').update(bytes).digest('hex');
  return { id, published, fingerprint, file, line };
}

function noEvent(bytes: Buffer, file: number, line: number): FiledLine {
  return { id: undefined, published: undefined, fingerprint: fingerprintOf(bytes), file, line };
}
