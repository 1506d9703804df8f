import { describe, expect, test } from 'vitest';
import type { Grant } from '../../src/okta/pacing.ts';
import { grantIn, pauseBefore } from '../../src/okta/pacing.ts';
import { NOON, noon } from '../support/stream.ts';

const headers = (limit: string, remaining: string, resetSecondsAfterNoon: number) => ({
  'x-rate-limit-limit': limit,
  'x-rate-limit-remaining': remaining,
  'x-rate-limit-reset': String(noon(resetSecondsAfterNoon) / 1000),
});

describe('grantIn', () => {
  test('reckons the reset by the server, whatever our clock says', () => {
    const ourTime = noon(86_400);
    expect(grantIn(headers('60', '59', 30), NOON, ourTime)).toEqual({
      limit: 60,
      remaining: 59,
      resetsAt: noon(86_430),
    });
  });

  test.each([
    { name: 'a reset in the past means now', reset: -5, seconds: 0 },
    { name: 'a reset in an hour means the end of a window', reset: 3600, seconds: 61 },
  ])('$name', ({ reset, seconds }) => {
    expect(grantIn(headers('60', '59', reset), NOON, NOON)?.resetsAt).toBe(noon(seconds));
  });

  test.each([
    { name: 'without headers', given: {} },
    { name: 'with words for numbers', given: headers('many', '59', 30) },
    { name: 'with an empty header', given: headers('60', '', 30) },
    { name: 'after too many requests at once', given: headers('0', '0', 30) },
  ])('tells nothing $name', ({ given }) => {
    expect(grantIn(given, NOON, NOON)).toBeUndefined();
  });
});

describe('pauseBefore', () => {
  const grant = (remaining: number): Grant => ({ limit: 60, remaining, resetsAt: noon(30) });
  const pause = (remaining: number | undefined, lastSent = NOON, now = NOON) =>
    pauseBefore(remaining === undefined ? undefined : grant(remaining), 0.1, lastSent, now) / 1000;

  test.each([
    { name: 'nothing while no grant is known', remaining: undefined, seconds: 0 },
    { name: 'nothing while more than half is left', remaining: 31, seconds: 0 },
    { name: 'its part of the window when half is left', remaining: 30, seconds: 1.25 },
    { name: 'longer the less is left', remaining: 16, seconds: 3 },
    { name: 'until the reset when only one is left beside the reserve', remaining: 7, seconds: 30 },
    { name: 'until behind the reset when only the reserve is left', remaining: 6, seconds: 31 },
    { name: 'until behind the reset when others used up the reserve', remaining: 0, seconds: 31 },
    {
      name: 'until behind the reset when more is in flight than is left',
      remaining: -3,
      seconds: 31,
    },
  ])('waits $name', ({ remaining, seconds }) => {
    expect(pause(remaining)).toBe(seconds);
  });

  test('counts the time since the last request', () => {
    expect(pause(16, noon(-2), NOON)).toBeCloseTo(1.2);
    expect(pause(16, noon(-60), NOON)).toBe(0);
  });

  test('waits for nothing once the window is over', () => {
    expect(pause(0, NOON, noon(31))).toBe(0);
  });

  test('waits for a window at most, even if our clock went back', () => {
    expect(pause(0, NOON, noon(-86_400))).toBe(61);
    expect(pause(16, noon(86_400), NOON)).toBe(61);
  });

  test('may use everything if nothing is reserved', () => {
    expect(pauseBefore(grant(1), 0, NOON, NOON)).toBe(30_000);
    expect(pauseBefore(grant(0), 0, NOON, NOON)).toBe(31_000);
  });
});
