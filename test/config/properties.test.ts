import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProperties } from '../../src/config/properties.ts';

function valueOf(line: string): string | undefined {
  return parseProperties(`[s]\n${line}\n`).get('s')?.get('key')?.value;
}

/** What means something to somebody who reads such a file, and a few that do not. */
const letters = ['[', ']', '=', ':', '#', ';', '"', "'", '\\', '.', '\n', '\r', ' ', 'a', '\ufeff'];

describe('parseProperties', () => {
  test.each([
    ['key=value', 'value'],
    ['key = value', 'value'],
    ['  key\t=\tvalue  ', 'value'],
    ['key: value', 'value'],
    ['key = a=b', 'a=b'],
    ['key = https://acme.okta.com', 'https://acme.okta.com'],
    ['key = a#b', 'a#b'],
    ['key = p;w', 'p;w'],
    ['key = value # remark', 'value'],
    ['key = value\t; remark', 'value'],
    ['key = # remark', ''],
    ['key =', ''],
    ['key = true', 'true'],
    ['key = null', 'null'],
    ['key = "quoted"', '"quoted"'],
    ["key = 'quoted'", "'quoted'"],
    [String.raw`key = C:\new\table\\x`, String.raw`C:\new\table\\x`],
    ['key = one\nkey = two', 'two'],
    ['key = [x]', '[x]'],
    ['key = ${path}/data', '${path}/data'],
  ])('reads %j as %j', (line, value) => {
    expect(valueOf(line)).toBe(value);
  });

  test('keeps every value that has no line break, no outer white space and no remark in it', () => {
    const value = fc
      .string({ unit: 'binary' })
      .filter((text) => text === text.trim() && !/[\r\n]|\s[#;]|^[#;]/u.test(text));
    fc.assert(
      fc.property(value, (text) => {
        expect(valueOf(`key = ${text}`)).toBe(text);
      }),
      {
        numRuns: 2000,
        examples: [['true'], ['"a"'], ['a\\'], ['1 a'], ['\u2028x'.trim()], ['a\u2028b']],
      },
    );
  });

  test('survives any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...letters) }), (text) => {
        expect(parseProperties(`${text}\n[s]\nkey = value\n`).get('s')?.get('key')?.value).toBe(
          'value',
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('names the line of each entry, however lines end', () => {
    const section = parseProperties('\ufeff# remark\r\n[s]\r\n\r\na = 1\rb = 2\nc = 3').get('s');
    expect([...(section ?? [])]).toEqual([
      ['a', { value: '1', line: 4 }],
      ['b', { value: '2', line: 5 }],
      ['c', { value: '3', line: 6 }],
    ]);
  });

  test('reads a first line behind a byte order mark', () => {
    expect([...parseProperties('\ufeff[s]\nkey = value').keys()]).toEqual(['s']);
  });

  test('goes on with a section that is opened again', () => {
    const sections = parseProperties('[s]\na = 1\nb = 1\n[other]\na = 9\n[ s ] # again\nb = 2');
    expect([...(sections.get('s') ?? [])]).toEqual([
      ['a', { value: '1', line: 2 }],
      ['b', { value: '2', line: 7 }],
    ]);
  });

  test.each([
    'a.b',
    'a.b.c',
    '.a',
    'a.',
    String.raw`a\.b`,
    '__proto__',
    'constructor',
    'a"b',
    'a;b',
    '',
  ])('takes the section name %j as it is', (name) => {
    const sections = parseProperties(`[${name}]\nkey = value\n[a]\nkey = other`);
    expect(new Set(sections.keys())).toEqual(new Set([name, 'a']));
    expect(sections.get(name)?.get('key')?.value).toBe('value');
  });

  test.each(['key[]', '__proto__', 'a.b', '"key"', 'two words', 'line 9'])(
    'takes the key %j as it is',
    (key) => {
      const section = parseProperties(`[s]\n${key} = 1\n${key} = 2`).get('s');
      expect([...(section ?? [])]).toEqual([[key, { value: '2', line: 3 }]]);
    },
  );

  test('keeps a section apart from a key of the same name above it', () => {
    expect(parseProperties('s = 1\n[s]\nkey = value').get('s')?.get('key')?.value).toBe('value');
  });

  test.each(['just words', '[open', '= value'])('marks a line such as %j', (line) => {
    const section = parseProperties(`[s]\n${line}`).get('s');
    expect([...(section ?? [])]).toEqual([['line 2', { value: undefined, line: 2 }]]);
  });
});
