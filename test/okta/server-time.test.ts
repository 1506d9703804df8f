import { describe, expect, test } from 'vitest';
import { serverTimeOf } from '../../src/okta/server-time.ts';
import { NOON } from '../support/stream.ts';

describe('serverTimeOf', () => {
  test.each([
    { date: 'Sun, 15 Nov 2026 12:00:00 GMT', moment: NOON },
    { date: ['Sun, 15 Nov 2026 12:00:00 GMT', 'nonsense'], moment: NOON },
    { date: 'nonsense', moment: undefined },
    { date: '', moment: undefined },
    { date: undefined, moment: undefined },
  ])('reads "$date"', ({ date, moment }) => {
    expect(serverTimeOf({ headers: { date } })).toBe(moment);
  });
});
