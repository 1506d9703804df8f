import { describe, expect, test } from 'vitest';
import { Tally } from '../../src/collect/tally.ts';
import { event, noon, page } from '../support/stream.ts';

describe('Tally', () => {
  test('has counted nothing at first', () => {
    expect(new Tally().counts).toEqual({
      events: 0,
      dropped: 0,
      pages: 0,
      writtenBytes: 0,
      newestPublished: undefined,
      serverTime: undefined,
    });
  });

  test('adds up pages, events, drops and bytes', () => {
    const tally = new Tally();
    const [a, b, c] = [event('a', -9), event('b', -8), event('c')];
    tally.received(page([a, b]));
    tally.written([a, b], 3);
    tally.received(page([c], { serverTime: noon(60) }));
    tally.written([c], 1);
    tally.received(page([], { serverTime: noon(61) }));
    tally.written([], 0);
    expect(tally.counts).toEqual({
      events: 3,
      dropped: 4,
      pages: 3,
      writtenBytes: a.line.length + b.line.length + c.line.length,
      newestPublished: noon(-8),
      serverTime: noon(61),
    });
  });

  test.each([
    { name: 'an older event', seconds: -100, newest: noon(-50) },
    { name: 'a newer event', seconds: -10, newest: noon(-10) },
    { name: 'an event from the future', seconds: 10, newest: noon(-50) },
    { name: 'an event that tells no time', seconds: undefined, newest: noon(-50) },
  ])('knows the newest event of all runs after $name', ({ seconds, newest }) => {
    const tally = new Tally();
    tally.startFrom(noon(-50));
    tally.received(page([]));
    tally.written([event('a', seconds)], 0);
    expect(tally.counts.newestPublished).toBe(newest);
  });
});
