import type { Duration, Instant } from '../domain/time.ts';
import { between, instant, later, milliseconds, seconds } from '../domain/time.ts';
import type { HeaderFields } from './exchange.ts';
import { field } from './exchange.ts';

const SHORTEST_WAIT = seconds(1);
/** A window of Okta's is 60 s long (okta-contract): whoever says more has a clock that is off. */
const LONGEST_WAIT = seconds(61);

/**
 * How long to wait after a 429: until the reset by the server's own time and a second more, within
 * 1 to 61 s, and up to a tenth more by chance. A limit of 0 means too many requests at once: its
 * reset is only a hint, so a short wait.
 * @param chance from 0 to 1
 */
export function rateLimitWait(
  headers: HeaderFields,
  serverTime: Instant,
  chance: number,
): Duration {
  const jitter = 1 + chance / 10;
  if (field(headers, 'x-rate-limit-limit') === '0')
    return milliseconds(seconds(2) * (0.5 + chance));
  const reset = Number(field(headers, 'x-rate-limit-reset') ?? Number.NaN);
  if (!Number.isFinite(reset)) return milliseconds(LONGEST_WAIT * jitter);
  const wait = between(serverTime, later(instant(reset * 1000), seconds(1)));
  return milliseconds(Math.min(Math.max(wait, SHORTEST_WAIT), LONGEST_WAIT) * jitter);
}
