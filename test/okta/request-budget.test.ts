import { describe, expect, test } from 'vitest';
import { instant } from '../../src/domain/time.ts';
import { RequestBudget } from '../../src/okta/request-budget.ts';
import { NOON } from '../support/stream.ts';
import { meteredServer, virtualClock } from '../support/metered-server.ts';

const never = new AbortController().signal;

/** Sends requests through a budget, one after the other, until some minutes are over; gives how many. */
async function sendFor(
  minutes: number,
  server: ReturnType<typeof meteredServer>,
  skewSeconds = 0,
): Promise<number> {
  const { clock } = server;
  const ours = { ...clock, now: () => instant(clock.now() + skewSeconds * 1000) };
  const budget = new RequestBudget(ours, 0.1);
  let sent = 0;
  while (clock.now() < NOON + minutes * 60_000) {
    await budget.turn(never);
    const { headers, serverTime } = await server.request();
    budget.done(headers, serverTime);
    sent += 1;
  }
  return sent;
}

describe('RequestBudget', () => {
  test.each([
    { name: '60 a minute', limit: 60, windowStart: 0, travel: 200 },
    {
      name: '60 a minute in windows that begin at odd times',
      limit: 60,
      windowStart: 37_500,
      travel: 200,
    },
    { name: '20 a minute', limit: 20, windowStart: 11_000, travel: 300 },
    { name: '600 a minute', limit: 600, windowStart: 5000, travel: 20 },
  ])('uses $name up to the reserve and never beyond', async ({ limit, windowStart, travel }) => {
    const server = meteredServer(virtualClock(NOON), { limit, windowStart, travel });
    const sent = await sendFor(10, server);
    expect(server.refused()).toBe(0);
    const grantedBesideReserve = (limit - Math.ceil(limit * 0.1)) * 10;
    expect(sent / grantedBesideReserve).toBeGreaterThan(0.85);
    expect(server.leastRemaining()).toBeGreaterThanOrEqual(Math.ceil(limit * 0.1) - 1);
  });

  test.each([-7200, 7200])('is not led astray by a clock that is off by %d s', async (skew) => {
    const server = meteredServer(virtualClock(NOON), {
      limit: 60,
      windowStart: 20_000,
      travel: 200,
    });
    const sent = await sendFor(10, server, skew);
    expect(server.refused()).toBe(0);
    expect(sent).toBeGreaterThan(0.85 * 54 * 10);
  });

  test('two collectors of one org share it without being refused', async () => {
    const server = meteredServer(virtualClock(NOON), {
      limit: 60,
      windowStart: 20_000,
      travel: 200,
    });
    const sent = await Promise.all([sendFor(10, server), sendFor(10, server)]);
    expect(server.refused()).toBe(0);
    expect(sent[0] + sent[1]).toBeGreaterThan(0.85 * 54 * 10);
  });

  test('eight requests at a time through one budget are not refused', async () => {
    const server = meteredServer(virtualClock(NOON), {
      limit: 60,
      windowStart: 20_000,
      travel: 2000,
    });
    const budget = new RequestBudget(server.clock, 0.1);
    const worker = async (): Promise<void> => {
      while (server.clock.now() < NOON + 300_000) {
        await budget.turn(never);
        const { headers, serverTime } = await server.request();
        budget.done(headers, serverTime);
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(server.refused()).toBe(0);
  });

  test('a turn that is given up lets the next one go', async () => {
    const server = meteredServer(virtualClock(NOON), { limit: 1, windowStart: 0, travel: 0 });
    const budget = new RequestBudget(server.clock, 0);
    const givenUp = new AbortController();
    givenUp.abort(new Error('no longer wanted'));
    await expect(budget.turn(givenUp.signal)).rejects.toThrow('no longer wanted');
    expect(await budget.turn(never)).toBe(0);
  });
});
