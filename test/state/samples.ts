import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { LiveCheckpoint, WindowCheckpoint } from '../../src/domain/checkpoint.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { Cursor } from '../../src/domain/page.ts';
import type { Instant } from '../../src/domain/time.ts';
import { instant } from '../../src/domain/time.ts';

export const ORG = 'https://acme.okta.com';
export const NOON = instant(Date.UTC(2026, 10, 15, 12));
export const WINDOW = { since: instant(1794873600000), until: instant(1794900000000) };

export function clockAt(moment: Instant): Clock {
  return { now: () => moment, sleep: (duration, signal) => wait(duration, undefined, { signal }) };
}

export function link(after: string): Cursor {
  return `${ORG}/api/v1/logs?sortOrder=ASCENDING&limit=1000&after=${after}` as Cursor;
}

/** A checkpoint that makes use of every member. */
export function liveAt(after: string): LiveCheckpoint {
  return {
    stream: 'live',
    start: instant(NOON - 1000),
    link: link(after),
    held: [
      { link: link(after), quietSince: instant(NOON + 1) },
      { link: link(`${after}-b`), quietSince: instant(NOON + 2) },
    ],
    remembered: [
      { id: `${after}-late`, published: instant(NOON + 7) },
      { id: `${after}-early`, published: instant(NOON + 3) },
      { id: `${after}-undated`, published: undefined },
    ],
    ahead: 2,
    tipReachedAt: instant(NOON + 9),
    newestPublished: instant(NOON + 7),
    handOver: {
      since: instant(NOON - 1000),
      deliveredFromBefore: [`${after}-late`],
      unrecorded: 2,
    },
  };
}

export const START_OF_WINDOW: WindowCheckpoint = {
  stream: 'window',
  window: WINDOW,
  askedSince: WINDOW.since,
  askedUntil: WINDOW.until,
  link: undefined,
  finished: false,
  remembered: [],
};

/** A file as SumoJanus 1.0.2 writes it: its entries in heap order. */
export function sumoJanusFile(kind: 'polling' | 'bounded'): string {
  return readFileSync(new URL(`sumojanus-${kind}.dat`, import.meta.url), 'utf8');
}
