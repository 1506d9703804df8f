import type { Failure } from '../domain/failure.ts';
import type { Duration } from '../domain/time.ts';
import { milliseconds, minutes, seconds } from '../domain/time.ts';

/** How often a request is sent at most if it fails like this; a rate limit is waited for as long as the run lasts. */
const MOST_ATTEMPTS: Readonly<Record<Failure['kind'], number>> = {
  'rate-limit': Number.POSITIVE_INFINITY,
  // With back-off about two minutes: longer than a restart, shorter than a schedule.
  transient: 8,
  // A page that is broken four times in a row is not broken by chance.
  'unusable-page': 4,
  usage: 1,
  config: 1,
  credentials: 1,
  'refused-link': 1,
  protocol: 1,
  checkpoint: 1,
  busy: 1,
  output: 1,
};
const FIRST_WAIT = seconds(1);
const LONGEST_WAIT = minutes(1);

/** How long to wait before a failed request is sent again, in its `retries`-th repetition; `undefined` if it must not be. */
export type RetryPolicy = (
  failure: Failure,
  retries: number,
  chance: number,
) => Duration | undefined;

/**
 * How long to wait before a failed request is sent again; `undefined` if it must not be.
 * @param retries how often it was sent again before, because of rate limits not counted
 * @param chance from 0 to 1
 */
export function retryWait(failure: Failure, retries: number, chance: number): Duration | undefined {
  if (retries + 1 >= MOST_ATTEMPTS[failure.kind]) return undefined;
  return failure.kind === 'rate-limit' ? failure.wait : backOff(retries, chance);
}

/** Doubles from a second to a minute, less up to half of it by chance, so that collectors do not march in step. */
function backOff(retries: number, chance: number): Duration {
  return milliseconds(Math.min(FIRST_WAIT * 2 ** retries, LONGEST_WAIT) * (1 - chance / 2));
}
