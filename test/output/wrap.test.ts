import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wrap } from '../../src/output/wrap.ts';

const words = fc.array(fc.stringMatching(/^[a-z"/.]{1,30}$/), { minLength: 1 });

describe('wrap', () => {
  test('breaks between words, and sets the further lines in', () => {
    expect(wrap('✓ Topic  ', 'one two three four', 9, 18)).toBe(
      '✓ Topic  one two\n         three\n         four',
    );
  });

  test('fills a line to its end', () => {
    expect(wrap('', 'one two', 2, 7)).toBe('one two');
    expect(wrap('', 'one two', 2, 6)).toBe('one\n  two');
  });

  test('leaves a word whole that is longer than the line', () => {
    expect(wrap('- ', '/a/very/long/path is', 2, 10)).toBe('- /a/very/long/path\n  is');
  });

  test('keeps all words in order, in lines no longer than the screen', () => {
    fc.assert(
      fc.property(words, (list) => {
        const lines = wrap('  ', list.join(' '), 2, 40).split('\n');
        expect(lines.every((line) => line.length <= 40 && line.startsWith('  '))).toBe(true);
        expect(lines.map((line) => line.slice(2)).join(' ')).toBe(list.join(' '));
      }),
    );
  });
});
