import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnusablePageError } from '../../src/domain/failure.ts';
import { splitPage } from '../../src/domain/split-page.ts';
import { PIECE_LENGTH } from '../../src/domain/structure-marker.ts';
import { parseInstant } from '../../src/domain/time.ts';

const uuid = '5e1c83b5-8296-11f0-286c-200248153a51';
const published = '2026-11-15T10:31:53.141Z';
const identity = `"published":"${published}","uuid":"${uuid}"`;

/** The page's lines, each without its line feed. */
function linesOf(body: string | Buffer): string[] {
  return splitPage(Buffer.from(body)).map(({ line }) => {
    const text = Buffer.from(line).toString('latin1');
    expect(text.endsWith('\n')).toBe(true);
    return Buffer.from(text.slice(0, -1), 'latin1').toString();
  });
}

function identitiesOf(body: string): unknown[] {
  return splitPage(Buffer.from(body)).map((event) => [event.uuid, event.published]);
}

/** Text that is likely to mislead a scanner that counts brackets, quotes and backslashes. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\u2028', '😀', ' ', 'a'),
      {
        maxLength: 24,
      },
    )
    .map((pieces) => pieces.join('')),
);
const keyName = fc.oneof(
  text,
  fc.constantFrom('uuid', 'published', 'publishes', 'uuie', '__proto__'),
);
const { value } = fc.letrec<{ value: unknown; object: object }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(null, true, false, uuid, published),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(keyName, tie('value'), { maxKeys: 4 }),
}));
const event = fc.dictionary(keyName, value, { maxKeys: 6 });
const events = fc.array(event, { maxLength: 5 });

/** JSON with white space of the given choice wherever it may stand. */
function spaced(json: unknown, space: () => string): string {
  const around = (token: string) => `${space()}${token}${space()}`;
  if (Array.isArray(json)) {
    return around(`[${space()}${json.map((item) => spaced(item, space)).join(',')}]`);
  }
  if (typeof json !== 'object' || json === null) return around(JSON.stringify(json));
  const members = Object.entries(json).map(
    ([key, member]) => `${around(JSON.stringify(key))}:${spaced(member, space)}`,
  );
  return around(`{${space()}${members.join(',')}}`);
}

function expectedIdentity(event: Readonly<Record<string, unknown>>): unknown[] {
  const id = Object.hasOwn(event, 'uuid') ? event['uuid'] : undefined;
  const time = Object.hasOwn(event, 'published') ? event['published'] : undefined;
  return [
    typeof id === 'string' && id !== '' ? id : undefined,
    time === published ? parseInstant(published) : undefined,
  ];
}

describe('splitPage', () => {
  test('gives each event as a view into the body, with a line feed behind it', () => {
    const body = Buffer.from(`[{"a":1,${identity}},{"b":"x"}]`);
    const [first, second] = splitPage(body);
    expect(first?.line.buffer).toBe(body.buffer);
    expect(Buffer.from(first?.line ?? []).toString()).toBe(`{"a":1,${identity}}\n`);
    expect(Buffer.from(second?.line ?? []).toString()).toBe('{"b":"x"}\n');
  });

  test.each(['[]', '[ ]', ' [\r\n]\n', '\ufeff[]'])('finds no event in %j', (body) => {
    expect(splitPage(Buffer.from(body))).toEqual([]);
  });

  test('leaves every event of generated pages as it is', () => {
    fc.assert(
      fc.property(events, (page) => {
        expect(linesOf(JSON.stringify(page))).toEqual(page.map((item) => JSON.stringify(item)));
      }),
      { numRuns: 1000 },
    );
  });

  test('takes white space out of generated pages, outside strings only', () => {
    const spaces = fc.infiniteStream(fc.constantFrom('', '', ' ', '\n', '\r\n', '\t', '   '));
    const blanks = fc.infiniteStream(fc.constantFrom('', '', '', ' ', '\t'));
    fc.assert(
      fc.property(events, fc.oneof(spaces, blanks), (page, space) => {
        const body = spaced(page, () => String(space.next().value));
        expect(linesOf(body)).toEqual(page.map((item) => JSON.stringify(item)));
      }),
      { numRuns: 1000 },
    );
  });

  test('reads uuid and published of generated events as JSON.parse does', () => {
    fc.assert(
      fc.property(events, (page) => {
        const expected = page.map((item) => expectedIdentity(item));
        expect(identitiesOf(JSON.stringify(page))).toEqual(expected);
        expect(identitiesOf(JSON.stringify(page, null, 2))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test.each<[string, string, unknown[]]>([
    ['at the top', `{${identity}}`, [uuid, parseInstant(published)]],
    [
      'behind nested ones',
      `{"debugData":{"uuid":"x"},${identity}}`,
      [uuid, parseInstant(published)],
    ],
    ['before nested ones', `{${identity},"a":[{"uuid":"x"}]}`, [uuid, parseInstant(published)]],
    ['twice: the last counts', `{"uuid":"x",${identity}}`, [uuid, parseInstant(published)]],
    ['twice, last without text', `{${identity},"uuid":null}`, [undefined, parseInstant(published)]],
    ['under an escaped name', `{"\\u0075uid":"x","published":1}`, ['x', undefined]],
    ['under both names', `{${identity},"uui\\u0064":"x"}`, ['x', parseInstant(published)]],
    ['under a longer spelling', `{${identity},"\\u0070ublishe\\u0064":1}`, [uuid, undefined]],
    [
      'with an escaped value',
      `{"uuid":"\\u0061","published":"2026\\u002d11-15T10:31:53.141Z"}`,
      ['a', parseInstant(published)],
    ],
    [
      'nested only',
      '{"debugData":{"uuid":"x","published":"2026-11-15T10:31:53Z"}}',
      [undefined, undefined],
    ],
    ['as a value only', '{"a":"uuid","b":"published"}', [undefined, undefined]],
    ['of another type', '{"uuid":{"uuid":"x"},"published":1794738713141}', [undefined, undefined]],
    ['empty', '{"uuid":"","published":""}', [undefined, undefined]],
    ['that is no time', `{"uuid":"é😀","published":"yesterday"}`, ['é😀', undefined]],
    [
      'without milliseconds',
      `{"uuid":"x","published":"2026-11-15T10:31:53+0000"}`,
      ['x', 1_794_738_713_000],
    ],
  ])('reads uuid and published %s', (_, json, expected) => {
    expect(identitiesOf(`[${json},{"a":0}]`)).toEqual([expected, [undefined, undefined]]);
  });

  test.each([
    '{"n":[37.76970,12345678901234567890,1E400,-0.0,1.0]}',
    '{"s":"\\u2028\\/\\u00e9 \u2028 \u{1f98a} \\ud800"}',
    '{"a":1,"a":2}',
    '{"":"","\\\\":"\\\\\\""}',
    '{}',
    `{"deep":${'[{"a":'.repeat(5_000)}1${'}]'.repeat(5_000)}}`,
    `{"long":"${'x'.repeat(5_000_000)}"}`,
  ])('leaves %.60s as it is', (json) => {
    expect(linesOf(`[${json},{"next":${json}}]`)).toEqual([json, `{"next":${json}}`]);
  });

  test('leaves bytes that are no UTF-8 as they are', () => {
    const event = Buffer.from(`{"a":"\xff\xc0\x80",${identity}}`, 'latin1');
    const [line] = splitPage(Buffer.concat([Buffer.from('['), event, Buffer.from(']')]));
    expect(Buffer.from(line?.line ?? [])).toEqual(Buffer.concat([event, Buffer.from('\n')]));
  });

  test.each([-4, -3, -2, -1, 0, 1, 2, 3, 4])(
    'splits a page wherever a piece of it ends: %i bytes from the end of an event',
    (offset) => {
      const event = `{"a":"${'x'.repeat(PIECE_LENGTH + offset - 8)}"}`;
      for (const space of ['', ' ', '\n  ']) {
        const body = `[${event},${space}${event}${space},{"b":1}]`;
        expect(linesOf(body)).toEqual([event, event, '{"b":1}']);
      }
    },
  );

  test.each(['"', '\\', 'é', '\u007f', '\u{1f98a}', 'm'])(
    'reads a uuid with %j at any place in it, and at the end of the page',
    (odd) => {
      for (let length = 0; length <= 9; length++) {
        for (let at = 0; at <= length; at++) {
          const text = `${'x'.repeat(at)}${odd}${'#!~'.repeat(3).slice(0, length - at)}`;
          expect(
            identitiesOf(`[{"published":"${published}","uuid":${JSON.stringify(text)}}]`),
          ).toEqual([[text, parseInstant(published)]]);
        }
      }
    },
  );

  test('finds uuid and published wherever a piece ends in them or in their keys', () => {
    const rest = `"published":"${published}","uuid":"${uuid}"}`;
    for (let cut = 0; cut <= rest.length; cut++) {
      const event = `{"a":"${'x'.repeat(PIECE_LENGTH - cut - 9)}",${rest}`;
      const [found] = splitPage(Buffer.from(`[${event}]`));
      expect(found).toMatchObject({ uuid, published: parseInstant(published) });
    }
  });

  test('splits pages of several pieces', () => {
    const lengths = fc.array(fc.nat(PIECE_LENGTH / 16), { minLength: 100, maxLength: 140 });
    fc.assert(
      fc.property(lengths, fc.constantFrom('', ' ', '\t'), (all, space) => {
        const page = all.map((length, index) => `{"a":"${'\\"'.repeat(length)}","i":${index}}`);
        expect(linesOf(`[${page.join(`,${space}`)}]`)).toEqual(page);
      }),
      { numRuns: 50 },
    );
  });

  test('splits a page of 10,000 events', () => {
    const page = Array.from({ length: 10_000 }, (_, index) => `{"i":${index},${identity}}`);
    expect(linesOf(`[${page.join(',')}]`)).toEqual(page);
  });

  test.each<[string, string]>([
    ['', 'nothing but white space at byte 0 of 0'],
    [' \n', 'nothing but white space'],
    ['\ufeff', 'nothing but white space'],
    ['<html>[]', 'no "[" to begin with at byte 0'],
    ['{"errorCode":"E0000009"}', 'no "[" to begin with'],
    ['null', 'no "[" to begin with'],
    ['[', 'no "]" to end with'],
    ['[{}', 'no "]" to end with'],
    ['[{}] x', 'no "]" to end with'],
    ['[{}]]', 'no comma behind an event at byte 3'],
    ['[{}][{}]', 'no comma behind an event'],
    ['[{}{}]', 'no comma behind an event'],
    ['[{}:{}]', 'no comma behind an event'],
    ['[{} {}]', 'no comma behind an event'],
    ['[{},,{}]', 'an event that is no object at byte 4'],
    ['[{},]', 'an event that is no object'],
    ['[{} , ]', 'an event that is no object'],
    ['[,{}]', 'an event that is no object'],
    ['[,]', 'an event that is no object'],
    ['[null]', 'an event that is no object'],
    ['[[{}]]', 'an event that is no object'],
    ['[{}, "a"]', 'an event that is no object'],
    ['[{"a":[]', 'an event without an end'],
    ['[{"a":{}]', 'an event without an end'],
    ['[{"a":"]', 'an event without an end'],
    ['[{"a":"\\"}]', 'an event without an end'],
    ['[{"a":[}]', 'a byte that cannot stand there'],
    ['[{"a":[1}]}]', 'a byte that cannot stand there'],
    ['[{"a":\u0001}]', 'a byte that cannot stand there'],
    ['[{"a":"x\ny"}]', 'a line break inside a string'],
    ['[{"a": "x\ry"}]', 'a line break inside a string'],
    ['[{"a":}]', 'an event that is not JSON'],
    ['[{"a"}]', 'an event that is not JSON'],
  ])('refuses %j', (body, reason) => {
    expect(() => splitPage(Buffer.from(body))).toThrow(UnusablePageError);
    expect(() => splitPage(Buffer.from(body))).toThrow(reason);
  });

  test('splits a page of 100,000 events, and refuses one of many more', () => {
    const pageOf = (count: number) => Buffer.from(`[${'{},'.repeat(count - 1)}{}]`);
    expect(splitPage(pageOf(100_000))).toHaveLength(100_000);
    expect(() => splitPage(pageOf(150_000))).toThrow('more than 100,000 events at byte');
  });

  test('shows nothing of an unusable page, for it may be anything', () => {
    const body = Buffer.from(`[{"a":"${'secret'.repeat(9)}"}{}]`);
    expect(() => splitPage(body)).toThrow(
      /^Cannot split page: no comma behind an event at byte \d+ of \d+$/,
    );
  });

  test('refuses every page that is cut', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 3 }), (page) => {
        for (const body of [JSON.stringify(page), JSON.stringify(page, null, 1)]) {
          const whole = Buffer.from(body);
          for (let length = 0; length < whole.length; length++) {
            const cut = Buffer.from(whole.subarray(0, length));
            expect(() => splitPage(cut)).toThrow(UnusablePageError);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test('refuses a large page wherever it is cut', () => {
    const line = `{"a":[{"b":"]}]"},["\\"]"]],${identity}}`;
    const whole = Buffer.from(`[${Array.from({ length: 500 }, () => line).join(',')}]`);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
        const cut = Buffer.from(whole.subarray(0, length));
        expect(() => splitPage(cut)).toThrow(UnusablePageError);
      }),
      { numRuns: 2000 },
    );
  });

  test('refuses a page with changed bytes or gives those bytes', () => {
    const change = fc.tuple(
      fc.nat(),
      fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('"\\{}[],: \n'))),
    );
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1 }),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (page, changes) => {
          const body = Buffer.from(JSON.stringify(page));
          for (const [at, byte] of changes) body[at % body.length] = byte;
          const expected = compact(body);
          let lines: Buffer;
          try {
            lines = Buffer.concat(splitPage(Buffer.from(body)).map(({ line }) => line));
          } catch (error) {
            expect(error).toBeInstanceOf(UnusablePageError);
            return;
          }
          const joined = `[${lines.toString('latin1').slice(0, -1).replaceAll('\n', ',')}]`;
          expect(joined).toBe(expected);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

/** The body, byte by byte as one character, without white space outside strings. */
function compact(body: Buffer): string {
  return body
    .toString('latin1')
    .replaceAll(
      /("(?:[^"\\]|\\[^])*")|[ \t\r\n]+/g,
      (_, string: string | undefined) => string ?? '',
    );
}
