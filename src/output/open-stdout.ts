import { readFileSync, readlinkSync } from 'node:fs';
import type { Log } from '../domain/log.ts';
import { createFileOutput } from './file-output.ts';
import type { LineOutput } from './line-output.ts';
import { openStream } from './open-stream.ts';
import { closedOutput, outputFailure } from './output-failure.ts';
import { createStreamOutput } from './stream-output.ts';

const stdout = 1;

/**
 * Standard output, whatever it is connected to. Throws an `OutputError` if it is closed. Nobody else
 * may write to it: `process.stdout` would be a second stream on the same descriptor.
 */
export function openStdout(log: Log): LineOutput {
  try {
    if (isStandIn(stdout)) throw closedOutput();
    const stream = openStream(stdout);
    return stream === undefined ? createFileOutput(stdout, log) : createStreamOutput(stream);
  } catch (error) {
    throw outputFailure(error);
  }
}

/**
 * Whether this is the `/dev/null` that Node opens, for reading and writing, in the place of a closed
 * descriptor: events would vanish there without a word. A shell's `> /dev/null` is for writing only.
 */
function isStandIn(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(
      readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'),
    )?.[1];
    return (
      readlinkSync(`/proc/self/fd/${descriptor}`) === '/dev/null' && flags?.endsWith('2') === true
    );
  } catch {
    // Only Linux tells.
    return false;
  }
}
