import type { Instant } from './time.ts';
import { between, earlier, instant, later, minutes } from './time.ts';

declare const cursorBrand: unique symbol;

/**
 * A place in a stream: the whole URL of a request, as the server issued it in a `next` link or as
 * the first request of a stream was asked. Opaque: stored and sent back byte for byte, never taken apart.
 */
export type Cursor = string & { readonly [cursorBrand]: true };

/** One event of the System Log, as the bytes that Okta sent. */
export interface LogEvent {
  /** Okta's `uuid`; where an event has none, the SHA-256 of its bytes. */
  readonly id: string;
  /** `undefined` if the event names no moment that can be read. */
  readonly published: Instant | undefined;
  /** The compact JSON of the event and one line feed. */
  readonly line: Uint8Array;
}

/** One answer of the System Log: what was asked, what came, the server's time, and the way on. */
export interface Page {
  /** The link by which this page was asked. */
  readonly asked: Cursor;
  /** How many events the link asks for at most: its own `limit`. */
  readonly limit: number;
  /** In Okta's order. */
  readonly events: readonly LogEvent[];
  /** The `Date` of the answer; our own clock if it had none. */
  readonly serverTime: Instant;
  /** Our own clock when the answer came. */
  readonly receivedAt: Instant;
  /** The `next` link; `undefined` if the answer had none. */
  readonly next: Cursor | undefined;
  /** Whether the answer had links at all, as each of Okta's has: at least one to itself. */
  readonly hasLinks: boolean;
}

/** The newest moment that an event of the page names, as far as it is not after `limit`. */
export function newestPublished(
  events: readonly Pick<LogEvent, 'published'>[],
  limit: Instant,
): Instant | undefined {
  let newest: Instant | undefined;
  for (const { published } of events) {
    if (published === undefined || published > limit) continue;
    if (newest === undefined || published > newest) newest = published;
  }
  return newest;
}

/** Whether the page is full, so that more is known to follow it. */
export function isFull(page: Page): boolean {
  return page.events.length >= page.limit;
}

/** From this age on a page is far from the tip, where Okta's order is only approximate (okta-contract). */
const BACKLOG_AGE = minutes(10);

/** Whether more is sure to follow, and to be wanted: the page is full and all of it is minutes old. */
export function isBacklog(page: Page): boolean {
  const limit = earlier(page.serverTime, BACKLOG_AGE);
  return (
    isFull(page) &&
    page.events.every(({ published }) => published === undefined || published < limit)
  );
}

/** Whether the two pages behind this one are sure to be in the backlog, too, provided that neither covers more time. */
export function isDeepInBacklog(page: Page): boolean {
  let oldest = instant(Number.POSITIVE_INFINITY);
  let newest = instant(Number.NEGATIVE_INFINITY);
  for (const { published } of page.events) {
    if (published === undefined) continue;
    if (published < oldest) oldest = published;
    if (published > newest) newest = published;
  }
  const span = between(oldest, newest);
  const end = later(later(newest, span), span);
  return isFull(page) && end < earlier(page.serverTime, BACKLOG_AGE);
}
