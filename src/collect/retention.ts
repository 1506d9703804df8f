import type { LiveCheckpoint } from '../domain/checkpoint.ts';
import type { Log } from '../domain/log.ts';
import { readUpToOf } from '../domain/read-up-to.ts';
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
/** How far ahead a clock may be without costing events: to ask for more than Okta still has is no mistake (okta-contract). */
const CLOCK_AHEAD = days(2);

/** The oldest moment of which Okta still has events. */
export function oldestKept(now: Instant): Instant {
  return earlier(now, RETENTION);
}

/** A start that Okta can still serve, by whichever clock; names the gap if something of what was asked for is gone. */
export function withinRetention(start: Instant, now: Instant, log: Log): Instant {
  const oldest = oldestKept(now);
  if (start >= oldest) return start;
  tellOfGap(start, oldest, log);
  return instant(Math.max(start, earlier(oldest, CLOCK_AHEAD)));
}

/** Says so if a stream has come so far behind that events are lost, or soon will be. */
export function tellOfLag(checkpoint: LiveCheckpoint, now: Instant, log: Log): void {
  const reached = readUpToOf(checkpoint);
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
    caveat: 'gap',
    from: formatInstant(from),
    to: formatInstant(to),
  });
}
