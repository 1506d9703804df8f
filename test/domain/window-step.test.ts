import { describe, expect, test } from 'vitest';
import type { WindowCheckpoint } from '../../src/domain/checkpoint.ts';
import { days, earlier, seconds } from '../../src/domain/time.ts';
import { nextRequest, widened, windowStep } from '../../src/domain/window-step.ts';
import { event, link, NOON, noon, page } from '../support/stream.ts';

const HOUR = 3600;

function checkpoint(parts: Partial<WindowCheckpoint> = {}): WindowCheckpoint {
  const window = { since: noon(-2 * HOUR), until: noon(-HOUR) };
  return {
    stream: 'window',
    window,
    askedSince: window.since,
    askedUntil: window.until,
    link: link('here'),
    finished: false,
    remembered: [],
    ...parts,
  };
}

describe('windowStep', () => {
  test('writes from the lower bound on and up to but not including the upper one', () => {
    const events = [
      event('early', -2 * HOUR - 1),
      event('first', -2 * HOUR),
      event('last', -HOUR - 1),
      event('end', -HOUR),
    ];
    expect(windowStep(page(events), checkpoint()).write.map(({ id }) => id)).toEqual([
      'first',
      'last',
    ]);
  });

  test('writes an event that tells no time', () => {
    expect(windowStep(page([event('a')]), checkpoint()).write).toHaveLength(1);
  });

  test('writes nothing twice', () => {
    const before = checkpoint({ remembered: [{ id: 'a', published: undefined }] });
    const step = windowStep(page([event('a', -HOUR - 5), event('b', -HOUR - 4)]), before);
    expect(step.write.map(({ id }) => id)).toEqual(['b']);
    expect(step.progress.remembered.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test.each([
    {
      name: 'a short page with a next link',
      events: 1,
      next: link('there'),
      then: 'go on',
      finished: false,
    },
    {
      name: 'an empty page with a next link',
      events: 0,
      next: link('there'),
      then: 'go on',
      finished: false,
    },
    { name: 'a page without a next link', events: 3, next: undefined, then: 'end', finished: true },
    {
      name: 'a short page that leads back to itself',
      events: 1,
      next: link('here'),
      then: 'end',
      finished: true,
    },
    {
      name: 'a full page that has lost its links',
      events: 3,
      next: undefined,
      hasLinks: false,
      then: 'no way on',
      finished: false,
    },
    {
      name: 'a full page that leads back to itself',
      events: 3,
      next: link('here'),
      then: 'no way on',
      finished: false,
    },
  ])('after $name: $then', ({ events, next, hasLinks = true, then, finished }) => {
    const all = Array.from({ length: events }, (_, n) => event(String(n), -HOUR - 10));
    const step = windowStep(page(all, { next, hasLinks }), checkpoint());
    expect(step.then).toBe(then);
    expect(step.progress.finished).toBe(finished);
    expect(step.progress.link).toBe(
      { 'go on': next, end: undefined, 'no way on': link('here') }[then],
    );
  });

  test('a request that ends before its window does leaves the window unfinished', () => {
    const before = checkpoint({ askedUntil: noon(-HOUR - 600) });
    const { progress } = windowStep(page([], { next: undefined }), before);
    expect(progress).toMatchObject({
      finished: false,
      link: undefined,
      askedSince: noon(-HOUR - 600),
      askedUntil: noon(-HOUR - 600),
    });
  });
});

describe('nextRequest', () => {
  const start = checkpoint({ askedUntil: noon(-2 * HOUR), link: undefined });

  test('asks for the whole window if it lies before the horizon', () => {
    expect(nextRequest(start, NOON, seconds(60))).toMatchObject({
      askedSince: noon(-2 * HOUR),
      askedUntil: noon(-HOUR),
    });
  });

  test('asks up to the horizon if the window ends behind it', () => {
    expect(nextRequest(start, noon(-HOUR), seconds(60))).toMatchObject({
      askedUntil: noon(-HOUR - 60),
    });
  });

  test('goes on where the last request ended', () => {
    const before = checkpoint({ askedUntil: noon(-HOUR - 600), link: undefined });
    expect(nextRequest(before, NOON, seconds(60))).toMatchObject({
      askedSince: noon(-HOUR - 600),
      askedUntil: noon(-HOUR),
    });
  });

  test('asks for nothing that lies behind the horizon', () => {
    expect(nextRequest(start, earlier(NOON, days(1)), seconds(60))).toBeUndefined();
  });
});

describe('widened', () => {
  test('asks for a second more on both sides', () => {
    expect(widened(checkpoint())).toEqual({ since: noon(-2 * HOUR - 1), until: noon(-HOUR + 1) });
  });
});
