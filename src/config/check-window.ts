import { days, earlier, formatInstant, momentOf } from '../domain/time.ts';
import { RETENTION } from '../domain/retention.ts';
import type { Instant, TimeBound, Window } from '../domain/time.ts';
import type { Origin } from './key.ts';
import { Refusal } from './key.ts';

/** What is taken for a start that nobody gave: `since` is 7 days before `until` by default, as Okta has it (its documentation). */
const defaultLength = days(7);

/**
 * The window that two bounds mean, seen from `now`. Throws a `Refusal` of the end if such a window
 * can never bring an event.
 * @param origin where the end was set; `undefined`: on the command line
 */
export function windowOf(
  start: TimeBound | undefined,
  end: TimeBound,
  now: Instant,
  origin?: Origin,
): Window {
  const until = momentOf(end, now);
  const isByHand = origin === undefined || origin.place === 'option';
  const since = start === undefined ? earlier(until, defaultLength) : momentOf(start, now);
  if (until <= earlier(now, RETENTION)) {
    throw new Refusal(
      `ends the window at ${formatInstant(until)}, and Okta keeps events for 90 days only`,
      isByHand
        ? 'Choose a window within the last 90 days'
        : 'Choose a window within the last 90 days; to collect from now on, comment out start_time and end_time (the sample in the documentation has dates of 2015)',
    );
  }
  if (since >= until) {
    throw new Refusal(
      `ends the window at ${formatInstant(until)}, and it starts at ${formatInstant(since)}`,
      isByHand
        ? 'Let the start be earlier than the end'
        : 'Let the start be earlier than the end; to collect from now on, leave both out',
    );
  }
  return { since, until };
}

/** Throws a `Refusal` of a window's start if it moves on with the clock, unless it was given by hand. */
export function requireFixedStart(start: TimeBound | undefined, origin: Origin | undefined): void {
  if (start?.kind !== 'ago' || origin?.place === 'option') return;
  throw new Refusal(
    'moves on with the clock while end_time is set, so that each run would be another window',
    'Write epoch milliseconds or a time such as 2026-11-15T10:30:00Z',
  );
}

/** What to tell about a live stream that starts before the oldest event there is; `undefined` if it does not. */
export function warnOfOldStart(start: TimeBound | undefined, now: Instant): string | undefined {
  const oldest = earlier(now, RETENTION);
  if (start === undefined || momentOf(start, now) >= oldest) return undefined;
  return `start_time is ${formatInstant(momentOf(start, now))}, but Okta keeps events for 90 days only: what is older than ${formatInstant(oldest)} is gone`;
}
