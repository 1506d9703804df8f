import { describe, expect, test } from 'vitest';
import { afterDelivery, handOverAt } from '../../src/domain/hand-over.ts';
import { beginning } from '../../src/domain/held-pages.ts';
import { liveStep } from '../../src/domain/live-step.ts';
import { seconds } from '../../src/domain/time.ts';
import { event, link, noon, page, progress } from '../support/stream.ts';

const start = noon(-86_400);

describe('the record of a live stream', () => {
  test('names the start of its first request, and what it delivers from before that', () => {
    const { handOver } = beginning(start).checkpoint;
    expect(handOver).toEqual({ since: start, deliveredFromBefore: [], unrecorded: 0 });
    const events = [event('late', -86_401), event('at', -86_400), event('undated')];
    const before = beginning(start);
    const step = liveStep(page(events), before, seconds(60));
    expect(step.progress.checkpoint.handOver).toEqual({
      since: start,
      deliveredFromBefore: ['late', 'undated'],
      unrecorded: 0,
    });
  });

  test('does not name what is left to a later pass, nor twice what was named', () => {
    const before = beginning(noon());
    const first = liveStep(page([event('late', -70), event('young', -5)]), before, seconds(60));
    expect(first.progress.checkpoint.handOver?.deliveredFromBefore).toEqual(['late']);
    const again = page([event('late', -70), event('young', -5)], { serverTime: noon(60) });
    const second = liveStep(again, first.progress, seconds(60));
    expect(second.progress.checkpoint.handOver?.deliveredFromBefore).toEqual(['late', 'young']);
  });

  test('stays unknown where nobody kept it from the beginning', () => {
    const before = progress({ handOver: undefined, link: link('here') });
    const step = liveStep(page([event('late', -864_000)]), before, seconds(60));
    expect(step.progress.checkpoint.handOver).toBeUndefined();
  });

  test('counts what is more than it holds', () => {
    const events = Array.from({ length: 6000 }, (_, index) => event(String(index), -86_500));
    const once = afterDelivery(handOverAt(start), events);
    const twice = afterDelivery(once, events);
    expect(once).toMatchObject({ unrecorded: 0 });
    expect(twice).toMatchObject({ unrecorded: 2000 });
    expect(twice.deliveredFromBefore).toHaveLength(10_000);
    expect(afterDelivery(twice, [event('x', -86_500)])).toMatchObject({ unrecorded: 2001 });
  });
});
