import { retryWait } from '../../src/okta/retry-policy.ts';
import { onTestFinished } from 'vitest';
import type { Page } from '../../src/domain/page.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { StreamPosition, SystemLog, Traffic } from '../../src/domain/system-log.ts';
import type { Duration } from '../../src/domain/time.ts';
import { days, earlier, later, milliseconds, seconds } from '../../src/domain/time.ts';
import { createApiClient } from '../../src/okta/api-client.ts';
import { apiTokenCredentials } from '../../src/okta/credentials/api-token.ts';
import type { Answer, Request } from '../../src/okta/exchange.ts';
import { RequestBudget } from '../../src/okta/request-budget.ts';
import { createSystemLog } from '../../src/okta/system-log.ts';
import { createTransport } from '../../src/okta/transport.ts';
import { direct } from '../support/direct.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { fakeClock } from '../support/fake-clock.ts';
import type { NotedLog } from '../support/noted-log.ts';
import { notedLog } from '../support/noted-log.ts';
import { NOON } from '../support/stream.ts';

/** From where the tests read: as far back as the sandbox has events. */
export const A_WEEK_AGO: StreamPosition = { kind: 'since', since: earlier(NOON, days(7)) };

/** A sandbox that begins at noon, a System Log that reads it, and all that passes between them. */
export interface Reading {
  readonly sandbox: Sandbox;
  readonly systemLog: SystemLog;
  readonly log: NotedLog;
  /** The sandbox's time; our own sleeps move it. */
  readonly clock: FakeClock;
  readonly exchanges: readonly { readonly request: Request; readonly answer: Promise<Answer> }[];
  /** Resolves once so many requests have been sent. */
  sent(count: number): Promise<void>;
  traffic(): Traffic;
}

interface ReadingOptions extends Omit<Partial<SandboxOptions>, 'clock'> {
  /** How far our clock is ahead of the sandbox's. */
  readonly ahead?: Duration;
  readonly timeout?: Duration;
  /** What happens while we sleep. */
  readonly during?: (signal: AbortSignal) => Promise<void> | void;
}

export async function reading({
  ahead = milliseconds(0),
  timeout = seconds(20),
  during,
  ...options
}: ReadingOptions = {}): Promise<Reading> {
  const clock = fakeClock(NOON, during);
  const ours = { ...clock, now: () => later(clock.now(), ahead) };
  const log = notedLog();
  const sandbox = await startSandbox({
    clock: { now: () => clock.now(), sleep: () => Promise.resolve() },
    ...options,
  });
  const transport = createTransport({ ...direct, requestTimeout: timeout });
  onTestFinished(async () => {
    await transport.close();
    await sandbox.close();
  });
  const exchanges: { request: Request; answer: Promise<Answer> }[] = [];
  const awaited = new Map<number, () => void>();
  const client = createApiClient({
    retryWait,
    org: sandbox.url,
    credentials: apiTokenCredentials(new Secret(sandbox.token)),
    userAgent: 'okta-collector/0.0.0',
    exchange: (request) => {
      const answer = transport.exchange(request);
      awaited.get(exchanges.push({ request, answer }))?.();
      return answer;
    },
    budget: new RequestBudget(ours, 0),
    clock: ours,
    log,
    chance: () => 0.5,
  });
  return {
    sandbox,
    systemLog: createSystemLog({ org: sandbox.url, pageLimit: 1000, client, clock: ours, log }),
    log,
    clock,
    exchanges,
    sent: (count) =>
      new Promise((resolve) => {
        if (exchanges.length >= count) resolve();
        else awaited.set(count, resolve);
      }),
    traffic: () => client.traffic(),
  };
}

/** Reads to the end, and keeps the lines. */
export async function allPages(
  { systemLog }: Reading,
  from = A_WEEK_AGO,
  signal = new AbortController().signal,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for await (const page of systemLog.pages(from, signal)) {
    const events = page.events.map((event) => ({ ...event, line: Uint8Array.from(event.line) }));
    pages.push({ ...page, events });
  }
  return pages;
}

/** Reads one page and is content with it. */
export async function firstPage(
  { systemLog }: Reading,
  from = A_WEEK_AGO,
  signal = new AbortController().signal,
): Promise<Page> {
  for await (const page of systemLog.pages(from, signal)) return page;
  throw new Error('no page at all');
}
