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

interface Run {
  readonly first: Uint8Array;
  last: Uint8Array;
}

function joinNeighbours(lines: readonly Uint8Array[]): Uint8Array[] {
  const runs: Run[] = [];
  let run: Run | undefined;
  for (const line of lines) {
    if (run !== undefined && isFollowedBy(run.last, line)) {
      run.last = line;
    } else {
      run = { first: line, last: line };
      runs.push(run);
    }
  }
  return runs.map(({ first, last }) => {
    const length = last.byteOffset + last.length - first.byteOffset;
    return new Uint8Array(first.buffer, first.byteOffset, length);
  });
}

const isFollowedBy = (one: Uint8Array, next: Uint8Array): boolean =>
  one.buffer === next.buffer && one.byteOffset + one.length === next.byteOffset;
