import { describe, expect, test } from 'vitest';
import type { LogFields } from '../../src/domain/log.ts';
import { instant } from '../../src/domain/time.ts';
import { readableLine } from '../../src/output/readable-line.ts';

const afterTheTime = (fields: LogFields): string =>
  readableLine(instant(0), 'info', 'Saved', fields, false).slice('00:00:00 '.length);

describe('readableLine', () => {
  test('begins with the local time of day', () => {
    const time = new Date(2026, 10, 15, 3, 4, 5);
    const line = readableLine(instant(time.getTime()), 'warn', 'Saved', {}, false);
    expect(line).toBe('03:04:05 warn  Saved\n');
  });

  test.each<[string, LogFields, string]>([
    ['without fields', {}, 'info  Saved\n'],
    ['with plain values', { a: 1, b: true, c: 'x' }, 'info  Saved  a=1 b=true c=x\n'],
    ['with a value that is undefined', { a: undefined, b: 2 }, 'info  Saved  b=2\n'],
    ['with spaces', { a: 'two words' }, 'info  Saved  a="two words"\n'],
    ['with quotes', { a: 'say "no"' }, 'info  Saved  a="say \\"no\\""\n'],
    ['with nothing in it', { a: '' }, 'info  Saved  a=""\n'],
    ['with escape codes', { a: '\u001b[0m\n' }, 'info  Saved  a=\\u{1b}[0m\\n\n'],
  ])('a record %s', (_name, fields, line) => {
    expect(afterTheTime(fields)).toBe(line);
  });
});
