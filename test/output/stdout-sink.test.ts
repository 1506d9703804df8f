import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LineOutput } from '../../src/output/line-output.ts';
import { createStdoutSink } from '../../src/output/stdout-sink.ts';
import { pageOf, textOf } from './page-of.ts';

function recordingOutput() {
  const writes: (readonly Uint8Array[])[] = [];
  const output: LineOutput = {
    write(chunks) {
      writes.push(chunks);
      return Promise.resolve();
    },
    abandon: () => undefined,
  };
  return { output, writes };
}

describe('createStdoutSink', () => {
  test('a page with all its lines goes out as one chunk of the memory it was received in', async () => {
    const { output, writes } = recordingOutput();
    const events = pageOf(1000);
    await createStdoutSink(output).deliver(events);
    expect(writes).toHaveLength(1);
    expect(writes[0]).toHaveLength(1);
    expect(writes[0]?.[0]?.length).toBe(100_000);
    expect(writes[0]?.[0]?.buffer).toBe(events[0]?.line.buffer);
  });

  test('lines left out split the page into as many chunks as there are gaps', async () => {
    const { output, writes } = recordingOutput();
    const events = pageOf(10).filter((_, index) => index !== 3 && index !== 7);
    await createStdoutSink(output).deliver(events);
    expect(writes[0]?.map(({ length }) => length)).toEqual([300, 300, 200]);
  });

  test('nothing to deliver writes nothing', async () => {
    const { output, writes } = recordingOutput();
    await createStdoutSink(output).deliver([]);
    expect(writes).toEqual([]);
  });

  test('lines at the same place of different memory are not taken for neighbours', async () => {
    const { output, writes } = recordingOutput();
    const mixed = [...pageOf(1, 1), ...pageOf(2, 2).slice(1)];
    await createStdoutSink(output).deliver(mixed);
    expect(writes[0]?.map((chunk) => Buffer.from(chunk).toString()).join('')).toBe(textOf(mixed));
  });

  test('whatever is picked in whatever order, the bytes are those of the lines in that order', async () => {
    const all = [...pageOf(20, 1), ...pageOf(20, 2)];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(39)), async (picks) => {
        const { output, writes } = recordingOutput();
        const events = all.filter((_, index) => picks.includes(index));
        const shuffled = picks.flatMap((index) => all[index] ?? []);
        for (const choice of [events, shuffled]) await createStdoutSink(output).deliver(choice);
        const written = writes.flat().map((chunk) => Buffer.from(chunk).toString());
        expect(written.join('')).toBe(textOf(events) + textOf(shuffled));
      }),
    );
  });

  test('a failure of the output is the failure of the delivery', async () => {
    const failure = new Error('gone');
    const output: LineOutput = {
      write: () => Promise.reject(failure),
      abandon: () => undefined,
    };
    await expect(createStdoutSink(output).deliver(pageOf(1))).rejects.toBe(failure);
  });
});
