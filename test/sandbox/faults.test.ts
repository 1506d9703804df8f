import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/domain/failure.ts';
import { seconds } from '../../src/domain/time.ts';
import { parseFaults } from '../../src/sandbox/faults.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import type { Reply } from './ask.ts';
import { ask, codeIn, eventsIn, uuidsIn } from './ask.ts';
import { running } from './running.ts';

const path = '/api/v1/logs?since=2026-11-08T00:00:00.000Z&limit=100';

/** The right answer, and the one that a fault makes of it. */
async function spoilt(
  fault: string,
  request = path,
): Promise<{ sandbox: Sandbox; right: Reply; wrong: Reply }> {
  const { sandbox } = await running({ events: 1000, faults: `${fault}@2` });
  return { sandbox, right: await ask(sandbox, request), wrong: await ask(sandbox, request) };
}

/** What a client sees of an answer that breaks off. */
async function broken(fault: string, headers = {}): Promise<unknown> {
  const { sandbox } = await running({ events: 150, faults: fault });
  const error: unknown = await ask(sandbox, path, headers).catch((cause: unknown) => cause);
  expect((await ask(sandbox, path, headers)).status).toBe(200);
  return error;
}

describe('the fault language', () => {
  test('names a fault, from which request on, and how many times', async () => {
    const { sandbox } = await running({ faults: '503x2 504@5, 403@6x*' });
    const statuses = [];
    for (let index = 0; index < 8; index += 1) statuses.push((await ask(sandbox, path)).status);
    expect(statuses).toEqual([503, 503, 200, 200, 504, 403, 403, 403]);
  });

  test('lets the first fault that applies have the request', async () => {
    const { sandbox } = await running();
    sandbox.misbehave('503');
    sandbox.misbehave('504');
    const statuses = [];
    for (let index = 0; index < 3; index += 1) statuses.push((await ask(sandbox, path)).status);
    expect(statuses).toEqual([503, 504, 200]);
  });

  test('counts the requests to the log only', async () => {
    const { sandbox } = await running({ faults: '503@2' });
    await ask(sandbox, '/');
    expect((await ask(sandbox, path)).status).toBe(200);
    expect((await ask(sandbox, path)).status).toBe(503);
  });

  test('keeps an x and an @ inside a URL', () => {
    expect(parseFaults('redirect:http://box.example@3x/y@2x4')).toMatchObject([
      { from: 2, times: 4 },
    ]);
  });

  test.each([
    'nonsense',
    '503x0',
    '503@0',
    'slow',
    'slow:fast',
    '503:1',
    'big-event:-1',
    'redirect:/there',
    'redirect',
    'x3',
    '__proto__',
  ])('refuses "%s" with a list of what is known', (spec) => {
    expect(() => parseFaults(`bom ${spec}`)).toThrow(UsageError);
    expect(() => parseFaults(`bom ${spec}`)).toThrow(
      `Cannot order the fault "${spec}": it is not known`,
    );
    const known = /html-502, invalid-utf8.* redirect:<url>.* slow:<ms per KB>/;
    expect(() => parseFaults(spec)).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(known) as unknown }),
    );
  });
});

describe('an answer that refuses', () => {
  test.each([
    ['400-cursor', 400, 'E0000031'],
    ['401', 401, 'E0000011'],
    ['403', 403, 'E0000006'],
    ['404', 404, 'E0000007'],
    ['408', 408, 'E0000009'],
    ['414', 414, 'E0000001'],
    ['429', 429, 'E0000047'],
    ['429-concurrency', 429, 'E0000047'],
    ['500', 500, 'E0000009'],
    ['500-E0000053', 500, 'E0000053'],
    ['503', 503, 'E0000010'],
    ['504', 504, 'E0000009'],
  ])('%s: %i %s', async (fault, status, code) => {
    const { wrong } = await spoilt(fault);
    expect([wrong.status, codeIn(wrong), wrong.links]).toEqual([status, code, []]);
    expect(wrong.headers['x-okta-request-id']).toBeDefined();
  });

  test('429 leaves no request, and 429-concurrency has no limit either', async () => {
    const rate = async (fault: string): Promise<unknown[]> => {
      const { headers } = (await spoilt(fault)).wrong;
      return [headers['x-rate-limit-limit'], headers['x-rate-limit-remaining']];
    };
    expect(await rate('429')).toEqual(['600', '0']);
    expect(await rate('429-concurrency')).toEqual(['0', '0']);
  });
});

describe('an answer that is no page', () => {
  test.each([
    ['html-502', 502, 'text/html', '<html>'],
    ['html-200', 200, 'text/html', '<html>'],
    ['object-200', 200, 'application/json', '{"message"'],
    ['empty-200', 200, 'application/json', ''],
    ['204', 204, 'application/json', ''],
  ])('%s: %i %s', async (fault, status, type, beginning) => {
    const { wrong } = await spoilt(fault);
    expect([wrong.status, wrong.headers['content-type']]).toEqual([status, type]);
    expect(wrong.body.toString().slice(0, beginning.length)).toBe(beginning);
    expect(wrong.body.length === 0).toBe(beginning === '');
  });

  test('redirect leads elsewhere', async () => {
    const { wrong } = await spoilt('redirect:http://127.0.0.1:9/trap');
    expect([wrong.status, wrong.headers.location]).toEqual([302, 'http://127.0.0.1:9/trap']);
  });

  test('half-event ends in the middle of the last event', async () => {
    const { right, wrong } = await spoilt('half-event');
    expect(right.body.subarray(0, wrong.body.length).equals(wrong.body)).toBe(true);
    const lastEvent = right.body.lastIndexOf('{"actor":');
    expect(wrong.body.length).toBeGreaterThan(lastEvent + 100);
    expect(wrong.body.length).toBeLessThan(right.body.length - 100);
  });
});

describe('a connection that breaks', () => {
  test.each([
    ['reset-before', 'ECONNRESET', 'socket hang up|read ECONNRESET'],
    ['reset-in-headers', 'ECONNRESET', 'socket hang up|read ECONNRESET'],
    ['reset-in-body', 'ECONNRESET', 'aborted|read ECONNRESET'],
    ['truncate', 'ECONNRESET', 'aborted'],
    ['truncate-plain', 'ECONNRESET', 'aborted'],
  ])('%s', async (fault, code, message) => {
    for (const headers of [{}, { 'accept-encoding': 'gzip' }]) {
      expect(await broken(fault, headers)).toMatchObject({
        code,
        message: expect.stringMatching(message) as unknown,
      });
    }
  });

  test('truncate-no-length looks like a whole answer of half the body', async () => {
    const { right, wrong } = await spoilt('truncate-no-length');
    expect(wrong.headers).not.toHaveProperty('content-length');
    expect(wrong.headers).not.toHaveProperty('transfer-encoding');
    expect(wrong.body.equals(right.body.subarray(0, right.body.length >> 1))).toBe(true);
  });

  test('truncate-no-length cuts the compressed body of a client that takes gzip', async () => {
    const { sandbox } = await running({ events: 150, faults: 'truncate-no-length' });
    const { body, headers } = await ask(sandbox, path, { 'accept-encoding': 'gzip' });
    expect(headers['content-encoding']).toBe('gzip');
    expect(() => gunzipSync(body)).toThrow('unexpected end of file');
  });

  test('truncate-plain-no-length cuts the body itself, whatever the client takes', async () => {
    const { sandbox } = await running({ events: 150, faults: 'truncate-plain-no-length' });
    const { body, headers } = await ask(sandbox, path, { 'accept-encoding': 'gzip' });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(body.toString()).toMatch(/^\[\{"actor"/);
    expect(() => JSON.parse(body.toString()) as unknown).toThrow(SyntaxError);
  });

  test('hang never answers', async () => {
    const { sandbox } = await running({ faults: 'hang' });
    const giveUp = new AbortController();
    const answer = fetch(sandbox.url + path, { signal: giveUp.signal }).catch(() => 'given up');
    await expect.poll(() => sandbox.requests.length).toBe(1);
    expect((await ask(sandbox, path)).status).toBe(200);
    giveUp.abort();
    expect(await answer).toBe('given up');
    expect(sandbox.requests.map(({ status }) => status)).toEqual([undefined, 200]);
  });

  test('slow brings the body kilobyte by kilobyte, whole in the end', async () => {
    const waits: number[] = [];
    const { sandbox, clock } = await running({ events: 150, faults: 'slow:250@2' });
    clock.sleep = (duration) => {
      waits.push(duration);
      return Promise.resolve();
    };
    const [right, slow] = [await ask(sandbox, path), await ask(sandbox, path)];
    expect(slow.body.equals(right.body)).toBe(true);
    expect(waits).toEqual(Array.from({ length: Math.ceil(right.body.length / 1024) }, () => 250));
  });
});

describe('a page with', () => {
  test.each([
    ['no-uuid', 'uuid'],
    ['no-published', 'published'],
  ])('%s has no event with a %s, and nothing else is amiss', async (fault, name) => {
    const { right, wrong } = await spoilt(fault, `${path}0`);
    expect(right.body.includes(`"inner":{"uuid":`)).toBe(true);
    const stripped = eventsIn(right).map((event) =>
      Object.entries(event).filter(([key]) => key !== name),
    );
    expect(eventsIn(wrong).map((event) => Object.entries(event))).toEqual(stripped);
  });

  test.each([
    ['escaped-names', String.raw`"\u0075uid":"`],
    ['pretty', '\n'],
  ])('%s is other bytes for the same events', async (fault, sign) => {
    const { right, wrong } = await spoilt(fault);
    expect(wrong.body.toString()).toContain(sign);
    expect(right.body.toString()).not.toContain(sign);
    expect(eventsIn(wrong)).toEqual(eventsIn(right));
  });

  test('bom begins with the byte order mark', async () => {
    const { right, wrong } = await spoilt('bom');
    expect(wrong.body.subarray(0, 4).toString('hex')).toBe('efbbbf5b');
    expect(wrong.body.subarray(3).equals(right.body)).toBe(true);
  });

  test('invalid-utf8 has one byte that is none', async () => {
    const { right, wrong } = await spoilt('invalid-utf8');
    expect(wrong.body.length).toBe(right.body.length + 1);
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(wrong.body)).toThrow(TypeError);
  });

  test('big-event has a first event of that size', async () => {
    const { right, wrong } = await spoilt('big-event:5000');
    expect(wrong.body.length - right.body.length).toBeGreaterThan(5000 * 1024);
    expect(uuidsIn(wrong)).toEqual(uuidsIn(right));
  });

  test('page-size has more or fewer events than asked for, and goes on behind them', async () => {
    const { sandbox } = await running({ events: 150, faults: 'page-size:149 page-size:1@3' });
    const large = await ask(sandbox, path);
    expect(uuidsIn(large)).toHaveLength(149);
    expect(uuidsIn(await ask(sandbox, large.next ?? ''))).toHaveLength(1);
    expect(uuidsIn(await ask(sandbox, path))).toHaveLength(1);
  });
});

describe('a header that is wrong', () => {
  const links = async (
    fault: string,
  ): Promise<{ right: readonly string[]; wrong: readonly string[] }> => {
    const { right, wrong } = await spoilt(fault);
    return { right: right.links, wrong: wrong.links };
  };

  test('no-link has none', async () => {
    expect((await links('no-link')).wrong).toEqual([]);
  });

  test('relative-link leaves out the origin', async () => {
    const { right, wrong } = await links('relative-link');
    expect(wrong).toEqual(right.map((line) => line.replace(/<http:\/\/127\.0\.0\.1:\d+/, '<')));
    expect(wrong[1]).toMatch(/^<\/api\/v1\/logs\?/);
  });

  test('folded-link is one line', async () => {
    const { right, wrong } = await links('folded-link');
    expect(wrong).toEqual([right.join(', ')]);
  });

  test('comma-link has a comma and a semicolon in the next URL', async () => {
    expect((await links('comma-link')).wrong[1]).toMatch(/,.*;.*>; rel="next"$/);
  });

  test('duplicate-link says next twice, next-first says it first', async () => {
    const { right, wrong } = await links('duplicate-link');
    expect(wrong).toHaveLength(3);
    expect(wrong[2]).toBe(wrong[1]);
    expect((await links('next-first')).wrong[0]).toMatch(/rel="next"$/);
    expect(right[0]).toMatch(/rel="self"$/);
  });

  test('next-same leads back to the request', async () => {
    const { sandbox, wrong } = await spoilt('next-same');
    expect(wrong.next).toBe(sandbox.url + path);
  });

  test.each([
    ['next-other-host', 'hostname', 'okta.example.org'],
    ['next-other-port', 'port', '9'],
    ['next-other-scheme', 'protocol', 'https:'],
  ] as const)('%s leads to another %s', async (fault, part, value) => {
    const { sandbox, right, wrong } = await spoilt(fault);
    const url = new URL(wrong.next ?? '');
    expect(url[part]).toBe(value);
    expect(new URL(sandbox.url)[part]).not.toBe(value);
    expect(url.search).toBe(new URL(right.next ?? '').search);
  });

  test('no-date and date-off', async () => {
    expect((await spoilt('no-date')).wrong.headers).not.toHaveProperty('date');
    const { right, wrong } = await spoilt('date-off:-86400');
    const [from, to] = [right.headers.date ?? '', wrong.headers.date ?? ''];
    expect(Date.parse(from) - Date.parse(to)).toBe(seconds(86400));
  });
});
