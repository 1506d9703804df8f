import type { Socket } from 'node:net';
import type { LineOutput } from './line-output.ts';
import { outputFailure, stuckOutput } from './output-failure.ts';

/** Writes to a pipe, socket or terminal. */
export function createStreamOutput(stream: Socket): LineOutput {
  let failure: unknown;
  // Without a listener, a reader that goes away would end the process.
  stream.on('error', (error) => (failure ??= error));

  return {
    write: (chunks) =>
      new Promise((resolve, reject) => {
        stream.cork();
        for (const chunk of chunks.slice(0, -1)) stream.write(chunk);
        stream.write(chunks.at(-1) ?? '', (error) => {
          // Node reports success for a write that was pending when its stream was destroyed.
          if (error || stream.destroyed) reject(outputFailure(failure ?? error));
          else resolve();
        });
        stream.uncork();
      }),

    abandon() {
      failure ??= stuckOutput();
      stream.destroy();
    },
  };
}
