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

function joinNeighbours(lines: readonly Uint8Array[]): Uint8Array[] {
  const runs: Uint8Array[] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    if (run !== undefined && isFollowedBy(run, line)) {
      runs[runs.length - 1] = new Uint8Array(run.buffer, run.byteOffset, run.length + line.length);
    } else {
      runs.push(line);
    }
  }
  return runs;
}

const isFollowedBy = (run: Uint8Array, line: Uint8Array): boolean =>
  run.buffer === line.buffer && run.byteOffset + run.length === line.byteOffset;
