import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  between,
  days,
  describeDuration,
  earlier,
  formatInstant,
  hours,
  instant,
  later,
  milliseconds,
  minutes,
  momentOf,
  parseInstant,
  seconds,
} from '../../src/domain/time.ts';
import { NOON, noon } from '../support/stream.ts';

const HOUR = 3600;

describe('durations', () => {
  test('are counted in milliseconds', () => {
    expect([milliseconds(7), seconds(1), minutes(1), hours(1), days(1)]).toEqual([
      7, 1000, 60_000, 3_600_000, 86_400_000,
    ]);
  });

  test('lie between two moments, negative if the second comes first', () => {
    expect(between(NOON, later(NOON, minutes(5)))).toBe(minutes(5));
    expect(between(NOON, earlier(NOON, minutes(5)))).toBe(minutes(-5));
  });
});

describe('momentOf', () => {
  test('leaves a moment as it is and reckons the rest from now', () => {
    expect(momentOf({ kind: 'moment', at: noon(-5) }, NOON)).toBe(noon(-5));
    expect(momentOf({ kind: 'ago', by: hours(2) }, NOON)).toBe(noon(-2 * HOUR));
  });
});

describe('parseInstant', () => {
  test.each([
    ['2026-11-15T12:00:00.000Z', NOON],
    ['2026-11-15T12:00:00Z', NOON],
    ['2026-11-15T12:00:00', NOON],
    ['  2026-11-15T12:00Z ', NOON],
    ['2026-11-15', noon(-12 * HOUR)],
    ['2026-11-15T13:00:00+01:00', NOON],
    ['2026-11-15T06:30:00-0530', NOON],
    ['2026-11-15T12:00:00.1419999Z', instant(NOON + 141)],
    ['1969-12-31T23:59:59.999Z', instant(-1)],
  ])('reads "%s"', (text, moment) => {
    expect(parseInstant(text)).toBe(moment);
  });

  test.each([
    '',
    ' ',
    'yesterday',
    '2026-02-30',
    '2026-13-01',
    '2026-11-15T25:00:00Z',
    '2026-11-15T12:00:00X',
    '15.11.2026',
    '1794744000000',
  ])('refuses "%s"', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe('formatInstant', () => {
  test('writes UTC with milliseconds, even where they are zero', () => {
    expect(formatInstant(NOON)).toBe('2026-11-15T12:00:00.000Z');
    expect(formatInstant(instant(NOON + 53_141))).toBe('2026-11-15T12:00:53.141Z');
  });

  test('writes what parseInstant reads as the same moment', () => {
    const span = { min: Date.UTC(1970, 0), max: Date.UTC(2200, 0) };
    fc.assert(
      fc.property(fc.integer(span), (epoch) => {
        expect(parseInstant(formatInstant(instant(epoch)))).toBe(epoch);
      }),
    );
  });
});

describe('describeDuration', () => {
  test.each([
    [milliseconds(0), '0 seconds'],
    [milliseconds(499), '0 seconds'],
    [milliseconds(500), '1 second'],
    [seconds(45), '45 seconds'],
    [seconds(60), '1 minute'],
    [seconds(61), '1 minute, 1 second'],
    [days(90), '90 days'],
    [milliseconds(days(2) + hours(3) + minutes(4)), '2 days, 3 hours'],
    [milliseconds(days(1) + seconds(5)), '1 day, 5 seconds'],
    [hours(-2), '2 hours'],
  ])('calls %d ms "%s"', (duration, words) => {
    expect(describeDuration(duration)).toBe(words);
  });
});
