import { setImmediate as turn } from 'node:timers/promises';
import { UnusablePageError } from '../../src/domain/failure.ts';
import type { PackedLog, PackedPage } from '../../src/domain/packed-page.ts';
import type { Cursor, LogEvent, Page } from '../../src/domain/page.ts';
import type { StreamPosition, SystemLog } from '../../src/domain/system-log.ts';
import type { Instant } from '../../src/domain/time.ts';
import { instant, milliseconds } from '../../src/domain/time.ts';
import { NOON } from '../support/stream.ts';

/** An org without a network, for backfills: it answers bounded requests as Okta does. */
export interface PackedOrg extends PackedLog, SystemLog {
  /** Every request, in the order of their coming. */
  readonly asked: readonly StreamPosition[];
  /** The most requests that were under way at the same time. */
  readonly widest: () => number;
  /** How many pages are open, and not released. */
  readonly open: () => number;
}

interface PackedOrgOptions {
  readonly events: readonly LogEvent[];
  /** Events to a page. */
  readonly limit: number;
  /** How many turns of the event loop the n-th answer takes. */
  readonly turns?: (request: number) => number;
  readonly serverTime?: Instant;
  readonly requestsAMinute?: number;
  /** Whether the n-th answer is damaged. */
  readonly isDamaged?: (request: number) => boolean;
  /** Thrown instead of the n-th answer. */
  readonly failure?: (request: number) => Error | undefined;
}

export function packedOrg(options: PackedOrgOptions): PackedOrg {
  const { events, limit, turns = () => 0, serverTime = NOON, failure, isDamaged } = options;
  const asked: StreamPosition[] = [];
  const places = placesOf(events);
  let underWay = 0;
  let widest = 0;
  const open = new Set<Page>();

  function pageAt(from: StreamPosition): Page {
    const link = from.kind === 'link' ? from.link : linkOf(from);
    const { since, until, skip } = readLink(link);
    const inside = events.filter((_, index) => {
      const at = places[index] ?? 0;
      return at >= since && at <= until;
    });
    const isMore = inside.length > skip + limit;
    return {
      asked: link,
      limit,
      events: inside.slice(skip, skip + limit),
      serverTime,
      receivedAt: serverTime,
      next: isMore ? makeLink(since, until, skip + limit) : undefined,
      hasLinks: true,
    };
  }

  return {
    asked,
    widest: () => widest,
    open: () => open.size,
    requestsAMinute: () => options.requestsAMinute,
    async ask(from): Promise<PackedPage> {
      const request = asked.push(from);
      underWay += 1;
      widest = Math.max(widest, underWay);
      for (let left = turns(request); left > 0; left -= 1) await turn();
      underWay -= 1;
      const error = failure?.(request);
      if (error !== undefined) throw error;
      const page = pageAt(from);
      return {
        asked: page.asked,
        next: page.next,
        serverTime,
        took: milliseconds(200),
        bytes: 20 + page.events.length * 100,
        begins: page.events[0]?.published,
        open: async () => {
          await turn();
          if (isDamaged?.(request) === true) throw new UnusablePageError('Cannot split page');
          const opened = copied(page);
          open.add(opened);
          return opened;
        },
        release(opened) {
          open.delete(opened);
          // Who still looks at them shall find nothing.
          for (const { line } of opened.events)
            structuredClone(line.buffer, { transfer: [line.buffer as ArrayBuffer] });
        },
      };
    },
    async *pages(from) {
      for (let next: StreamPosition | undefined = from; next !== undefined;) {
        await turn();
        const page = pageAt(next);
        yield copied(page);
        next = page.next === undefined ? undefined : { kind: 'link', link: page.next };
      }
    },
  };
}

/** The page, each line of it in memory of its own, as nothing else may be given away. */
const copied = (page: Page): Page => ({
  ...page,
  events: page.events.map((event) => ({ ...event, line: Uint8Array.from(event.line) })),
});

/** Where events stand in the order of the org: one without a date where the one before it does. */
export function placesOf(events: readonly LogEvent[]): readonly Instant[] {
  let place = instant(0);
  return events.map(({ published }) => (place = published ?? place));
}

function linkOf(from: Exclude<StreamPosition, { kind: 'link' }>): Cursor {
  if (from.kind === 'since') throw new Error('not foreseen: a polling request');
  return makeLink(from.window.since, from.window.until, 0);
}

function makeLink(since: number, until: number, skip: number): Cursor {
  return `https://acme.okta.com/api/v1/logs?limit=3&after=${since}.${until}.${skip}` as Cursor;
}

function readLink(link: Cursor): { since: number; until: number; skip: number } {
  const [since = 0, until = 0, skip = 0] = (new URL(link).searchParams.get('after') ?? '')
    .split('.')
    .map(Number);
  return { since, until, skip };
}
