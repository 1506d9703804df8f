import fc from 'fast-check';
import { DateTime, FixedOffsetZone } from 'luxon';
import { describe, expect, test } from 'vitest';
import { parsePublished, PublishedReader } from '../../src/domain/published.ts';
import { instant } from '../../src/domain/time.ts';

/** Reads texts that lie in one page, one behind the other. */
function readAll(texts: readonly string[]): (number | undefined)[] {
  const bytes = Buffer.from(`99${texts.map((text) => `${text}99`).join('')}`);
  const reader = new PublishedReader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  let from = 2;
  return texts.map((text) => {
    const end = from + Buffer.byteLength(text);
    const moment = reader.read(from, end);
    from = end + 2;
    return moment;
  });
}

const readOnly = (text: string): number | undefined => readAll([text])[0];

describe.each([
  ['parsePublished', parsePublished],
  ['PublishedReader', readOnly],
])('%s', (_, parse) => {
  test.each([
    ['2026-11-15T10:31:53.141Z', 1_794_738_713_141],
    ['2026-11-15T10:31:53Z', 1_794_738_713_000],
    ['2026-11-15T10:31:53+0000', 1_794_738_713_000],
    ['2026-11-15T10:31:53.141+0000', 1_794_738_713_141],
    ['2026-11-15T10:31:53.1+0000', 1_794_738_713_100],
    ['2026-11-15T10:31:53.141-0000', 1_794_738_713_141],
    ['2026-11-15T10:31:53.141+00:00', 1_794_738_713_141],
    ['2026-11-15T12:31:53.141+0200', 1_794_738_713_141],
    ['2026-11-15T05:01:53.141-05:30', 1_794_738_713_141],
    ['2026-11-15T10:31:53.1Z', 1_794_738_713_100],
    ['2026-11-15T10:31:53.14Z', 1_794_738_713_140],
    ['2026-11-15T10:31:53.1419Z', 1_794_738_713_141],
    ['2026-11-15T10:31:53.999999999Z', 1_794_738_713_999],
    ['2026-11-15T10:31:53.000000001Z', 1_794_738_713_000],
    ['1969-12-31T23:59:59.999Z', -1],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000],
    ['2000-02-29T00:00:00Z', 951_782_400_000],
    ['0000-01-01T00:00:00Z', -62_167_219_200_000],
    ['9999-12-31T23:59:59.999Z', 253_402_300_799_999],
  ])('reads %s', (text, expected) => {
    expect(parse(text)).toBe(instant(expected));
  });

  test.each([
    '',
    'null',
    '10:31:53Z',
    '2026-13-15T10:31:53Z',
    '2026-00-15T10:31:53Z',
    '2026-02-30T10:31:53Z',
    '2026-02-29T10:31:53.141Z',
    '1900-02-29T10:31:53Z',
    '2026-04-31T10:31:53Z',
    '2026-11-00T10:31:53Z',
    '2026-11-15T24:00:00Z',
    '2026-11-15T24:00:00+0000',
    '2026-11-15T10:60:53Z',
    '2026-11-15T10:31:60Z',
    '2026-11-15T10:31:60+0000',
    '2026-11-15T10:31:53.+0000',
    '2026-11-15T10:31:5+0000',
    '2026-11-15T10:31:5xZ',
    '2026-11-15T10:31:53.14xZ',
    '2026-11-15T10:31:53.Z',
    '2026-11-15T10:31:53.Z ',
    '2026/11/15T10:31:53Z',
    '-026-11-15T10:31:53Z',
    '1794738713141',
    '\u{1f98a}',
  ])('does not take %j for a time', (text) => {
    expect(parse(text)).toBeUndefined();
  });

  test('reads every millisecond of the calendar as luxon writes it', () => {
    const moment = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(moment, offset, (milliseconds, minutes) => {
        const utc = DateTime.fromMillis(milliseconds, { zone: 'utc' });
        expect(parse(utc.toISO() ?? '')).toBe(milliseconds);
        expect(parse(utc.toISO()?.replace('Z', '+0000') ?? '')).toBe(milliseconds);
        const seconds = Math.floor(milliseconds / 1000) * 1000;
        expect(parse(utc.toISO()?.replace(/\.\d+/, '') ?? '')).toBe(seconds);
        const there = utc.setZone(FixedOffsetZone.instance(minutes));
        if (there.year >= 0 && there.year <= 9999) {
          expect(parse(there.toISO() ?? '')).toBe(milliseconds);
          expect(parse(there.toFormat("yyyy-MM-dd'T'HH:mm:ss.SSSZZZ"))).toBe(milliseconds);
        }
      }),
    );
  });

  test('cuts a fraction of any length to milliseconds', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,9}$/), (fraction) => {
        const expected = 1_794_738_713_000 + Number(fraction.padEnd(3, '0').slice(0, 3));
        expect(parse(`2026-11-15T10:31:53.${fraction}Z`)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

test('PublishedReader reads each time for itself, whatever was read before', () => {
  const one = '2026-11-15T10:31:53.141Z';
  const changed = fc
    .tuple(fc.nat(one.length - 1), fc.constantFrom('0', '1', '2', '9', 'x'))
    .map(([at, byte]) => `${one.slice(0, at)}${byte}${one.slice(at + 1)}`);
  const text = fc.oneof(fc.constantFrom(one, '2026-11-15T10:31:53Z'), changed, changed);
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 6 }), (texts) => {
      expect(readAll(texts)).toEqual(texts.map(readOnly));
    }),
    { numRuns: 2000 },
  );
});
