import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editProperties } from '../../src/config/edit-properties.ts';
import { Refusal } from '../../src/config/key.ts';
import { parseProperties } from '../../src/config/properties.ts';

const edit = (text: string, changes: Readonly<Record<string, string | undefined>>): string =>
  editProperties(text, 'okta', new Map(Object.entries(changes)));

describe('editProperties', () => {
  test.each([
    ['keeps blanks', '[okta]\n  a  =  1  \nb=2\n', '[okta]\n  a  =  new  \nb=2\n'],
    ['keeps no blanks', '[okta]\na=1', '[okta]\na=new'],
    ['keeps a remark', '[okta]\na = <put it here>\t# the a\n', '[okta]\na = new\t# the a\n'],
    ['fills in an empty value', '[okta]\na =\n', '[okta]\na = new\n'],
    [
      'fills in an empty value before a remark',
      '[okta]\na = # the a\n',
      '[okta]\na = new # the a\n',
    ],
    ['knows the colon', '[okta]\na: 1\n', '[okta]\na: new\n'],
    ['keeps line ends', '[okta]\r\na = 1\r\nb = 2\r\n', '[okta]\r\na = new\r\nb = 2\r\n'],
    ['replaces the value in force', '[okta]\na = 1\na = 2\n', '[okta]\na = 1\na = new\n'],
    [
      'finds a section that is opened again',
      '[okta]\nb = 1\n[box]\na = 2\n[okta]\na = 3\n',
      '[okta]\nb = 1\n[box]\na = 2\n[okta]\na = new\n',
    ],
    [
      'puts a new key behind the remark that shows it',
      '[okta]\n# What a is\n#a =\n\n#b =\n',
      '[okta]\n# What a is\n#a =\na = new\n\n#b =\n',
    ],
    [
      'puts a new key at the end of the section',
      '[okta]\r\nb = 1\r\n\r\n[box]\r\nc = 2\r\n',
      '[okta]\r\nb = 1\r\na = new\r\n\r\n[box]\r\nc = 2\r\n',
    ],
    [
      'puts a new key below a line without a line break',
      '[okta]\nb = 1',
      '[okta]\nb = 1\na = new\n',
    ],
    [
      'puts a new section at the end',
      '[generic]\npath = .\n',
      '[generic]\npath = .\n\n[okta]\na = new\n',
    ],
    ['begins a file', '', '[okta]\na = new\n'],
    ['leaves a byte order mark', '\ufeff[okta]\na = 1\n', '\ufeff[okta]\na = new\n'],
  ])('%s', (_, text, expected) => {
    expect(edit(text, { a: 'new' })).toBe(expected);
  });

  test('takes the value from each line of a key that is to be set no longer', () => {
    const text = '[okta]\na = 1\na = \nb = 2\na = 3 # old\n[box]\na = 4\n';
    expect(edit(text, { a: undefined })).toBe(
      '[okta]\na =\na = \nb = 2\na = # old\n[box]\na = 4\n',
    );
  });

  test.each([
    ['#x', '[okta]\na =#x\n'],
    [';x', '[okta]\na =;x\n'],
    ['x#y;z', '[okta]\na = x#y;z\n'],
    ['a=b: c', '[okta]\na = a=b: c\n'],
    [String.raw`C:\new`, String.raw`[okta]${'\n'}a = C:\new${'\n'}`],
    ['$& $1', '[okta]\na = $& $1\n'],
  ])('writes %j so that it is read as that', (value, expected) => {
    expect(edit('[okta]\na = 1\n', { a: value })).toBe(expected);
    expect(parseProperties(expected).get('okta')?.get('a')?.value).toBe(value);
  });

  test.each(['x # y', 'x ;y', ' x', 'x\t', 'x\ny', 'x\r', '\ufeffx'])('refuses %j', (value) => {
    expect(() => edit('[okta]\na = 1\n', { a: value })).toThrow(Refusal);
  });

  const lines = fc.array(
    fc.oneof(
      fc.constantFrom('[okta]', '[box]', ' [okta] ', '# a', '#a = 1', '', '  ', 'word', '; b: x'),
      fc
        .tuple(fc.constantFrom('a', 'b', 'c', ' a '), fc.constantFrom('=', ' = ', ':'), fc.string())
        .map((parts) => parts.join('').replaceAll(/[\r\n]/g, '')),
    ),
  );
  const file = fc
    .tuple(lines, fc.constantFrom('\n', '\r\n', '\r'), fc.boolean())
    .map(([all, end, isEnded]) => all.join(end) + (isEnded ? end : ''));
  const value = fc
    .string()
    .filter((text) => text === text.trim() && !/[\r\n]|\s[#;]/u.test(text) && text !== '');

  function valuesOf(text: string): readonly (readonly [string, string | undefined])[] {
    return [...parseProperties(text)].flatMap(([name, section]) =>
      [...section]
        .filter(([, entry]) => entry.value !== undefined)
        .map(([key, entry]) => [`${name}/${key}`, entry.value] as const),
    );
  }

  test('changes the values it was told to and no others, whatever the file', () => {
    fc.assert(
      fc.property(file, value, (text, fresh) => {
        const after = new Map(valuesOf(edit(text, { a: fresh })));
        const expected = new Map(valuesOf(text)).set('okta/a', fresh);
        expect(after).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('keeps every other line as it is', () => {
    fc.assert(
      fc.property(file, value, (text, fresh) => {
        const before = text.split(/\r\n|\r|\n/);
        const after = edit(text, { a: fresh }).split(/\r\n|\r|\n/);
        const kept = before.filter((line) => after.includes(line));
        expect(before.length - kept.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2000 },
    );
  });

  test('does nothing the second time', () => {
    fc.assert(
      fc.property(file, value, (text, fresh) => {
        const once = edit(text, { a: fresh, b: undefined });
        expect(edit(once, { a: fresh, b: undefined })).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });
});
