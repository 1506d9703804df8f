import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createKernelMarker } from '../../src/domain/kernel-marker.ts';
import { PlainMarker } from '../../src/domain/plain-marker.ts';
import type { Marks, StructureMarker } from '../../src/domain/structure-marker.ts';
import { MOST_BRACKETS, PIECE_LENGTH } from '../../src/domain/structure-marker.ts';

/** What a marker finds in a piece, as values of its own. */
function found({ places, count, stop }: Marks): unknown {
  return { places: Array.from(places.subarray(0, count)), stop };
}

/** What it finds in a text, piece by piece, up to an obstacle. */
function marksOf(marker: StructureMarker, text: Buffer): unknown[] {
  marker.reset();
  const marks: unknown[] = [];
  for (let at = 0; at < text.length; at += PIECE_LENGTH) {
    const piece = marker.mark(text.subarray(at, at + PIECE_LENGTH));
    marks.push(found(piece));
    if (piece.stop !== undefined) break;
  }
  return marks;
}

/** Bytes that decide anything, runs of backslashes above all, among some that do not. */
const bytes = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          '"',
          '\\',
          '{',
          '}',
          '[',
          ']',
          ':',
          ',',
          'a',
          'd',
          '4',
          'é',
          'y',
          'Y',
          '_',
          '\u007f',
        ),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom('{"d":1}', '{"a":1}', '"\\""', '\\\\', '["a b"]', '"]}:"'),
      },
      { weight: 1, arbitrary: fc.nat(130).map((length) => 'x'.repeat(length)) },
      { weight: 1, arbitrary: fc.constantFrom(' ', '\n', '\r', '\t', '\u0001', '\u0020') },
    ),
    { maxLength: 60 },
  )
  .map((pieces) => Buffer.from(pieces.join('')));

const kernel = createKernelMarker();
const plain = new PlainMarker();

describe.each<[string, StructureMarker]>([
  ['createKernelMarker', kernel],
  ['PlainMarker', plain],
])('%s', (_, marker) => {
  test.each<[string, number[], object?]>([
    ['{}', [~1]],
    ['{"d":1,"4":[{"d":2}]},{"d":3}', [4, 10, ~20, 26, ~28]],
    ['{"c":1,"d4c":2,"4d":3}', [19, ~21]],
    [':{"d":2', [5]],
    ['{":d":"\\":{","a\\\\d":1}', [5, 19, ~21]],
    ['{"d": 1}', [4], { at: 5, obstacle: 'misplaced' }],
    ['{"d":\\"', [4], { at: 5, obstacle: 'misplaced' }],
    ['{"d":[}', [4], { at: 6, obstacle: 'misplaced' }],
    ['{}}', [~1], { at: 2, obstacle: 'misplaced' }],
    ['{"d":" \t\n"', [4], { at: 8, obstacle: 'line break in string' }],
    ['{"d":"\\\r', [4], { at: 7, obstacle: 'line break in string' }],
  ])('marks %s', (text, places, stop) => {
    marker.reset();
    expect(found(marker.mark(Buffer.from(text)))).toEqual({ places, stop });
  });

  test('goes on with the next piece in the middle of a string', () => {
    const long = `{"${'\\"'.repeat(PIECE_LENGTH)}d":{"a":1}}`;
    const close = long.length - 1 - 2 * PIECE_LENGTH;
    expect(marksOf(marker, Buffer.from(long))).toEqual([
      { places: [], stop: undefined },
      { places: [], stop: undefined },
      { places: [close - 8, ~close], stop: undefined },
    ]);
  });

  test('lets so many brackets be open at once and no more', () => {
    const most = `${'['.repeat(MOST_BRACKETS)}${']'.repeat(MOST_BRACKETS)}`;
    const whole = marksOf(marker, Buffer.from(most));
    expect(whole.at(-1)).toEqual({ places: [~(PIECE_LENGTH - 1)], stop: undefined });
    expect(marksOf(marker, Buffer.from(`[${most}]`)).at(-1)).toEqual({
      places: [],
      stop: { at: 0, obstacle: 'nested too deeply' },
    });
  });
});

describe('the two of them', () => {
  test('find the same in whatever comes', () => {
    fc.assert(
      fc.property(bytes, (text) => {
        expect(marksOf(kernel, text)).toEqual(marksOf(plain, text));
      }),
      { numRuns: 5000 },
    );
  });

  test('find the same across the borders of pieces', () => {
    const border = fc.tuple(fc.integer({ min: -140, max: 1 }), bytes);
    fc.assert(
      fc.property(border, ([offset, text]) => {
        const before = Buffer.from(`{"${'x'.repeat(PIECE_LENGTH + offset)}":"`);
        const long = Buffer.concat([before, text]);
        expect(marksOf(kernel, long)).toEqual(marksOf(plain, long));
      }),
      { numRuns: 200 },
    );
  });
});
