import { format, inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/domain/secret.ts';

const VALUE = '00abcdefghijklmnopqrstuvwxyz0123456789ABCD';
const secret = new Secret(VALUE);

describe('Secret', () => {
  test('gives its value to whoever asks for it by name', () => {
    expect(secret.reveal()).toBe(VALUE);
  });

  test.each<[string, (value: unknown) => string]>([
    ['a template', (value) => `token ${String(value)}`],
    ['a sum of texts', (value) => ['token', value].join(' ')],
    ['JSON', (value) => JSON.stringify(value)],
    ['what console.log writes', (value) => format('%s %o %O %j', value, value, value, value)],
    ['what console.log writes of the value alone', (value) => format(value)],
    [
      'an inspection of all there is',
      (value) => inspect(value, { depth: Infinity, showHidden: true, getters: true }),
    ],
    ['its members', (value) => JSON.stringify(Object.entries(value as object))],
    ['a copy of its members', (value) => inspect({ ...(value as object) }, { showHidden: true })],
    ['an error about it', (value) => inspect(new Error(`bad: ${String(value)}`, { cause: value }))],
  ])('is not shown by %s, alone or inside something', (_, show) => {
    for (const value of [secret, { config: { apiToken: secret } }, [secret]]) {
      expect(show(value)).not.toContain(VALUE);
    }
  });

  test('says what it is instead', () => {
    expect(`${String(secret)} ${JSON.stringify({ secret })} ${inspect({ secret })}`).toBe(
      '[secret] {"secret":"[secret]"} { secret: [secret] }',
    );
  });
});
