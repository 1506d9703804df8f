import { describe, expect, test } from 'vitest';
import { isBacklog, isFull, newestPublished } from '../../src/domain/page.ts';
import { event, NOON, noon, page } from '../support/stream.ts';

describe('newestPublished', () => {
  test.each([
    { name: 'none in an empty page', moments: [], newest: undefined },
    { name: 'none where no event tells a time', moments: [undefined], newest: undefined },
    {
      name: 'the newest, wherever it stands',
      moments: [-9, -3, undefined, -7],
      newest: noon(-3),
    },
    { name: 'one at the limit', moments: [-1, 0], newest: NOON },
    { name: 'the newest but those beyond the limit', moments: [-4, 1, 9999], newest: noon(-4) },
    { name: 'none if all are beyond the limit', moments: [1], newest: undefined },
  ])('is $name', ({ moments, newest }) => {
    const events = moments.map((moment) => event('x', moment));
    expect(newestPublished(events, NOON)).toBe(newest);
  });
});

describe('isFull', () => {
  test.each([
    [2, false],
    [3, true],
    [4, true],
  ])('of %d events with a limit of 3: %s', (count, full) => {
    expect(isFull(page(Array.from({ length: count }, () => event('x'))))).toBe(full);
  });
});

describe('isBacklog', () => {
  test.each([
    { name: 'a full page of old events', moments: [-601, -9000, -601], backlog: true },
    { name: 'a short page', moments: [-9000, -9000], backlog: false },
    { name: 'an event of 10 minutes ago', moments: [-9000, -600, -9000], backlog: false },
    { name: 'an event from the future', moments: [-9000, -9000, 9000], backlog: false },
    { name: 'an event that tells no time', moments: [-9000, undefined, -9000], backlog: true },
  ])('after $name: $backlog', ({ moments, backlog }) => {
    expect(isBacklog(page(moments.map((moment) => event('x', moment))))).toBe(backlog);
  });
});
