import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ProtocolError, UnusablePageError } from '../../src/domain/failure.ts';
import { minutes, later } from '../../src/domain/time.ts';
import type { HeaderFields } from '../../src/okta/exchange.ts';
import { pageOf } from '../../src/okta/read-page.ts';
import { link, NOON, noon } from '../support/stream.ts';

const ORG = 'https://acme.okta.com';
const OUR_NOW = later(NOON, minutes(3));

const answer = (text: string, headers: HeaderFields = {}) => ({
  status: 200,
  headers,
  body: Buffer.from(text),
  receivedBytes: text.length,
});

const read = (text: string, headers?: HeaderFields) =>
  pageOf(answer(text, headers), link('here'), ORG, OUR_NOW);

const lines = (page: ReturnType<typeof read>) =>
  page.events.map(({ line }) => Buffer.from(line).toString());

describe('pageOf', () => {
  test('has all that an answer says', () => {
    const page = read('[{"uuid":"a","published":"2026-11-15T11:59:00.000Z"}]', {
      date: 'Sun, 15 Nov 2026 12:00:00 GMT',
      link: [`<${link('here')}>; rel="self"`, `<${link('there')}>; rel="next"`],
    });
    expect(page).toMatchObject({
      asked: link('here'),
      limit: 3,
      serverTime: NOON,
      receivedAt: OUR_NOW,
      next: link('there'),
      events: [{ id: 'a', published: noon(-60) }],
    });
    expect(lines(page)).toEqual(['{"uuid":"a","published":"2026-11-15T11:59:00.000Z"}\n']);
  });

  test.each([
    '{"published":"2026-11-15T11:59:00.000Z"}',
    '{"uuid":null}',
    '{"uuid":""}',
    '{"uuid":7}',
    '{}',
  ])('knows an event without uuid by the SHA-256 of its bytes: %s', (text) => {
    const [event] = read(`[${text}]`).events;
    expect(event?.id).toBe(createHash('sha256').update(`${text}\n`).digest('hex'));
  });

  test('knows such an event again whatever stands around it', () => {
    const id = (text: string) => read(text).events.find(({ published }) => published === NOON)?.id;
    const odd = '{"n":1,"published":"2026-11-15T12:00:00Z"}';
    expect(id(`[${odd}]`)).toBeDefined();
    expect(id(`[ {"uuid":"a"},\n  ${odd}, {} ]`)).toBe(id(`[${odd}]`));
    expect(id(`[${odd.replace('1', '2')}]`)).not.toBe(id(`[${odd}]`));
  });

  test('has no way on where the answer has no next link', () => {
    expect(read('[]', { link: `<${link('here')}>; rel="self"` }).next).toBeUndefined();
  });

  test.each([
    'https://evil.example/api/v1/logs?after=1',
    'http://acme.okta.com/api/v1/logs?after=1',
    `${ORG}:8443/api/v1/logs?after=1`,
    `${ORG}/api/v1/users?after=1`,
  ])('refuses a next link that leads elsewhere: %s', (next) => {
    expect(() => read('[]', { link: `<${next}>; rel="next"` })).toThrow(ProtocolError);
  });

  test.each(['', '{}', 'null', '<html></html>', '[{"uuid":"a"},{"uu'])(
    'refuses a body that is no page: "%s"',
    (text) => {
      expect(() => read(text)).toThrow(UnusablePageError);
    },
  );

  test('takes our own time where the answer has none', () => {
    expect(read('[]').serverTime).toBe(OUR_NOW);
  });
});
