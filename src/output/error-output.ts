import { writeSync } from 'node:fs';
import { WriteStream } from 'node:tty';
import { openStream } from './open-stream.ts';

/** Standard error: for a person, or for the one line that says how a quiet run failed. */
export interface ErrorOutput {
  /** Never throws: nobody is left to be told. */
  write(text: string): void;
  /** Whether it is a terminal that shows colours, and `NO_COLOR` is not set. */
  readonly hasColours: boolean;
  /** Gives up on a reader that takes nothing, so that the process can end. */
  abandon(): void;
}

const stderr = 2;

/** Standard error, whatever it is connected to. To be called once: a second stream could not wait on the same descriptor. */
export function openStderr(): ErrorOutput {
  // Node makes `process.stderr` at the latest when it destroys a socket, any socket; that fails, and
  // leaves the socket open, while a write of ours waits on the same descriptor. So it is made now.
  process.stderr.on('error', ignore);
  const stream = openStream(stderr);
  if (stream === undefined) return { write: writeToFile, hasColours: false, abandon: ignore };
  stream.on('error', ignore);
  return {
    write: (text) => void stream.write(text),
    hasColours: stream instanceof WriteStream && stream.hasColors(),
    abandon: () => void stream.destroy(),
  };
}

function writeToFile(text: string): void {
  try {
    writeSync(stderr, text);
  } catch {
    // A full disk, say: see the contract of write.
  }
}

const ignore = (): void => undefined;
