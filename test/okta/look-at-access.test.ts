import { describe, expect, onTestFinished, test } from 'vitest';
import { Secret } from '../../src/domain/secret.ts';
import { days, earlier, formatInstant, instant } from '../../src/domain/time.ts';
import { apiTokenCredentials } from '../../src/okta/credentials/api-token.ts';
import { createAccess } from '../../src/okta/look-at-access.ts';
import { createTransport } from '../../src/okta/transport.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { direct } from '../support/direct.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { notedLog } from '../support/noted-log.ts';

const now = instant(Date.UTC(2026, 10, 15, 12));
const { signal } = new AbortController();

async function openOrg(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ clock: fakeClock(now), events: 100, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

function accessTo({ url: org, token }: Sandbox, key = token) {
  const transport = createTransport(direct);
  onTestFinished(() => transport.close());
  return createAccess({
    org,
    credentials: apiTokenCredentials(new Secret(key)),
    userAgent: 'test',
    exchange: transport.exchange,
    clock: fakeClock(now),
    log: notedLog(),
  });
}

describe('asking for access', () => {
  test('asks for one event of the last day, and reads all that the answer tells', async () => {
    const org = await openOrg({ rateLimit: 60 });
    expect(await accessTo(org).ask('logs', signal)).toEqual({
      status: 200,
      failure: undefined,
      isEmpty: false,
      serverTime: now,
      receivedAt: now,
      grant: expect.objectContaining({ limit: 60, remaining: 59 }) as unknown,
    });
    const since = encodeURIComponent(formatInstant(earlier(now, days(1))));
    expect(org.requests.map(({ url }) => url)).toEqual([
      `/api/v1/logs?limit=1&sortOrder=ASCENDING&since=${since}`,
    ]);
  });

  test('sees that there is no event', async () => {
    const org = await openOrg({ events: 0 });
    expect(await accessTo(org).ask('logs', signal)).toMatchObject({ status: 200, isEmpty: true });
  });

  test('tells how a run would fail, and the time all the same', async () => {
    const org = await openOrg();
    expect(await accessTo(org, 'revoked').ask('logs', signal)).toMatchObject({
      status: 401,
      failure: { kind: 'credentials' },
      serverTime: now,
    });
  });

  test('takes no broken page for access', async () => {
    const org = await openOrg({ faults: 'html-200' });
    const { failure } = await accessTo(org).ask('logs', signal);
    expect(failure).toMatchObject({ kind: 'unusable-page' });
  });

  test.each(['users', 'groups'] as const)('asks for one of the %s', async (target) => {
    const org = await openOrg();
    expect(await accessTo(org).ask(target, signal)).toMatchObject({ status: 404 });
    expect(org.requests.map(({ url }) => url)).toEqual([`/api/v1/${target}?limit=1`]);
  });

  test('asks once, whatever comes', async () => {
    const org = await openOrg({ faults: '503x*' });
    expect(await accessTo(org).ask('logs', signal)).toMatchObject({
      status: 503,
      failure: { kind: 'transient' },
    });
    expect(org.requests).toHaveLength(1);
  });
});
