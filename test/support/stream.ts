import type { LiveCheckpoint } from '../../src/domain/checkpoint.ts';
import type { LiveProgress } from '../../src/domain/held-pages.ts';
import { beginning } from '../../src/domain/held-pages.ts';
import type { Cursor, LogEvent, Page } from '../../src/domain/page.ts';
import type { Instant } from '../../src/domain/time.ts';
import { instant, milliseconds, later } from '../../src/domain/time.ts';

/** The moment at which the tests of the ground floor play. */
export const NOON = instant(Date.UTC(2026, 10, 15, 12));

/** A moment some seconds before (negative) or after noon. */
export function noon(secondsAfter = 0): Instant {
  return later(NOON, milliseconds(secondsAfter * 1000));
}

/** A link, told apart from others by its name. */
export function link(name: string): Cursor {
  return `https://acme.okta.com/api/v1/logs?limit=3&after=${name}` as Cursor;
}

/** An event published some seconds after noon; without a number it says nothing readable. */
export function event(id: string, secondsAfter?: number): LogEvent {
  return {
    id,
    published: secondsAfter === undefined ? undefined : noon(secondsAfter),
    line: Buffer.from(`{"uuid":"${id}"}\n`),
  };
}

/** A page of at most 3 events, asked by the link `here` and leading to `there`, received at noon. */
export function page(events: readonly LogEvent[], parts: Partial<Page> = {}): Page {
  return {
    asked: link('here'),
    limit: 3,
    events,
    serverTime: NOON,
    receivedAt: NOON,
    next: link('there'),
    hasLinks: true,
    ...parts,
  };
}

/** The progress of a stream that stands at the link `here`, with changes. */
export function progress(parts: Partial<LiveCheckpoint> = {}): LiveProgress {
  const { checkpoint, ...rest } = beginning(noon(-7 * 86_400));
  return { checkpoint: { ...checkpoint, link: link('here'), ...parts }, ...rest };
}
