import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/domain/time.ts';
import { UsageError } from '../../src/domain/failure.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { ask, codeIn } from './ask.ts';
import { running, start } from './running.ts';

describe('a request is refused', () => {
  test.each([
    ['limit=0', 'E0000001'],
    ['limit=1001', 'E0000001'],
    ['limit=ten', 'E0000001'],
    ['sortOrder=UP', 'E0000001'],
    ['since=yesterday', 'E0000030'],
    ['since=2026-11-15', 'E0000030'],
    ['until=2026-13-45T00:00:00.000Z', 'E0000030'],
    ['since=2026-11-15T00:00:00.000Z&until=2026-11-14T00:00:00.000Z', 'E0000001'],
    ['filter=severity%20eq%20%22WARN%22', 'E0000031'],
    [`q=${'x'.repeat(41)}`, 'E0000001'],
    [`q=${'x+'.repeat(11)}`, 'E0000001'],
  ])('with %s: 400 %s', async (query, code) => {
    const { sandbox } = await running();
    const reply = await ask(sandbox, `/api/v1/logs?${query}`);
    expect([reply.status, codeIn(reply)]).toEqual([400, code]);
    expect(reply.links).toEqual([]);
  });

  test('without the token, in an error body as Okta writes it', async () => {
    const { sandbox } = await running();
    for (const authorization of ['', 'SSWS wrong', `Bearer ${sandbox.token}`]) {
      const reply = await ask(sandbox, '/api/v1/logs', { authorization });
      expect(reply.status).toBe(401);
      expect(JSON.parse(reply.body.toString())).toMatchObject({
        errorCode: 'E0000011',
        errorSummary: 'Invalid token provided',
        errorLink: 'E0000011',
        errorCauses: [],
      });
    }
  });

  test('at another path, or by another method', async () => {
    const { sandbox } = await running();
    const elsewhere = await ask(sandbox, '/api/v2/logs');
    expect([elsewhere.status, codeIn(elsewhere)]).toEqual([404, 'E0000007']);
    expect((await ask(sandbox, '/api/v1/logs', {}, 'POST')).status).toBe(405);
  });
});

describe('the rate limit', () => {
  const rateOf = ({ headers }: { headers: Record<string, unknown> }): unknown[] =>
    ['limit', 'remaining', 'reset'].map((name) => Number(headers[`x-rate-limit-${name}`]));

  test('counts down in a window of 60 s from the first request, refuses, and starts anew', async () => {
    const { sandbox, clock } = await running({ rateLimit: 2 });
    clock.move(seconds(7));
    const reset = start / 1000 + 67;
    const replies = [];
    for (const wait of [0, 20, 39, 1]) {
      clock.move(seconds(wait));
      replies.push(await ask(sandbox, '/api/v1/logs'));
    }
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 429, 200]);
    expect(replies.map(rateOf)).toEqual([
      [2, 1, reset],
      [2, 0, reset],
      [2, 0, reset],
      [2, 1, reset + 60],
    ]);
    expect(replies.filter(({ status }) => status === 429).map(codeIn)).toEqual(['E0000047']);
    expect(replies[2]?.headers).not.toHaveProperty('retry-after');
  });

  test('of requests at the same time answers 0 of 0, until one has ended', async () => {
    const { sandbox } = await running({ concurrency: 1, faults: 'hang' });
    const giveUp = new AbortController();
    const first = fetch(`${sandbox.url}/api/v1/logs`, { signal: giveUp.signal }).catch(
      () => 'broken off',
    );
    await expect.poll(() => sandbox.requests.length).toBe(1);
    const crowded = await ask(sandbox, '/api/v1/logs');
    expect(crowded.status).toBe(429);
    expect(rateOf(crowded).slice(0, 2)).toEqual([0, 0]);
    giveUp.abort();
    expect(await first).toBe('broken off');
    await expect.poll(async () => (await ask(sandbox, '/api/v1/logs')).status).toBe(200);
  });
});

describe('the sandbox', () => {
  test('notes every request that it gets', async () => {
    const { sandbox } = await running({ faults: '503@2' });
    await ask(sandbox, '/api/v1/logs?limit=5', { 'user-agent': 'test/1' });
    await ask(sandbox, '/api/v1/logs?since=2026-11-15T00%3A00:00.000Z');
    expect(sandbox.requests).toMatchObject([
      {
        method: 'GET',
        url: '/api/v1/logs?limit=5',
        status: 200,
        headers: { 'user-agent': 'test/1' },
      },
      { url: '/api/v1/logs?since=2026-11-15T00%3A00:00.000Z', status: 503 },
    ]);
  });

  test('says so if it cannot listen', async () => {
    const { sandbox, clock } = await running();
    const taken = startSandbox({ clock, port: Number(new URL(sandbox.url).port) });
    await expect(taken).rejects.toThrow(UsageError);
    await expect(taken).rejects.toThrow(/^Cannot listen on "127\.0\.0\.1:\d+": /);
  });

  test('stops although a client still waits', async () => {
    const { clock } = await running();
    const sandbox = await startSandbox({ clock, faults: 'hang' });
    const waiting = ask(sandbox, '/api/v1/logs').catch(() => 'broken off');
    await expect.poll(() => sandbox.requests.length).toBe(1);
    await sandbox.close();
    expect(await waiting).toBe('broken off');
  });
});
