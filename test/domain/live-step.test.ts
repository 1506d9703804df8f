import { describe, expect, test } from 'vitest';
import type { LiveCheckpoint } from '../../src/domain/checkpoint.ts';
import type { Page } from '../../src/domain/page.ts';
import type { LogEvent } from '../../src/domain/page.ts';
import { resuming } from '../../src/domain/held-pages.ts';
import { liveStep } from '../../src/domain/live-step.ts';
import { seconds } from '../../src/domain/time.ts';
import { event, link, noon, page, progress } from '../support/stream.ts';

const SETTLE = seconds(60);
const remembered = (...ids: string[]) => ids.map((id) => ({ id, published: noon(-3600) }));

interface Row {
  readonly name: string;
  readonly events: readonly LogEvent[];
  readonly page?: Partial<Page>;
  readonly before?: Partial<LiveCheckpoint>;
  readonly writes: readonly string[];
  readonly link: string;
  readonly held: readonly string[];
  readonly then: 'go on' | 'tip' | 'no way on';
}

const old = (id: string) => event(id, -7200);
const held = (name: string, quietSince: number) => ({
  link: link(name),
  quietSince: noon(quietSince),
});

const rows: readonly Row[] = [
  {
    name: 'a full page far from the tip is written and left',
    events: [old('a'), old('b'), old('c')],
    writes: ['a', 'b', 'c'],
    link: 'there',
    held: [],
    then: 'go on',
  },
  {
    name: 'a full page whose last event is of the future may have been persisted just now: it is held',
    events: [old('a'), old('b'), event('c', 86_400)],
    writes: ['a', 'b', 'c'],
    link: 'here',
    held: ['here'],
    then: 'go on',
  },
  {
    name: 'a full page with such an event before others is left',
    events: [old('a'), event('b', 86_400), old('c')],
    writes: ['a', 'b', 'c'],
    link: 'there',
    held: [],
    then: 'go on',
  },
  {
    name: 'a short page is written and held',
    events: [old('a'), old('b')],
    writes: ['a', 'b'],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'an empty page changes nothing',
    events: [],
    writes: [],
    link: 'here',
    held: [],
    then: 'tip',
  },
  {
    name: 'an empty page leaves held pages as they are',
    events: [],
    page: { asked: link('there') },
    before: { held: [held('here', -10)] },
    writes: [],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'an event at the horizon is settled',
    events: [event('a', -60)],
    writes: ['a'],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'an event behind the horizon is left for later',
    events: [event('a', -59)],
    writes: [],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'a full page with an unsettled event is held',
    events: [old('a'), event('b', -5), old('c')],
    writes: ['a', 'c'],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'an event up to 5 minutes in the future is unsettled',
    events: [event('a', 300)],
    writes: [],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'an event more than 5 minutes in the future holds nobody up',
    events: [event('a', 301)],
    writes: ['a'],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'an event that tells no time is settled',
    events: [event('a')],
    writes: ['a'],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'what was written before is not written again',
    events: [old('a'), old('b')],
    before: { remembered: remembered('a') },
    writes: ['b'],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'an event that a page has twice is written once',
    events: [old('a'), old('a')],
    writes: ['a'],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'a held page that was quiet for the settling time is left',
    events: [old('a')],
    before: { remembered: remembered('a'), held: [held('here', -60)] },
    writes: [],
    link: 'there',
    held: [],
    then: 'tip',
  },
  {
    name: 'a held page that was quiet for less is held on',
    events: [old('a')],
    before: { remembered: remembered('a'), held: [held('here', -59)] },
    writes: [],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'a held page with something new is held on',
    events: [old('a'), old('b')],
    before: { remembered: remembered('a'), held: [held('here', -600)] },
    writes: ['b'],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'a held page with an unsettled event is held on',
    events: [old('a'), event('b', -5)],
    before: { remembered: remembered('a'), held: [held('here', -600)] },
    writes: [],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'a page held since a time still to come is held on',
    events: [old('a')],
    before: { remembered: remembered('a'), held: [held('here', 86_400)] },
    writes: [],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'a quiet held page without a next link is held on',
    events: [old('a')],
    page: { next: undefined },
    before: { remembered: remembered('a'), held: [held('here', -600)] },
    writes: [],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'a next link equal to the one asked ends the pass',
    events: [old('a'), old('b'), old('c')],
    page: { next: link('here') },
    writes: ['a', 'b', 'c'],
    link: 'here',
    held: ['here'],
    then: 'tip',
  },
  {
    name: 'a full page without a next link is written, and there is no way on',
    events: [old('a'), old('b'), old('c')],
    page: { next: undefined },
    writes: ['a', 'b', 'c'],
    link: 'here',
    held: ['here'],
    then: 'no way on',
  },
  {
    name: 'a full page whose events are young is held while reading goes on',
    events: [event('a', -600), old('b'), old('c')],
    writes: ['a', 'b', 'c'],
    link: 'here',
    held: ['here'],
    then: 'go on',
  },
  {
    name: 'a full page of late events in a stream that was just at its tip is held while reading goes on',
    events: [old('a'), old('b'), old('c')],
    before: { tipReachedAt: noon(-300) },
    writes: ['a', 'b', 'c'],
    link: 'here',
    held: ['here'],
    then: 'go on',
  },
  {
    name: 'a held full page that stayed quiet is left',
    events: [old('a'), old('b'), old('c')],
    before: {
      tipReachedAt: noon(-300),
      remembered: remembered('a', 'b', 'c'),
      held: [held('here', -300), held('there', -300)],
    },
    writes: [],
    link: 'there',
    held: ['there'],
    then: 'go on',
  },
  {
    name: 'a page behind a held one is held too',
    events: [old('d')],
    page: { asked: link('there'), next: link('beyond') },
    before: { held: [held('here', -10)] },
    writes: ['d'],
    link: 'here',
    held: ['here', 'there'],
    then: 'tip',
  },
  {
    name: 'held pages are forgotten when the next link leads past them',
    events: [old('a'), old('b'), old('c')],
    page: { next: link('elsewhere') },
    before: {
      tipReachedAt: noon(-300),
      remembered: remembered('a', 'b', 'c'),
      held: [held('here', -300), held('there', -300)],
    },
    writes: [],
    link: 'elsewhere',
    held: [],
    then: 'go on',
  },
];

describe('liveStep', () => {
  test.each(rows)('$name', (row) => {
    const step = liveStep(page(row.events, row.page), progress(row.before), SETTLE);
    const { checkpoint } = step.progress;
    expect({
      writes: step.write.map(({ id }) => id),
      link: checkpoint.link,
      held: checkpoint.held.map((one) => one.link),
      then: step.then,
    }).toEqual({
      writes: row.writes,
      link: link(row.link),
      held: row.held.map(link),
      then: row.then,
    });
  });

  test('the first page of a stream makes its own link the position', () => {
    const step = liveStep(page([]), progress({ link: undefined }), SETTLE);
    expect(step.progress.checkpoint.link).toBe(link('here'));
  });

  test('a held page is quiet since it last brought something new', () => {
    const before = progress({ remembered: remembered('a'), held: [held('here', -600)] });
    const quiet = liveStep(page([old('a')], { next: undefined }), before, SETTLE);
    expect(quiet.progress.checkpoint.held).toEqual([held('here', -600)]);
    const stirred = liveStep(page([old('a'), old('b')]), before, SETTLE);
    expect(stirred.progress.checkpoint.held).toEqual([held('here', 0)]);
  });

  test('the time at the tip is the later one of both clocks, and only told at the tip', () => {
    const ahead = liveStep(
      page([], { serverTime: noon(86_400), receivedAt: noon() }),
      progress(),
      SETTLE,
    );
    expect(ahead.progress.checkpoint.tipReachedAt).toBe(noon(86_400));
    const behind = liveStep(page([], { receivedAt: noon(-86_400) }), progress(), SETTLE);
    expect(behind.progress.checkpoint.tipReachedAt).toBe(noon());
    const inBacklog = liveStep(page([old('a'), old('b'), old('c')]), progress(), SETTLE);
    expect(inBacklog.progress.checkpoint.tipReachedAt).toBeUndefined();
  });

  test('a Date that is a day ahead does not make a page look far from the tip', () => {
    const before = progress({ tipReachedAt: noon(-300) });
    const step = liveStep(
      page([old('a'), old('b'), old('c')], { serverTime: noon(86_400) }),
      before,
      SETTLE,
    );
    expect(step.progress.checkpoint.link).toBe(link('here'));
  });

  test('the newest event told is the newest delivered that is not in the future', () => {
    const step = liveStep(
      page([event('a', -7200), event('b', -7300), event('c', 4000)]),
      progress(),
      SETTLE,
    );
    expect(step.progress.checkpoint.newestPublished).toBe(noon(-7200));
  });

  test('a Date that is a day ahead does not make a page look far from the tip', () => {
    const before = progress({ tipReachedAt: noon(-300) });
    const step = liveStep(
      page([old('a'), old('b'), old('c')], { serverTime: noon(86_400) }),
      before,
      SETTLE,
    );
    expect(step.progress.checkpoint.link).toBe(link('here'));
  });

  test.each([
    { name: 'Okta', clocks: { serverTime: noon(86_400) } },
    { name: 'this machine', clocks: { receivedAt: noon(-86_400) } },
  ])('a page close to the tip is held though the clock of $name is off', ({ clocks }) => {
    const before = progress({ tipReachedAt: noon(-300) });
    const step = liveStep(page([old('a'), old('b'), old('c')], clocks), before, SETTLE);
    expect(step.progress.checkpoint.held).toHaveLength(1);
  });

  test('the newest event told is not of a page that has unsettled events, until they are delivered', () => {
    const events = [event('ahead', -10), event('b', -600)];
    const first = liveStep(page(events), progress({ newestPublished: noon(-7200) }), SETTLE);
    expect(first.progress.checkpoint.newestPublished).toBe(noon(-7200));
    const second = liveStep(page(events, { serverTime: noon(60) }), first.progress, SETTLE);
    expect(second.progress.checkpoint.newestPublished).toBe(noon(-10));
  });

  test('what lies ahead of the position is remembered, and the last 1,000 that it has passed', () => {
    const many = Array.from({ length: 1200 }, (_, n) => `old-${n}`);
    const before = progress({ remembered: remembered(...many, 'on-page'), ahead: 1 });
    const step = liveStep(page([old('on-page'), old('new')]), before, SETTLE);
    const { remembered: known, ahead } = step.progress.checkpoint;
    expect(known.map(({ id }) => id)).toEqual([...many.slice(200), 'on-page', 'new']);
    expect(ahead).toBe(2);
  });

  test('the position passes what is on a page that it leaves, and nothing else', () => {
    const before = progress({
      remembered: remembered('passed', 'behind', 'b', 'a'),
      ahead: 3,
      tipReachedAt: noon(-300),
      held: [held('here', -60), held('there', -60)],
    });
    const step = liveStep(page([old('a'), old('b'), old('c')]), before, SETTLE);
    expect(step.progress.checkpoint).toMatchObject({ ahead: 4, link: link('here') });
    const quiet = liveStep(page([old('a'), old('b')]), before, SETTLE);
    const { remembered: known, ahead } = quiet.progress.checkpoint;
    expect(known.map(({ id }) => id)).toEqual(['passed', 'b', 'a', 'behind']);
    expect(ahead).toBe(1);
  });

  test('behind a link of which nobody knows where it was handed out, a full page is held however old its events are', () => {
    const { checkpoint } = progress({});
    const full = page([old('a'), old('b'), old('c')]);
    const taken = liveStep(full, resuming(checkpoint), SETTLE).progress;
    expect(taken.checkpoint.held).toHaveLength(1);
    const tip = page([], { asked: link('there'), next: link('beyond') });
    const atTip = liveStep(tip, taken, SETTLE).progress;
    const { checkpoint: later } = progress({ tipReachedAt: noon(-7 * 86_400) });
    expect(atTip.isTipUnknown).toBe(false);
    expect(liveStep(full, resuming(later), SETTLE).progress.checkpoint.held).toEqual([]);
  });

  test.each([
    { name: 'a short one', onIt: [old('old-1')], next: link('elsewhere') },
    { name: 'an empty one', onIt: [], next: link('here') },
    { name: 'one with an unsettled event', onIt: [event('fresh', -5)], next: link('elsewhere') },
  ])('a pass that ends at a page before all it has written, $name, forgets nothing', (last) => {
    const many = Array.from({ length: 3000 }, (_, n) => `old-${n}`);
    for (const pages of [[], [held('here', -30)], [held('here', -30), held('there', -30)]]) {
      const parts = { remembered: remembered(...many), ahead: 3000, held: pages };
      const { checkpoint } = progress(parts);
      const asked = page(last.onIt, { next: last.next });
      const step = liveStep(asked, resuming(checkpoint), SETTLE);
      expect(step.then).toBe('tip');
      expect(step.progress.checkpoint.remembered).toHaveLength(3000);
      const again = liveStep(asked, step.progress, SETTLE);
      expect(again.progress.checkpoint.remembered).toHaveLength(3000);
    }
  });

  test('what was passed and is met again on a page that is held is ahead again', () => {
    const many = Array.from({ length: 1000 }, (_, n) => `old-${n}`);
    const before = progress({ remembered: remembered(...many) });
    const step = liveStep(page([old('old-0'), old('new')]), before, SETTLE);
    const { remembered: known, ahead } = step.progress.checkpoint;
    expect(known.map(({ id }) => id)).toEqual([...many.slice(1), 'old-0', 'new']);
    expect(ahead).toBe(2);
  });

  test('of small pages, at most 20 or 4,000 events are held before the last page', () => {
    const reach = (limit: number, count: number) => {
      let reached = progress({ tipReachedAt: noon(-300), link: link('0') });
      for (let n = 0; n < count; n += 1) {
        const events = Array.from({ length: limit }, (_, k) => old(`${n}-${k}`));
        const links = { asked: link(String(n)), next: link(String(n + 1)) };
        reached = liveStep(page(events, { limit, ...links }), reached, SETTLE).progress;
      }
      return reached.checkpoint.held.length;
    };
    expect([reach(250, 21), reach(250, 40)]).toEqual([21, 21]);
    expect([reach(100, 41), reach(100, 60)]).toEqual([41, 41]);
  });

  test('at most 20,000 events are held before the last page', () => {
    let reached = progress({ tipReachedAt: noon(-300), link: link('0') });
    for (let n = 0; n < 23; n += 1) {
      const events = Array.from({ length: 1000 }, (_, k) => old(`${n}-${k}`));
      const asked = page(events, {
        limit: 1000,
        asked: link(String(n)),
        next: link(String(n + 1)),
      });
      reached = liveStep(asked, reached, SETTLE).progress;
    }
    const { held: pages, remembered: known, ahead, link: position } = reached.checkpoint;
    expect(pages).toHaveLength(21);
    expect([pages[0]?.link, position]).toEqual([link('2'), link('2')]);
    // Of the two pages that were let go, the last 1,000 events.
    expect([known.length, ahead]).toEqual([22_000, 21_000]);
  });
});
