import { describe, expect, test } from 'vitest';
import { rateLimitWait } from '../../src/okta/rate-limit.ts';
import { NOON, noon } from '../support/stream.ts';

const reset = (secondsAfterNoon: number, limit = '60') => ({
  'x-rate-limit-limit': limit,
  'x-rate-limit-reset': String(noon(secondsAfterNoon) / 1000),
});

describe('rateLimitWait', () => {
  test.each([
    { name: 'until the reset and a second more', headers: reset(30), seconds: 31 },
    { name: 'a second if the reset is past', headers: reset(-30), seconds: 1 },
    { name: 'a second if the reset is now less one', headers: reset(-1), seconds: 1 },
    { name: 'a minute and a second at most', headers: reset(3600), seconds: 61 },
    { name: 'a minute and a second if nothing tells the reset', headers: {}, seconds: 61 },
    {
      name: 'a minute and a second if the reset is no number',
      headers: { 'x-rate-limit-reset': 'soon' },
      seconds: 61,
    },
    {
      name: 'a second after too many requests at once, whatever the reset',
      headers: reset(30, '0'),
      seconds: 1,
    },
  ])('waits $name', ({ headers, seconds }) => {
    expect(rateLimitWait(headers, NOON, 0)).toBe(seconds * 1000);
  });

  test('waits longer by chance, but never shorter than until the reset', () => {
    expect(rateLimitWait(reset(30), NOON, 1)).toBeCloseTo(34_100);
    expect(rateLimitWait(reset(30, '0'), NOON, 1)).toBe(3000);
  });
});
