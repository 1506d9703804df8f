import type { LiveCheckpoint } from '../domain/checkpoint.ts';
import type { Log } from '../domain/log.ts';
import { RETENTION } from '../domain/retention.ts';
import type { Instant } from '../domain/time.ts';
import {
  between,
  days,
  describeDuration,
  earlier,
  formatInstant,
  instant,
} from '../domain/time.ts';

const LAG_TO_WARN_OF = days(60);

/** The oldest moment of which Okta still has events. */
export function oldestKept(now: Instant): Instant {
  return earlier(now, RETENTION);
}

/** A start that Okta can still serve; names the gap if that is not the one asked for. */
export function withinRetention(start: Instant, now: Instant, log: Log): Instant {
  const oldest = oldestKept(now);
  if (start >= oldest) return start;
  tellOfGap(start, oldest, log);
  return oldest;
}

/** Says so if a stream has come so far behind that events are lost, or soon will be. */
export function tellOfLag(
  { start, tipReachedAt, newestPublished }: LiveCheckpoint,
  now: Instant,
  log: Log,
): void {
  const reached = instant(Math.max(start, tipReachedAt ?? start, newestPublished ?? start));
  const lag = between(reached, now);
  if (lag > RETENTION) tellOfGap(reached, oldestKept(now), log);
  else if (lag > LAG_TO_WARN_OF) {
    log.warn(`The stream is ${describeDuration(lag)} behind; Okta keeps events for 90 days`, {
      reached: formatInstant(reached),
    });
  }
}

/** Says which part of what was asked for is gone. */
export function tellOfGap(from: Instant, to: Instant, log: Log): void {
  log.warn('Gap: Okta no longer has the events of this time', {
    from: formatInstant(from),
    to: formatInstant(to),
  });
}
