import { describe, expect, test } from 'vitest';
import { earlier, later, minutes, seconds } from '../../src/domain/time.ts';
import { makeEvent } from '../../src/sandbox/event.ts';
import { allPages, ask, codeIn, uuidsIn } from './ask.ts';
import { at, running, start } from './running.ts';

const window = '/api/v1/logs?since=2026-11-09T00:00:00.000Z&until=2026-11-13T00:00:00.000Z';

describe('a bounded request', () => {
  test('returns since <= published < until by published, and ends without a next link', async () => {
    const { sandbox } = await running({ events: 3000 });
    const expected = sandbox.org.events
      .filter(({ published }) => published >= at('2026-11-09') && published < at('2026-11-13'))
      .toSorted((one, other) => one.published - other.published || one.sequence - other.sequence)
      .map(({ uuid }) => uuid);
    const pages = await allPages(sandbox, `${window}&limit=500`);
    expect(pages.flatMap(uuidsIn)).toEqual(expected);
    expect(pages.at(-1)?.next).toBeUndefined();
    expect(pages.at(-1)?.links).toHaveLength(1);
    const down = await allPages(sandbox, `${window}&limit=500&sortOrder=DESCENDING`);
    expect(down.flatMap(uuidsIn)).toEqual(expected.toReversed());
  });

  test('that has nothing to return, or a page full to the last event, has no next link', async () => {
    const { sandbox } = await running();
    expect((await ask(sandbox, window)).next).toBeUndefined();
    for (const index of [0, 1, 2])
      sandbox.org.append(makeEvent(1, index, at('2026-11-10T10:00:00.500Z')));
    const full = await ask(sandbox, `${window}&limit=3`);
    expect(uuidsIn(full)).toHaveLength(3);
    expect(full.next).toBeUndefined();
    expect((await ask(sandbox, `${window}&limit=2`)).next).toBeDefined();
  });

  test('includes since and excludes until, to the millisecond', async () => {
    const { sandbox } = await running();
    const moments = [
      '2026-11-09T00:00:00.000Z',
      '2026-11-12T23:59:59.999Z',
      '2026-11-13T00:00:00.000Z',
    ];
    const events = moments.map((moment, index) => makeEvent(1, index + 1, at(moment)));
    for (const event of events) sandbox.org.append(event);
    const [first, second] = events.map(({ uuid }) => uuid);
    expect(uuidsIn(await ask(sandbox, window))).toEqual([first, second]);
  });

  test('misses what is persisted only after it was asked', async () => {
    const { sandbox, clock } = await running();
    const event = makeEvent(1, 0, earlier(start, minutes(1)));
    sandbox.org.append(event, { persisted: later(start, seconds(10)) });
    const path = '/api/v1/logs?since=2026-11-15T11:00:00.000Z&until=2026-11-15T12:00:00.000Z';
    expect(uuidsIn(await ask(sandbox, path))).toEqual([]);
    clock.move(seconds(10));
    expect(uuidsIn(await ask(sandbox, path))).toEqual([event.uuid]);
  });
});

describe('a cursor', () => {
  const polling = '/api/v1/logs?since=2026-11-09T00:00:00.000Z&limit=10';

  test('of another org, another kind of request or with a change is refused', async () => {
    const { sandbox } = await running({ events: 100 });
    const { sandbox: other } = await running({ events: 100, seed: 2 });
    const cursorOf = async (path: string): Promise<string> =>
      new URL((await ask(sandbox, path)).next ?? '').searchParams.get('after') ?? '';
    const [forward, bounded] = [await cursorOf(polling), await cursorOf(`${window}&limit=10`)];
    const refused = [
      await ask(other, `${polling}&after=${forward}`),
      await ask(sandbox, `${polling}&after=${bounded}`),
      await ask(sandbox, `${window}&after=${forward}`),
      await ask(sandbox, `${polling}&after=${forward}x`),
      await ask(sandbox, `${polling}&after=${forward}%3D`),
      await ask(sandbox, `${polling}&after=2000`),
      await ask(sandbox, `${polling}&after=`),
    ];
    expect(refused.map((reply) => [reply.status, codeIn(reply)])).toEqual(
      refused.map(() => [400, 'E0000031']),
    );
    expect((await ask(sandbox, `${polling}&after=${forward}`)).status).toBe(200);
  });

  test('outlives the sandbox that issued it', async () => {
    const { sandbox } = await running({ events: 100 });
    const { sandbox: again } = await running({ events: 100 });
    const { next = '' } = await ask(sandbox, polling);
    const { pathname, search } = new URL(next);
    expect(uuidsIn(await ask(again, pathname + search))).toEqual(uuidsIn(await ask(sandbox, next)));
  });
});
