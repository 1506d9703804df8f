import { TransientError, UsageError } from '../domain/failure.ts';
import type { Duration, Instant, Window } from '../domain/time.ts';
import { earlier, formatInstant, hours, instant, later, minutes } from '../domain/time.ts';
import { oldestKept, tellOfGap } from './retention.ts';
import type { WindowRun } from './window-run.ts';

/** Okta forgets while it is asked: what it keeps for less than this any more is not looked at. */
const FORGETTING = hours(1);
/** So far ahead of Okta's may a clock be: what is left out for it is about to be forgotten anyway. */
const CLOCK_AHEAD = minutes(5);

/**
 * The part of a window that can be compared with the org by this machine's clock; says what is left
 * out. Throws a `UsageError` or a `TransientError` if nothing is left.
 */
export function auditedWindow({
  window,
  settle,
  clock,
  log,
}: Pick<WindowRun, 'window' | 'settle' | 'clock' | 'log'>): Window {
  const now = clock.now();
  const since = instant(Math.max(window.since, oldestAudited(now)));
  const until = instant(Math.min(window.until, earlier(now, settle)));
  if (window.until <= since && window.since < since) throw allForgotten(window, now);
  requireSomething(since, until, settle);
  if (since > window.since) tellOfGap(window.since, since, log);
  if (until < window.until) {
    const looked = { from: formatInstant(until), to: formatInstant(window.until) };
    log.info('The end of the window has not settled yet: the audit leaves it out', looked);
  }
  return { since, until };
}

/** Throws a `TransientError` if nothing of a window could be asked for. */
export function requireSomething(since: Instant, until: Instant, settle: Duration): void {
  if (until > since) return;
  const from = formatInstant(later(since, settle));
  throw new TransientError(
    `Cannot audit from "${formatInstant(since)}": nothing of that time can be asked for yet`,
    { hint: `Give the same command again some time after ${from}, or choose an earlier --start` },
  );
}

/** Throws a `TransientError` if Okta still has what was left out as too old: then this machine's clock is ahead. */
export function requireClock(window: Window, audited: Window, clock: Instant, okta: Instant): void {
  const since = Math.max(window.since, oldestAudited(okta));
  if (audited.since <= since + CLOCK_AHEAD) return;
  throw new TransientError(
    `Cannot audit from "${formatInstant(window.since)}": the clock of this machine says ${formatInstant(clock)}, and that of Okta ${formatInstant(okta)}, so that events which Okta still has would be left out`,
    { hint: 'Set the clock of this machine, and run the audit again' },
  );
}

function oldestAudited(now: Instant): Instant {
  return later(oldestKept(now), FORGETTING);
}

function allForgotten({ until }: Window, now: Instant): UsageError {
  return new UsageError(
    `Cannot audit the time up to "${formatInstant(until)}": Okta keeps events for 90 days only, and it is ${formatInstant(now)} by the clock of this machine`,
    { hint: `Choose an --end later than ${formatInstant(oldestAudited(now))}` },
  );
}
