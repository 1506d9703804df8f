import { describe, expect, test } from 'vitest';
import { auditedWindow, requireClock } from '../../src/collect/audited-window.ts';
import { TransientError, UsageError } from '../../src/domain/failure.ts';
import type { Window } from '../../src/domain/time.ts';
import { days, earlier, hours, later, minutes, seconds } from '../../src/domain/time.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { notedLog } from '../support/noted-log.ts';
import { NOON } from '../support/stream.ts';

const since = (ago: ReturnType<typeof days>) => earlier(NOON, ago);

function audited(window: Window) {
  const log = notedLog();
  return {
    log,
    window: auditedWindow({ window, settle: seconds(60), clock: fakeClock(NOON), log }),
  };
}

describe('the part of a window that an audit looks at', () => {
  test('is all of it, or ends where events have not settled', () => {
    const whole = { since: since(days(3)), until: since(days(2)) };
    expect(audited(whole).window).toEqual(whole);
    expect(audited({ ...whole, until: later(NOON, days(1)) }).window).toEqual({
      ...whole,
      until: earlier(NOON, seconds(60)),
    });
  });

  test.each([
    [{ since: later(NOON, hours(1)), until: later(NOON, hours(2)) }, TransientError],
    [{ since: since(seconds(30)), until: later(NOON, hours(1)) }, TransientError],
    [{ since: since(days(91)), until: since(days(90)) }, UsageError],
  ])('is refused if it is none: %o', (window, kind) => {
    expect(() => audited(window)).toThrow(kind);
  });

  test('is not what a clock that is ahead makes of it', () => {
    const window = { since: since(days(89)), until: since(days(80)) };
    const cut = { ...window, since: since(days(84)) };
    const ahead = later(NOON, days(6));
    expect(() => {
      requireClock(window, cut, ahead, NOON);
    }).toThrow(/2026-11-21T12:00:00\.000Z, and that of Okta 2026-11-15T12:00:00\.000Z/u);
    requireClock(window, window, ahead, NOON);
    const old = { since: since(days(100)), until: NOON };
    requireClock(
      old,
      { ...old, since: later(since(days(90)), hours(1)) },
      NOON,
      earlier(NOON, minutes(1)),
    );
  });
});
