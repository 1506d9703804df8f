import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { CredentialsError } from '../../src/domain/failure.ts';
import type { Page } from '../../src/domain/page.ts';
import { days, earlier, hours, later, seconds } from '../../src/domain/time.ts';
import type { ApiClient, ApiRequest } from '../../src/okta/api-client.ts';
import { createSystemLog } from '../../src/okta/system-log.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { notedLog } from '../support/noted-log.ts';
import { NOON } from '../support/stream.ts';
import type { Reading } from './reading.ts';
import { A_WEEK_AGO, allPages, firstPage, reading } from './reading.ts';

const linesOf = (pages: readonly Page[]) =>
  pages.flatMap(({ events }) => events.map(({ line }) => Buffer.from(line).toString()));
const truthOf = ({ sandbox }: Reading) =>
  sandbox.org.events.map(({ json }) => `${json.toString()}\n`);
const urlsOf = ({ sandbox }: Reading) => sandbox.requests.map(({ url }) => sandbox.url + url);

describe('reading the System Log', () => {
  test('yields every event as it is, in the order of Okta', async () => {
    const scene = await reading({ events: 2500 });
    const pages = await allPages(scene);
    expect(pages.map(({ events }) => events.length)).toEqual([1000, 1000, 500, 0]);
    expect(linesOf(pages)).toEqual(truthOf(scene));
  });

  test('follows next links byte for byte, until one leads back to its page', async () => {
    const scene = await reading({ events: 2500, faults: 'comma-link@1x2' });
    const pages = await allPages(scene);
    expect(urlsOf(scene)).toEqual([
      `${scene.sandbox.url}/api/v1/logs?sortOrder=ASCENDING&limit=1000&since=2026-11-08T12%3A00%3A00.000Z`,
      ...pages.slice(0, -1).map(({ next }) => next),
    ]);
    expect(urlsOf(scene)[1]).toMatch(/&expand=a,b;c$/);
    expect(pages.at(-1)?.next).toBe(pages.at(-1)?.asked);
  });

  test('goes on where it is told to', async () => {
    const scene = await reading({ events: 2500 });
    const { next } = await firstPage(scene);
    if (next === undefined) throw new Error('no next link');
    const pages = await allPages(scene, { kind: 'link', link: next });
    expect(linesOf(pages)).toEqual(truthOf(scene).slice(1000));
  });

  test('ends a window where no link leads on', async () => {
    const scene = await reading({ events: 2500 });
    const window = { since: earlier(NOON, days(6)), until: earlier(NOON, days(1)) };
    const pages = await allPages(scene, { kind: 'window', window });
    expect(pages.at(-1)?.next).toBeUndefined();
    const inside = scene.sandbox.org.events.filter(
      ({ published }) => published >= window.since && published < window.until,
    );
    expect(inside.length).toBeGreaterThan(1000);
    expect(new Set(linesOf(pages))).toEqual(
      new Set(inside.map(({ json }) => `${json.toString()}\n`)),
    );
  });

  test('says who it is, takes gzip, and sends no cookie back', async () => {
    const scene = await reading({ events: 1500 });
    await allPages(scene);
    expect(scene.sandbox.requests).toHaveLength(3);
    for (const { method, headers } of scene.sandbox.requests) {
      expect(method).toBe('GET');
      expect(headers).toMatchObject({
        accept: 'application/json',
        'accept-encoding': 'gzip',
        authorization: `SSWS ${scene.sandbox.token}`,
        'user-agent': 'okta-collector/0.0.0',
      });
      expect(headers.cookie).toBeUndefined();
      expect(headers['x-okta-retry-for']).toBeUndefined();
    }
  });

  test('names the request that failed when it asks again', async () => {
    const scene = await reading({ events: 5, faults: '503x2' });
    await firstPage(scene);
    const failed = scene.log.records[0]?.fields['request_id'];
    expect(failed).toMatch(/./);
    expect(scene.sandbox.requests.map(({ headers }) => headers['x-okta-retry-for'])).toEqual([
      undefined,
      failed,
      failed,
    ]);
    expect(scene.sandbox.requests.map(({ headers }) => headers['x-okta-retry-count'])).toEqual([
      undefined,
      '1',
      '2',
    ]);
  });

  test('tells no token in its log', async () => {
    const scene = await reading({
      events: 5,
      faults: '503, 429, truncate, half-event, hang',
      timeout: seconds(1),
    });
    await firstPage(scene);
    expect(scene.log.records.length).toBeGreaterThanOrEqual(5);
    expect(JSON.stringify(scene.log.records)).not.toContain(scene.sandbox.token);
  });

  test('counts what it costs', async () => {
    const scene = await reading({ events: 1500, faults: '503@2' });
    await allPages(scene);
    const answers = await Promise.all(scene.exchanges.map(({ answer }) => answer));
    expect(scene.traffic()).toEqual({
      requests: 4,
      receivedBytes: answers.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0),
      waitedMilliseconds: scene.clock.naps.reduce((sum, nap) => sum + nap, 0),
    });
    expect(scene.clock.naps).toEqual([seconds(1) * 0.75]);
  });
});

test('links that lead in a circle are not followed without end', async () => {
  const links = ['/api/v1/logs?after=a', '/api/v1/logs?after=b'];
  const client = {
    get: ({ url, read }: ApiRequest<unknown>) => {
      const next = links[url.endsWith('=a') ? 1 : 0] ?? '';
      return Promise.resolve(
        read({
          status: 200,
          headers: { link: `<${next}>; rel="next"` },
          body: Buffer.from('[]'),
          receivedBytes: 2,
        }),
      );
    },
    traffic: () => ({ requests: 0, receivedBytes: 0, waitedMilliseconds: 0 }),
  } as ApiClient;
  const options = {
    org: 'https://acme.okta.com',
    pageLimit: 1,
    clock: fakeClock(NOON),
    log: notedLog(),
  };
  const pages = createSystemLog({ ...options, client }).pages(
    { kind: 'since', since: NOON },
    new AbortController().signal,
  );
  const read = async (): Promise<void> => {
    let count = 0;
    for await (const page of pages) {
      expect(page.events).toEqual([]);
      expect((count += 1)).toBeLessThan(10);
    }
  };
  await expect(read()).rejects.toThrow('lead in a circle');
});

describe('the time of a page', () => {
  test('is that of the server, however far our clock is off', async () => {
    const scene = await reading({ ahead: hours(5) });
    expect(await firstPage(scene)).toMatchObject({
      serverTime: NOON,
      receivedAt: later(NOON, hours(5)),
    });
  });

  test('is ours if the server tells none, which is said once', async () => {
    const scene = await reading({ events: 1500, ahead: hours(5), faults: 'no-datex*' });
    const pages = await allPages(scene);
    expect(pages.map(({ serverTime }) => serverTime)).toEqual(
      pages.map(() => later(NOON, hours(5))),
    );
    expect(scene.log.messages('warn')).toEqual([expect.stringContaining('no Date')]);
  });
});

describe('after a 429', () => {
  test.each([
    { name: 'is right', ahead: hours(0) },
    { name: 'is hours ahead', ahead: hours(3) },
    { name: 'is hours behind', ahead: hours(-3) },
  ])('the wait lasts until the reset and a second more if our clock $name', async ({ ahead }) => {
    const scene = await reading({ events: 5, ahead, faults: '429@2' });
    await firstPage(scene);
    scene.clock.move(seconds(30));
    await firstPage(scene);
    expect(scene.clock.naps).toEqual([seconds(31) * 1.05]);
    expect(scene.sandbox.requests.map(({ status }) => status)).toEqual([200, 429, 200]);
  });

  test('the wait is short if there were only too many at once', async () => {
    const scene = await reading({ events: 5, faults: '429-concurrencyx3' });
    await firstPage(scene);
    expect(scene.clock.naps).toEqual([seconds(2), seconds(2), seconds(2)]);
  });

  test('it is asked again for as long as the run lasts', async () => {
    const scene = await reading({ events: 5, faults: '429x50' });
    expect((await firstPage(scene)).events).toHaveLength(5);
    expect(scene.sandbox.requests).toHaveLength(51);
  });

  test('the failed attempts before it still count, but it does not', async () => {
    const scene = await reading({ events: 5, faults: '503x4, 429x9, 503x*' });
    await expect(firstPage(scene)).rejects.toMatchObject({ kind: 'transient' });
    expect(scene.sandbox.requests).toHaveLength(4 + 9 + 4);
  });
});

/** Takes a page as a consumer does that is busy with it. */
async function onePage(scene: Reading, signal = new AbortController().signal) {
  const pages = scene.systemLog.pages(A_WEEK_AGO, signal)[Symbol.asyncIterator]();
  const first = await pages.next();
  return { pages, first };
}

describe('the page ahead', () => {
  test('is asked for in a backlog while this one is being written', async () => {
    const scene = await reading({ events: 1500 });
    await onePage(scene);
    await scene.sent(2);
    for (let count = 0; count < 20; count += 1) await turn();
    expect(scene.exchanges).toHaveLength(2);
  });

  test.each([
    { name: 'behind a short page', events: 999, days: 7 },
    { name: 'behind a full page near the tip', events: 1000, days: 1 / 24 / 12 },
  ])('is not asked for $name', async ({ events, days: span }) => {
    const scene = await reading({ events, days: span });
    await onePage(scene);
    for (let count = 0; count < 20; count += 1) await turn();
    expect(scene.exchanges).toHaveLength(1);
  });

  test('is given up when nobody wants it any more', async () => {
    const scene = await reading({ events: 1500, faults: 'hang@2' });
    const { pages } = await onePage(scene);
    await scene.sent(2);
    await pages.return?.();
    await expect(scene.exchanges[1]?.answer).rejects.toThrow('no longer wanted');
  });

  test('fails only where it is wanted', async () => {
    const scene = await reading({ events: 1500, faults: '403@2' });
    const { pages, first } = await onePage(scene);
    expect(first.done).toBe(false);
    await scene.sent(2);
    await scene.exchanges[1]?.answer;
    await turn();
    await expect(pages.next()).rejects.toThrow(CredentialsError);
    expect(await pages.next()).toEqual({ done: true, value: undefined });
  });

  test('harms nobody if it fails and is not wanted', async () => {
    const scene = await reading({ events: 1500, faults: '403@2' });
    const { pages } = await onePage(scene);
    await scene.sent(2);
    await scene.exchanges[1]?.answer;
    await turn();
    expect(await pages.return?.()).toMatchObject({ done: true });
  });
});

describe('the signal', () => {
  const reason = new Error('the run ends');

  test.each(['503x*', '429x*', '429-concurrencyx*', 'half-eventx*'])(
    'ends the wait after %s, which then does not count',
    async (faults) => {
      const stop = new AbortController();
      const scene = await reading({
        events: 5,
        faults,
        during: (signal) => {
          stop.abort(reason);
          return signal.aborted ? undefined : new Promise(() => undefined);
        },
      });
      await expect(allPages(scene, A_WEEK_AGO, stop.signal)).rejects.toBe(reason);
      expect(scene.sandbox.requests).toHaveLength(1);
      expect(scene.traffic().waitedMilliseconds).toBe(0);
    },
  );

  test('breaks off a request under way', async () => {
    const stop = new AbortController();
    const scene = await reading({ faults: 'hang' });
    const pages = allPages(scene, A_WEEK_AGO, stop.signal);
    const ended = expect(pages).rejects.toBe(reason);
    await scene.sent(1);
    stop.abort(reason);
    await ended;
    expect(scene.log.records).toEqual([]);
  });

  test('keeps a request from being sent', async () => {
    const scene = await reading();
    await expect(allPages(scene, A_WEEK_AGO, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(scene.sandbox.requests).toEqual([]);
  });

  test('ends the reading between two pages', async () => {
    const stop = new AbortController();
    const scene = await reading({ events: 1000, days: 1 / 24 / 12 });
    const { pages } = await onePage(scene, stop.signal);
    stop.abort(reason);
    await expect(pages.next()).rejects.toBe(reason);
    expect(scene.sandbox.requests).toHaveLength(1);
  });
});

test('many failures in a row are waited for longer and longer', async () => {
  const scene = await reading({ faults: '503x*' });
  await expect(firstPage(scene)).rejects.toMatchObject({ kind: 'transient' });
  expect(scene.clock.naps).toEqual([1, 2, 4, 8, 16, 32, 60].map((wait) => seconds(wait) * 0.75));
});

test('deep in a backlog the memory of a page is given back once the next one is asked for', async () => {
  const scene = await reading({ events: 4500 });
  const { pages } = await onePage(scene);
  const second = await pages.next();
  const lines = (second.value as Page).events.map(({ line }) => line);
  expect(lines.every(({ length }) => length > 0)).toBe(true);
  await pages.next();
  expect(lines.every(({ length }) => length === 0)).toBe(true);
});
