import type { Sink } from '../domain/sink.ts';
import type { LineOutput } from './line-output.ts';

/** Writes events to `output`; lines that lie side by side in memory, as those of a page do, go out as one chunk. */
export function createStdoutSink(output: LineOutput): Sink {
  return {
    async deliver(events) {
      if (events.length > 0) await output.write(joinNeighbours(events.map(({ line }) => line)));
    },
  };
}

/** Lines side by side in one piece of memory. */
interface Run {
  readonly memory: ArrayBufferLike;
  readonly start: number;
  end: number;
}

function joinNeighbours(lines: readonly Uint8Array[]): Uint8Array[] {
  const runs: Run[] = [];
  let run: Run | undefined;
  for (const { buffer: memory, byteOffset: start, length } of lines) {
    if (run?.memory !== memory || run.end !== start) {
      run = { memory, start, end: start };
      runs.push(run);
    }
    run.end += length;
  }
  return runs.map(({ memory, start, end }) => new Uint8Array(memory, start, end - start));
}
