import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LiveProgress } from '../../src/domain/held-pages.ts';
import { beginning, resuming } from '../../src/domain/held-pages.ts';
import { liveStep } from '../../src/domain/live-step.ts';
import type { Cursor, LogEvent } from '../../src/domain/page.ts';
import { seconds } from '../../src/domain/time.ts';
import { event, noon, page } from '../support/stream.ts';

const SETTLE = seconds(60);
/** Real pages, since some 1,000 events are remembered in any case. */
const LIMIT = 1000;

/** What is odd about a pass: when Okta's clock ticks in it, and which of its pages ends short, after so many events. */
interface Pass {
  readonly ticks?: readonly boolean[];
  readonly short?: { readonly page: number; readonly events: number };
}

/** An org whose links name the event that they lead behind, and a reader of it. */
function openStream(count: number) {
  /** In the order of the stream: within the last hour before noon, all of it settled. */
  const events = Array.from({ length: count }, (_, n) =>
    event(`e-${n}`, -3500 + (n * 3300) / count),
  );
  const written: string[] = [];
  const follows = (after: string, most: number): readonly LogEvent[] => {
    const place = events.findIndex(({ id }) => id === after) + 1;
    return events.slice(place, place + most);
  };
  return {
    events,
    written,
    /** Reads from `begun`, in seconds after noon, up to the tip, or to what looks like it. */
    pass(from: LiveProgress, begun: number, { ticks = [], short }: Pass = {}): LiveProgress {
      let progress = from;
      let after: string = progress.checkpoint.link ?? 'the start';
      for (let n = 0; ; n += 1) {
        const on = follows(after, short?.page === n ? short.events : LIMIT);
        const next = on.at(-1)?.id ?? after;
        const now = noon(begun + ticks.slice(0, n).filter(Boolean).length);
        const times = { serverTime: now, receivedAt: now };
        const links = { asked: after as Cursor, next: next as Cursor };
        const step = liveStep(page(on, { limit: LIMIT, ...links, ...times }), progress, SETTLE);
        written.push(...step.write.map(({ id }) => id));
        progress = step.progress;
        if (step.then !== 'go on') return progress;
        after = next;
      }
    },
  };
}

/** As the next pass of the same run begins, or a run of its own. */
const again = (progress: LiveProgress, isSameRun: boolean): LiveProgress =>
  isSameRun ? progress : resuming(progress.checkpoint);

const COUNT = 4900;
/** Where events surface late: settled ones, or such as are too young to be written yet. */
const surfacing = fc.record({
  before: fc.integer({ min: 1, max: 2 }),
  place: fc.integer({ min: 0, max: COUNT }),
  published: fc.oneof(fc.constant(-3500), fc.integer({ min: -50, max: 60 })),
});
const oddPass = fc.record({
  after: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.constantFrom(20, 58, 59, 60, 300)),
  ticks: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  short: fc.option(fc.record({ page: fc.nat({ max: 4 }), events: fc.nat({ max: 999 }) }), {
    nil: undefined,
    freq: 3,
  }),
  isSameRun: fc.boolean(),
});

test('no pass loses an event or writes it twice: whenever it comes, wherever it seems to end, however often the clock ticks in it, and wherever late events surface', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: COUNT }),
      fc.array(surfacing, { maxLength: 4 }),
      fc.array(oddPass, { minLength: 2, maxLength: 8 }),
      (count, lates, passes) => {
        const stream = openStream(count);
        let progress = stream.pass(beginning(noon(-3600)), 0);
        // What surfaces late does so within the settling time.
        let now = 0;
        passes.forEach(({ after, ticks, short, isSameRun }, n) => {
          const surfaced = lates.filter(({ before }) => before === n + 1);
          for (const { place, published } of surfaced)
            stream.events.splice(place % count, 0, event(`late-${place}-${published}`, published));
          now += n < 2 ? after % 30 : after;
          progress = stream.pass(
            again(progress, isSameRun),
            now,
            short ? { ticks, short } : { ticks },
          );
          now += ticks.filter(Boolean).length;
        });
        // In the end each pass reads through, and leaves what was quiet.
        for (let n = 1; n <= 4; n += 1) progress = stream.pass(progress, now + n * 300);
        expect(stream.written.toSorted()).toEqual(
          [...new Set(stream.events.map(({ id }) => id))].toSorted(),
        );
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

test('a page does not leave while one in front of it is held: both would be met again, and one be forgotten', () => {
  for (const isSameRun of [true, false]) {
    const stream = openStream(4500);
    const first = stream.pass(beginning(noon(-3600)), 0);
    const second = stream.pass(again(first, isSameRun), 59, { ticks: [true] });
    expect(second.checkpoint.held).toHaveLength(5);
    const third = stream.pass(again(second, isSameRun), 120);
    expect(third.checkpoint.held).toEqual([]);
    expect(stream.written).toHaveLength(4500);
  }
});

test('what is on held pages is not forgotten when a late event moves their links', () => {
  const stream = openStream(4500);
  let progress = stream.pass(beginning(noon(-3600)), 0);
  stream.events.splice(101, 0, event('late', -3400));
  for (const now of [20, 40, 60, 80, 100]) progress = stream.pass(progress, now);
  expect(stream.written).toHaveLength(4501);
});

test('what is behind a page that is not written whole is not forgotten, pass after pass', () => {
  const stream = openStream(4500);
  let progress = stream.pass(beginning(noon(-3600)), 0);
  stream.events.splice(101, 0, event('young', 0));
  for (let now = 20; now <= 300; now += 20) progress = stream.pass(progress, now);
  expect(stream.written.toSorted()).toEqual(stream.events.map(({ id }) => id).toSorted());
});
