import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { beforeEach, expect, test } from 'vitest';
import { UnusablePageError } from '../../src/domain/failure.ts';
import type { Cursor, Page } from '../../src/domain/page.ts';
import type { Instant } from '../../src/domain/time.ts';
import { days, earlier, formatInstant, hours, minutes } from '../../src/domain/time.ts';
import type { ApiClient, ApiRequest } from '../../src/okta/api-client.ts';
import { createSystemLog } from '../../src/okta/system-log.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { notedLog } from '../support/noted-log.ts';
import { NOON } from '../support/stream.ts';

const ORG = 'https://acme.okta.com';
const linkTo = (name: string): string => `${ORG}/api/v1/logs?limit=2&after=${name}`;
const headOf = (name: string, next: string) => ({
  status: 200,
  headers: {
    link: [`<${linkTo(name)}>; rel="self"`, `<${linkTo(next)}>; rel="next"`],
    date: new Date(NOON).toUTCString(),
  },
});

const DAMAGED = Buffer.from('no gzip');

/** Waits for several times as long as it takes to unpack what is to be unpacked. */
async function unpacking(): Promise<void> {
  for (let count = 0; count < 10; count += 1)
    await expect(promisify(gunzip)(DAMAGED)).rejects.toThrow('incorrect header');
  await turn();
}

/** A request for a page that comes when the test says so, its headers first. */
class Asked {
  readonly name: string;
  readonly signal: AbortSignal;
  readonly page: Promise<Page>;
  /** What became of its answer: it is cut into events, or found to be damaged when it is unpacked. */
  became: 'page' | 'failure' | undefined;
  readonly #request: ApiRequest<unknown>;
  #settle: (page: Promise<Page>) => void = () => undefined;

  constructor(request: ApiRequest<unknown>, signal: AbortSignal) {
    this.#request = request;
    this.signal = signal;
    this.name = new URL(request.url).searchParams.get('after') ?? '';
    this.page = new Promise((resolve) => (this.#settle = resolve));
    this.page.then(
      () => (this.became = 'page'),
      () => (this.became = 'failure'),
    );
  }

  bringHead(next: string, status = 200): void {
    this.#request.onHead?.({ ...headOf(this.name, next), status });
  }

  bring(next: string, first: Instant, last: Instant): void {
    const events = [first, last].map((published, index) => ({
      uuid: `${this.name}-${index}`,
      published: formatInstant(published),
    }));
    const body = Buffer.from(JSON.stringify(events));
    const answer = { ...headOf(this.name, next), body, receivedBytes: body.length };
    this.#settle(this.#request.read(answer) as Promise<Page>);
  }

  /** An answer that fails when it is unpacked. */
  bringDamaged(next: string): void {
    const { headers, ...head } = headOf(this.name, next);
    const packed = { ...headers, 'content-encoding': 'gzip' };
    const answer = { ...head, headers: packed, body: DAMAGED, receivedBytes: DAMAGED.length };
    this.#settle(this.#request.read(answer) as Promise<Page>);
  }
}

let asked: Asked[] = [];
beforeEach(() => (asked = []));
const names = (): readonly string[] => asked.map(({ name }) => name);

/** Begins to read, as a consumer does that takes page after page. */
function reading() {
  const client = {
    get: (request: ApiRequest<unknown>, signal: AbortSignal) => {
      const one = new Asked(request, signal);
      asked.push(one);
      return one.page;
    },
    traffic: () => ({ requests: 0, receivedBytes: 0, waitedMilliseconds: 0 }),
  } as ApiClient;
  const clock = fakeClock(NOON);
  const systemLog = createSystemLog({ org: ORG, pageLimit: 2, client, clock, log: notedLog() });
  const { signal } = new AbortController();
  const link = linkTo('a') as Cursor;
  return systemLog.pages({ kind: 'link', link }, signal)[Symbol.asyncIterator]();
}

const idsOf = ({ value }: IteratorResult<Page, unknown>) =>
  (value as Page).events.map(({ id }) => id);

/** Reads a first page that is a week old, and begins to wait for the second. */
async function behindFirstPage(first = earlier(NOON, days(7)), last = earlier(NOON, days(6))) {
  const pages = reading();
  const one = pages.next();
  asked[0]?.bring('b', first, last);
  await one;
  const two = pages.next();
  await turn();
  expect(names()).toEqual(['a', 'b']);
  return { pages, two };
}

test('deep in a backlog the next page is asked for once the headers of this one tell where it is', async () => {
  const { pages, two } = await behindFirstPage();
  asked[1]?.bringHead('c');
  await turn();
  expect(names()).toEqual(['a', 'b', 'c']);
  asked[1]?.bring('c', earlier(NOON, days(5)), earlier(NOON, days(4)));
  expect(idsOf(await two)).toEqual(['b-0', 'b-1']);
  asked[2]?.bring('d', earlier(NOON, days(3)), earlier(NOON, days(2)));
  expect(idsOf(await pages.next())).toEqual(['c-0', 'c-1']);
  expect(names()).toEqual(['a', 'b', 'c', 'd']);
});

/** Reads a second page, which is still being written while the third and the fourth are asked for. */
async function atSecondPage() {
  const { pages, two } = await behindFirstPage();
  asked[1]?.bringHead('c');
  asked[1]?.bring('c', earlier(NOON, days(5)), earlier(NOON, days(4)));
  await two;
  asked[2]?.bringHead('d');
  await turn();
  expect(names()).toEqual(['a', 'b', 'c', 'd']);
  return pages;
}

test('a page is not cut before the one before it is written', async () => {
  const pages = await atSecondPage();
  asked[2]?.bring('d', earlier(NOON, days(3)), earlier(NOON, days(2)));
  await unpacking();
  expect(asked[2]?.became).toBeUndefined();
  void pages.next();
  await turn();
  expect(asked[2]?.became).toBe('page');
});

test('while a page is written the next one is unpacked', async () => {
  await atSecondPage();
  asked[2]?.bringDamaged('d');
  await expect(asked[2]?.page).rejects.toThrow(UnusablePageError);
});

test('two pages are in memory at most: while one is written, the one behind the next stays as it was sent', async () => {
  const pages = await atSecondPage();
  asked[2]?.bring('d', earlier(NOON, days(3)), earlier(NOON, days(2)));
  asked[3]?.bringDamaged('e');
  await unpacking();
  expect(asked[3]?.became).toBeUndefined();
  await pages.next();
  await expect(asked[3]?.page).rejects.toThrow(UnusablePageError);
});

test('a page that waits for room is not unpacked if the reading ends', async () => {
  const pages = await atSecondPage();
  asked[3]?.bringDamaged('e');
  await pages.return?.();
  await unpacking();
  expect(asked[3]?.became).toBeUndefined();
  expect(asked[3]?.signal.aborted).toBe(true);
});

test('a page whose turn has not come is not cut if the reading ends', async () => {
  const pages = await atSecondPage();
  asked[2]?.bring('d', earlier(NOON, days(3)), earlier(NOON, days(2)));
  await pages.return?.();
  await unpacking();
  expect(asked[2]?.became).toBeUndefined();
});

test('nothing is asked for ahead of a page that may come close to the tip', async () => {
  await behindFirstPage(earlier(NOON, hours(3)), earlier(NOON, hours(1)));
  asked[1]?.bringHead('c');
  await turn();
  expect(names()).toEqual(['a', 'b']);
});

test('nothing is asked for ahead of the first page', async () => {
  void reading().next();
  asked[0]?.bringHead('b');
  await turn();
  expect(names()).toEqual(['a']);
});

test.each([
  { name: 'of an answer that is no page', next: 'c', status: 503 },
  { name: 'that leads back to the page itself', next: 'b', status: 200 },
  { name: 'that leads in a circle', next: 'a', status: 200 },
])('a link is not followed ahead $name', async ({ next, status }) => {
  await behindFirstPage();
  asked[1]?.bringHead(next, status);
  await turn();
  expect(names()).toEqual(['a', 'b']);
});

test('a link that leads to another host is not followed ahead', async () => {
  await behindFirstPage();
  asked[1]?.bringHead('c#>; rel="other", <https://example.org/api/v1/logs?after=x');
  await turn();
  expect(names()).toEqual(['a', 'b']);
});

test('if the page had to be asked for again and now leads elsewhere, only that is read', async () => {
  const { pages, two } = await behindFirstPage();
  asked[1]?.bringHead('c');
  await turn();
  asked[1]?.bringHead('d');
  asked[1]?.bring('d', earlier(NOON, days(5)), earlier(NOON, days(4)));
  await two;
  const three = pages.next();
  await turn();
  expect(names()).toEqual(['a', 'b', 'c', 'd']);
  asked[3]?.bring('e', earlier(NOON, days(3)), earlier(NOON, days(2)));
  expect(idsOf(await three)).toEqual(['d-0', 'd-1']);
});

test('a page asked for in vain is given up with the reading', async () => {
  const { pages, two } = await behindFirstPage();
  asked[1]?.bringHead('c');
  await turn();
  asked[1]?.bring('b', earlier(NOON, days(5)), earlier(NOON, minutes(2)));
  await two;
  expect(asked[2]?.signal.aborted).toBe(false);
  expect((await pages.next()).done).toBe(true);
  expect(asked[2]?.signal.aborted).toBe(true);
});
