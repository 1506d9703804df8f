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

/** An org whose links name the event that they lead behind, and a reader of it. */
function openStream(count: number) {
  /** In the order of the stream: within the last hour before noon, all of it settled. */
  const events = Array.from({ length: count }, (_, n) =>
    event(`e-${n}`, -3500 + (n * 3300) / count),
  );
  const written: string[] = [];
  const follows = (after: string): readonly LogEvent[] => {
    const place = events.findIndex(({ id }) => id === after) + 1;
    return events.slice(place, place + LIMIT);
  };
  return {
    events,
    written,
    /** Reads up to the tip; `dateOf` gives the time that Okta shows with the n-th page, in seconds after noon. */
    pass(from: LiveProgress, dateOf: (n: number) => number): LiveProgress {
      let progress = from;
      let after: string = progress.checkpoint.link ?? 'the start';
      for (let n = 0; ; n += 1) {
        const on = follows(after);
        const next = on.at(-1)?.id ?? after;
        const times = { serverTime: noon(dateOf(n)), receivedAt: noon(dateOf(n)) };
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

test('no pass loses an event or writes it twice, whenever it comes, however often the clock ticks in it, and wherever a late event surfaces', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4900 }),
      fc.array(fc.integer({ min: 0, max: 4900 }), { maxLength: 3 }),
      fc.array(
        fc.record({
          after: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.constantFrom(58, 59, 60)),
          ticks: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
          isSameRun: fc.boolean(),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      (count, lates, passes) => {
        const stream = openStream(count);
        let progress = stream.pass(beginning(noon(-3600)), () => 0);
        lates.forEach((place, n) => {
          stream.events.splice(place % count, 0, event(`late-${n}`, -3500));
        });
        // What surfaces late does so within the settling time.
        let now = 0;
        for (const { after, ticks, isSameRun } of [
          ...passes.map((one, n) => (n === 0 ? { ...one, after: one.after % 60 } : one)),
          { after: 120, ticks: [], isSameRun: true },
        ]) {
          now += after;
          const ticked = (n: number): number => ticks.slice(0, n).filter(Boolean).length;
          const begun = now;
          progress = stream.pass(again(progress, isSameRun), (n) => begun + ticked(n));
          now += ticked(ticks.length);
        }
        expect(stream.written.toSorted()).toEqual(stream.events.map(({ id }) => id).toSorted());
      },
    ),
    { numRuns: 150 },
  );
});

test('a page does not leave while one in front of it is held: both would be met again, and one be forgotten', () => {
  for (const isSameRun of [true, false]) {
    const stream = openStream(4500);
    const first = stream.pass(beginning(noon(-3600)), () => 0);
    const second = stream.pass(again(first, isSameRun), (n) => (n === 0 ? 59 : 60));
    expect(second.checkpoint.held).toHaveLength(5);
    const third = stream.pass(again(second, isSameRun), () => 120);
    expect(third.checkpoint.held).toEqual([]);
    expect(stream.written).toHaveLength(4500);
  }
});

test('what is on held pages is not forgotten when a late event moves their links', () => {
  const stream = openStream(4500);
  let progress = stream.pass(beginning(noon(-3600)), () => 0);
  stream.events.splice(101, 0, event('late', -3400));
  for (const now of [20, 40, 60, 80, 100]) progress = stream.pass(progress, () => now);
  expect(stream.written).toHaveLength(4501);
});
