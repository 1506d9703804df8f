import type { Duration, Instant } from '../domain/time.ts';
import { between, instant, later, milliseconds, seconds } from '../domain/time.ts';
import type { HeaderFields } from './exchange.ts';
import { field } from './exchange.ts';

/** What Okta granted us last, in the words of its `X-Rate-Limit-*` headers; times by our own clock. */
export interface Grant {
  /** Requests in a window. */
  readonly limit: number;
  /** Requests left in this window, for all who share the bucket. */
  readonly remaining: number;
  /** When the window ends and the limit is granted anew. */
  readonly resetsAt: Instant;
}

/** A window of Okta's is 60 s long (okta-contract): a reset further away comes from a clock that is off. */
const WINDOW = seconds(61);
const WINDOW_LENGTH = seconds(60);
/** `Date` and reset are cut to whole seconds. */
const AFTER_RESET = seconds(1);
/** As long as so much of the grant is left, a short backlog is fetched without any waiting. */
const FREE_SHARE = 0.5;

/** The grant that an answer tells of; `undefined` if it tells none, or only that too many came at once (a limit of 0). */
export function grantIn(
  headers: HeaderFields,
  serverTime: Instant,
  receivedAt: Instant,
): Grant | undefined {
  const limit = numberIn(headers, 'x-rate-limit-limit');
  const remaining = numberIn(headers, 'x-rate-limit-remaining');
  const reset = numberIn(headers, 'x-rate-limit-reset');
  if (limit === undefined || remaining === undefined || reset === undefined || limit < 1)
    return undefined;
  const left = Math.min(Math.max(between(serverTime, instant(reset * 1000)), 0), WINDOW);
  return { limit, remaining, resetsAt: later(receivedAt, milliseconds(left)) };
}

/**
 * The grant as it is at a moment: once its window is over, another one like it is taken to have begun,
 * from which the requests count that are under way. So many at once do not drain it before the first is answered.
 */
export function grantAt(grant: Grant, underWay: number, now: Instant): Grant {
  const over = between(later(grant.resetsAt, AFTER_RESET), now);
  if (over < 0) return grant;
  const windows = Math.floor(over / WINDOW_LENGTH) + 1;
  const resetsAt = later(grant.resetsAt, milliseconds(windows * WINDOW_LENGTH));
  return { ...grant, remaining: grant.limit - underWay, resetsAt };
}

/**
 * How long to wait before the next request, so that the bucket is never drained: what is beyond the
 * reserve may be used, the first half at once, the rest spread over what is left of the window.
 * @param reserve the part of the limit that is left to the org's other clients, from 0 to 1
 * @param lastSent when the last request was sent
 */
export function pauseBefore(
  grant: Grant | undefined,
  reserve: number,
  lastSent: Instant,
  now: Instant,
): Duration {
  if (grant === undefined || now >= later(grant.resetsAt, AFTER_RESET)) return milliseconds(0);
  const { limit, remaining, resetsAt } = grant;
  const usable = remaining - Math.ceil(limit * reserve);
  if (usable < 1) return milliseconds(Math.min(between(now, later(resetsAt, AFTER_RESET)), WINDOW));
  if (remaining > limit * FREE_SHARE) return milliseconds(0);
  const spacing = Math.max(between(lastSent, resetsAt), 0) / usable;
  const due = later(lastSent, milliseconds(spacing));
  return milliseconds(Math.min(Math.max(between(now, due), 0), WINDOW));
}

function numberIn(headers: HeaderFields, name: string): number | undefined {
  const text = field(headers, name);
  const number = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}
