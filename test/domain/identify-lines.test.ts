import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identifyLines } from '../../src/domain/identify-lines.ts';

const uuidsIn = (...lines: readonly string[]) =>
  identifyLines(Buffer.from(lines.map((line) => `${line}\n`).join(''))).map(
    ({ line, identity }) => [line.toString().slice(0, -1), identity?.uuid],
  );

describe('identifyLines', () => {
  test('reads each event, whatever is in its strings', () => {
    const events = fc.array(fc.record({ uuid: fc.string({ minLength: 1 }), any: fc.jsonValue() }));
    fc.assert(
      fc.property(events, (list) => {
        const lines = list.map((event) => JSON.stringify(event));
        expect(uuidsIn(...lines)).toEqual(list.map(({ uuid }, at) => [lines[at], uuid]));
      }),
    );
  });

  test.each([
    ['a torn line', '{"uuid":"x","text":"a'],
    ['two events glued together', '{"uuid":"x"},{"uuid":"y"}'],
    ['an event glued to a torn one', '{"uuid":"x","te{"uuid":"y"}'],
    ['an empty line', ''],
    ['no object', '["uuid"]'],
    ['something behind an event', '{"uuid":"x"}]'],
    ['no JSON', 'uuid'],
  ])('knows %s for what it is, and the lines around it all the same', (_, spoiled) => {
    const [one, two] = ['{"uuid":"1"}', '{"uuid":"2"}'];
    expect(uuidsIn(one, spoiled, two)).toEqual([
      [one, '1'],
      [spoiled, undefined],
      [two, '2'],
    ]);
  });

  test('two halves of a string are two torn lines and not one event', () => {
    const [head, tail] = ['{"uuid":"1","text":"a', 'b"}'];
    const pair = '{"uuid":"2"},{"uuid":"3"}';
    expect(uuidsIn(head, tail, pair)).toEqual([
      [head, undefined],
      [tail, undefined],
      [pair, undefined],
    ]);
  });

  test('leaves white space in a line as it is', () => {
    const line = '{ "uuid" : "1" } ';
    expect(uuidsIn('{"uuid":"0"}', line)).toEqual([
      ['{"uuid":"0"}', '0'],
      [line, '1'],
    ]);
  });
});
