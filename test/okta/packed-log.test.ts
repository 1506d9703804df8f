import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { formatInstant } from '../../src/domain/time.ts';
import type { PackedPage } from '../../src/domain/packed-page.ts';
import type { ApiClient, ApiRequest } from '../../src/okta/api-client.ts';
import { createPackedLog } from '../../src/okta/packed-log.ts';
import { RequestBudget } from '../../src/okta/request-budget.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { NOON, noon } from '../support/stream.ts';

const PUBLISHED = '2026-11-15T10:30:00.000Z';

/** Asks for a page whose body is as given. */
function pageWith(body: string): Promise<PackedPage> {
  const packed = gzipSync(body);
  const client: ApiClient = {
    get: async <Result>({ read }: ApiRequest<Result>) =>
      read({
        status: 200,
        headers: { 'content-encoding': 'gzip' },
        body: packed,
        receivedBytes: packed.length,
      }),
    traffic: () => ({ requests: 0, receivedBytes: 0, waitedMilliseconds: 0 }),
  };
  const clock = fakeClock(NOON);
  const budget = new RequestBudget(clock, 0);
  const org = 'https://acme.okta.com';
  const log = createPackedLog({ org, pageLimit: 1000, client, budget, clock });
  const { signal } = new AbortController();
  return log.ask({ kind: 'window', window: { since: noon(-60), until: NOON } }, signal);
}

const own = `"published":"${PUBLISHED}","uuid":"a"`;
const other = '{"published":"2001-01-01T00:00:00.000Z","uuid":"b"}';

test.each([
  { what: 'of several', body: `[{${own}},${other}]` },
  { what: 'that is the only one', body: `[{${own}}]` },
  { what: 'that holds others', body: `[{"target":[${other},${other}],${own}},${other}]` },
  { what: 'that speaks of another time before', body: `[{"detail":${other},${own}},${other}]` },
  {
    what: 'that speaks of another time in a text',
    body: `[{"note":"},{\\"published\\":\\"2001-01-01T00:00:00Z\\"",${own}},${other}]`,
  },
])(
  'a page tells without being opened when its first event was published: one $what',
  async ({ body }) => {
    const { begins } = await pageWith(body);
    expect(begins && formatInstant(begins)).toBe(PUBLISHED);
  },
);

test.each([
  { what: 'no page', body: '{"error":true}' },
  { what: 'an empty page', body: '[]' },
  { what: 'a first event that does not say', body: `[{"uuid":"a"},${other}]` },
])('nothing is told of $what', async ({ body }) => {
  expect((await pageWith(body)).begins).toBeUndefined();
});

test('a page can be opened more than once, and what was given back is gone', async () => {
  const filler = 'x'.repeat(100_000);
  const page = await pageWith(`[{${own},"filler":"${filler}"}]`);
  const [one, two] = [await page.open(), await page.open()];
  page.release(one);
  expect(one.events[0]?.line).toHaveLength(0);
  expect(two.events[0]?.line.length).toBeGreaterThan(100_000);
});
