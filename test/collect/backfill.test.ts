import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BackfillRun } from '../../src/collect/backfill.ts';
import { collectBackfill } from '../../src/collect/backfill.ts';
import { keptInMemory } from '../../src/collect/kept-in-memory.ts';
import { LiveRecord } from '../../src/collect/live-record.ts';
import type { BackfillState, BackfillStore } from '../../src/domain/backfill-state.ts';
import type { CheckpointStore, LiveCheckpoint } from '../../src/domain/checkpoint.ts';
import { CheckpointError, RefusedLinkError, TransientError } from '../../src/domain/failure.ts';
import { handOverAt } from '../../src/domain/hand-over.ts';
import type { LogEvent } from '../../src/domain/page.ts';
import type { Instant } from '../../src/domain/time.ts';
import {
  days,
  earlier,
  hours,
  later,
  milliseconds,
  minutes,
  seconds,
} from '../../src/domain/time.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { NOON } from '../support/stream.ts';
import { backfillRun, memorySink, memoryStore } from './backfill-world.ts';
import { packedOrg, placesOf } from './packed-org.ts';

const window = { since: earlier(NOON, days(2)), until: earlier(NOON, days(1)) };

/** A backfill of which nothing is delivered yet. */
const UNTOUCHED: BackfillState = {
  window,
  open: [{ ...window, position: undefined }],
  undated: [],
  marks: {},
  events: 0,
};

/** The checkpoints of a live stream that began at a moment. */
function liveBegunAt(since: Instant): CheckpointStore<LiveCheckpoint> {
  const checkpoint: LiveCheckpoint = {
    stream: 'live',
    start: since,
    link: undefined,
    held: [],
    remembered: [],
    ahead: 0,
    tipReachedAt: NOON,
    newestPublished: undefined,
    handOver: handOverAt(since),
  };
  return {
    ...keptInMemory<LiveCheckpoint>(),
    load: () => Promise.resolve({ checkpoint, writer: 'okta-collector' }),
  };
}

/** Events at these seconds after the start of the window; without a number they have no date. */
function eventsAt(seconds: readonly (number | undefined)[]): readonly LogEvent[] {
  return seconds.map((at, index) => ({
    id: `event ${index}`,
    published: at === undefined ? undefined : later(window.since, milliseconds(at * 1000)),
    line: Buffer.from(`${index}\n`),
  }));
}

/** Those of the window; of those without a date also what stands in the second that is asked for around it. */
function idsInside(events: readonly LogEvent[]): readonly string[] {
  const places = placesOf(events);
  const isInside = ({ published }: LogEvent, index: number): boolean => {
    const place = places[index] ?? 0;
    if (published !== undefined) return place >= window.since && place < window.until;
    return place >= window.since - 1000 && place <= window.until + 1000;
  };
  return events.filter(isInside).map(({ id }) => id);
}

/** In order of time, as far as events have one. */
function datedOf(ids: readonly string[], events: readonly LogEvent[]): readonly string[] {
  const dated = new Set(events.filter((one) => one.published !== undefined).map(({ id }) => id));
  return ids.filter((id) => dated.has(id));
}

/** Dense and empty stretches, events at one moment, at the borders, outside, and without a date. */
const densities = fc
  .array(
    fc.record({
      gap: fc.oneof(
        { weight: 6, arbitrary: fc.double({ min: 0, max: 100, noNaN: true }) },
        { weight: 2, arbitrary: fc.constant(0) },
        { weight: 2, arbitrary: fc.double({ min: 0, max: 4000, noNaN: true }) },
      ),
      isDated: fc.nat(30).map((number) => number > 0),
    }),
    { maxLength: 400, size: 'max' },
  )
  .map((drawn) => {
    let at = -2;
    const places = drawn.map(({ gap, isDated }) => {
      at += gap;
      return isDated ? Math.round(at * 1000) / 1000 : undefined;
    });
    // One without a date needs a neighbour to stand at.
    const first = places.findIndex((place) => place !== undefined);
    return eventsAt(first === -1 ? [] : places.slice(first));
  });

const manners = fc.record({
  events: densities,
  limit: fc.integer({ min: 1, max: 6 }),
  parallel: fc.integer({ min: 1, max: 8 }),
  turns: fc.array(fc.nat(12), { minLength: 1, maxLength: 40 }),
});

describe('collectBackfill', () => {
  test('writes each event of its window once and in order, whatever the density, the width and the order of answers', async () => {
    await fc.assert(
      fc.asyncProperty(manners, async ({ events, limit, parallel, turns }) => {
        const org = packedOrg({ events, limit, turns: (n) => turns[n % turns.length] ?? 0 });
        const sink = memorySink([], false);
        const run = backfillRun(org, window, { parallel, openSink: () => Promise.resolve(sink) });
        expect(await collectBackfill(run)).toBe('window finished');
        expect(sink.out.toSorted()).toEqual(idsInside(events).toSorted());
        expect(datedOf(sink.out, events)).toEqual(datedOf(idsInside(events), events));
        expect(sink.complete()).toBe(window.until);
        expect(org.widest()).toBeLessThanOrEqual(parallel);
      }),
      { numRuns: 300 },
    );
  });

  test('writes each event once, in whatever order, if none is wanted', async () => {
    await fc.assert(
      fc.asyncProperty(manners, async ({ events, limit, parallel, turns }) => {
        const org = packedOrg({ events, limit, turns: (n) => turns[n % turns.length] ?? 0 });
        const sink = memorySink([], false);
        const parts = { parallel, isOrdered: false, openSink: () => Promise.resolve(sink) };
        expect(await collectBackfill(backfillRun(org, window, parts))).toBe('window finished');
        expect(sink.out.toSorted()).toEqual(idsInside(events).toSorted());
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    { into: 'files each event is there once', isFile: true },
    { into: 'a pipe at most a page is repeated for each crash', isFile: false },
  ])('however often it crashes, into $into', async ({ isFile }) => {
    await fc.assert(
      fc.asyncProperty(
        manners,
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }),
        async ({ events, limit, parallel, turns }, isOrdered, crashes) => {
          const out: string[] = [];
          let saved: BackfillState | undefined;
          for (const crash of [...crashes, Number.POSITIVE_INFINITY]) {
            let left = crash;
            const step = (): void => {
              left -= 1;
              if (left <= 0) throw new TransientError('The plug is pulled');
            };
            const org = packedOrg({ events, limit, turns: (n) => turns[n % turns.length] ?? 0 });
            const store = memoryStore(saved, step);
            const sink = memorySink(out, isFile, step);
            const parts = { parallel, isOrdered, store, openSink: () => Promise.resolve(sink) };
            const run = collectBackfill(backfillRun(org, window, parts));
            await run.catch((error: unknown) => {
              if (!(error instanceof TransientError)) throw error;
            });
            saved = store.inForce();
          }
          expect(new Set(out)).toEqual(new Set(idsInside(events)));
          const repeated = out.length - new Set(out).size;
          expect(repeated).toBeLessThanOrEqual(isFile ? 0 : crashes.length * limit);
          if (isFile && isOrdered)
            expect(datedOf(out, events)).toEqual(datedOf(idsInside(events), events));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('asks a quiet stretch with few requests, however long it is', async () => {
    const events = eventsAt(Array.from({ length: 8 }, (_, index) => index * 10_000));
    const org = packedOrg({ events, limit: 10 });
    await collectBackfill(backfillRun(org, window));
    expect(org.asked).toHaveLength(1);
  });

  test('shares a dense stretch out', async () => {
    const events = eventsAt(Array.from({ length: 4000 }, (_, index) => index * 21));
    const org = packedOrg({ events, limit: 10, turns: () => 2 });
    await collectBackfill(backfillRun(org, window, { parallel: 8 }));
    expect(org.widest()).toBe(8);
    expect(org.asked.length).toBeLessThan(400 * 1.15);
  });

  test('asks one by one if the rate limit has no use for more', async () => {
    const events = eventsAt(Array.from({ length: 300 }, (_, index) => index * 200));
    const org = packedOrg({ events, limit: 10, requestsAMinute: 30 });
    await collectBackfill(backfillRun(org, window, { parallel: 8 }));
    expect(org.widest()).toBe(1);
    expect(org.asked).toHaveLength(30);
  });

  test('has released each page when all is written', async () => {
    const events = eventsAt(Array.from({ length: 300 }, (_, index) => index * 200));
    const org = packedOrg({ events, limit: 10 });
    await collectBackfill(backfillRun(org, window));
    expect(org.asked.length).toBeGreaterThanOrEqual(30);
    expect(org.open()).toBe(0);
  });

  test('asks a page that proves damaged again', async () => {
    const events = eventsAt(Array.from({ length: 90 }, (_, index) => index * 500));
    const org = packedOrg({ events, limit: 10, isDamaged: (n) => n === 1 || n === 5 });
    const sink = memorySink([], false);
    const run = backfillRun(org, window, { openSink: () => Promise.resolve(sink) });
    await collectBackfill(run);
    expect(sink.out).toEqual(idsInside(events));
    expect(run.log.messages('warn')).toHaveLength(2);
  });

  test('goes round a link that is refused, and writes nothing twice', async () => {
    const events = eventsAt(Array.from({ length: 90 }, (_, index) => index * 500));
    const refused = new RefusedLinkError('Okta refuses the link');
    const org = packedOrg({ events, limit: 10, failure: (n) => (n === 4 ? refused : undefined) });
    const sink = memorySink([], false);
    const run = backfillRun(org, window, { openSink: () => Promise.resolve(sink), parallel: 1 });
    await collectBackfill(run);
    expect(sink.out).toEqual(idsInside(events));
    expect(run.log.messages('warn')).toHaveLength(1);
  });

  test('goes round a refused link amid thousands of events of one moment, and writes nothing twice', async () => {
    const events = eventsAt(
      Array.from({ length: 3000 }, (_, index) => (index < 200 ? index : 500)),
    );
    const refused = new RefusedLinkError('Okta refuses the link');
    const failure = (n: number) => (n === 25 ? refused : undefined);
    const org = packedOrg({ events, limit: 100, failure });
    const sink = memorySink([], false);
    const run = backfillRun(org, window, { openSink: () => Promise.resolve(sink), parallel: 1 });
    await collectBackfill(run);
    expect(sink.out.toSorted()).toEqual(idsInside(events).toSorted());
    expect(run.log.messages('warn')).toHaveLength(1);
  });

  test('a link that stays refused ends it', async () => {
    const events = eventsAt(Array.from({ length: 90 }, (_, index) => index * 500));
    const refused = new RefusedLinkError('Okta refuses the link');
    const org = packedOrg({ events, limit: 10, failure: (n) => (n >= 4 ? refused : undefined) });
    await expect(collectBackfill(backfillRun(org, window))).rejects.toThrow(refused);
  });

  test('what a failing slice leaves out is met in its turn: all before it is written', async () => {
    const events = eventsAt(Array.from({ length: 400 }, (_, index) => index * 200));
    const failure = new TransientError('Okta is away');
    const org = packedOrg({
      events,
      limit: 10,
      turns: () => 3,
      failure: (n) => (n === 6 ? failure : undefined),
    });
    const sink = memorySink([], false);
    const run = backfillRun(org, window, { openSink: () => Promise.resolve(sink) });
    await expect(collectBackfill(run)).rejects.toThrow(failure);
    expect(sink.out).toEqual(idsInside(events).slice(0, sink.out.length));
    expect(sink.out.length).toBeGreaterThan(20);
  });

  test('finished, it asks nothing', async () => {
    const org = packedOrg({ events: [], limit: 10 });
    const store = memoryStore();
    await collectBackfill(backfillRun(org, window, { store }));
    const again = packedOrg({ events: [], limit: 10 });
    expect(await collectBackfill(backfillRun(again, window, { store }))).toBe(
      'window was finished before',
    );
    expect(again.asked).toEqual([]);
  });

  test('reads up to the horizon, and the rest when the command is given again', async () => {
    const events = eventsAt(Array.from({ length: 90 }, (_, index) => index * 1900));
    const ahead = { since: window.since, until: later(NOON, hours(2)) };
    const store = memoryStore();
    const out: string[] = [];
    const parts = { store, openSink: () => Promise.resolve(memorySink(out, false)) };
    const first = backfillRun(packedOrg({ events, limit: 10 }), ahead, parts);
    expect(await collectBackfill(first)).toBe('window waits for its end');
    const horizon = earlier(NOON, seconds(60));
    const visible = events.filter(({ published = NOON }) => published < horizon);
    expect(out).toEqual(visible.map(({ id }) => id));
    const [rest] = store.inForce()?.open ?? [];
    expect(rest).toMatchObject({ since: horizon, until: ahead.until });
  });

  test('a disk that cannot take the state is met before a day is complete: what is complete may be taken away', async () => {
    const org = packedOrg({ events: eventsAt([1000, 2000]), limit: 10 });
    const sink = memorySink([], true);
    const store: BackfillStore = {
      ...memoryStore(),
      prepare: () => Promise.reject(new CheckpointError('The disk is full', { hint: '' })),
    };
    const run = backfillRun(org, window, { store, openSink: () => Promise.resolve(sink) });
    await expect(collectBackfill(run)).rejects.toThrow('The disk is full');
    expect(sink.complete()).toBeUndefined();
  });

  test('gone on with by a clock that is days ahead, it gives up nothing that Okta still has', async () => {
    const events = eventsAt([1000, 2000]);
    const sink = memorySink([], false);
    const clock = fakeClock(later(NOON, days(95)));
    const parts = { clock, store: memoryStore(UNTOUCHED), openSink: () => Promise.resolve(sink) };
    await collectBackfill(backfillRun(packedOrg({ events, limit: 10 }), window, parts));
    expect(sink.out).toEqual(idsInside(events));
  });

  test('begun to end where the live stream began, it is not gone on with once that was begun anew', async () => {
    const live = await LiveRecord.open(liveBegunAt(earlier(window.until, hours(1))));
    const org = packedOrg({ events: [], limit: 10 });
    const run = backfillRun(org, window, { live, store: memoryStore(UNTOUCHED) });
    await expect(collectBackfill(run)).rejects.toThrow('the live stream was begun anew since');
    expect(org.asked).toEqual([]);
  });

  test('bounds that were reckoned by a clock that is off are reckoned by that of Okta', async () => {
    const events = eventsAt([1000, 2000]);
    const org = packedOrg({ events, limit: 10, serverTime: earlier(NOON, hours(26)) });
    const windowAt: BackfillRun['windowAt'] = (now) => ({
      since: earlier(now, days(1)),
      until: earlier(now, minutes(2)),
    });
    const sink = memorySink([], false);
    const run = backfillRun(org, window, { windowAt, openSink: () => Promise.resolve(sink) });
    expect(await collectBackfill(run)).toBe('window finished');
    expect(org.asked).toHaveLength(2);
    expect(org.asked[1]).toMatchObject({
      window: { since: earlier(NOON, milliseconds(hours(50) + 1000)) },
    });
    expect(run.log.messages('warn')).toHaveLength(1);
  });
});
