import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { collectLive } from '../../../src/collect/live-run.ts';
import { Tally } from '../../../src/collect/tally.ts';
import { minutes, seconds } from '../../../src/domain/time.ts';
import { createApiClient } from '../../../src/okta/api-client.ts';
import { ServiceApp } from '../../../src/okta/credentials/service-app.ts';
import { RequestBudget } from '../../../src/okta/request-budget.ts';
import { retryWait } from '../../../src/okta/retry-policy.ts';
import { createSystemLog } from '../../../src/okta/system-log.ts';
import { createTransport } from '../../../src/okta/transport.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { createLiveCheckpointStore } from '../../../src/state/live-checkpoint.ts';
import { systemDisk } from '../../../src/state/system-disk.ts';
import { createTokenFile } from '../../../src/state/token-file.ts';
import { direct } from '../../support/direct.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { notedLog } from '../../support/noted-log.ts';
import { notingSink } from '../../support/noting-sink.ts';
import { NOON } from '../../support/stream.ts';
import { CLIENT_ID, KEY_ID, keyProof, publicPem } from './app-key.ts';

test('24 hours of runs every 5 minutes: one request a caught-up run, at most 27 tokens', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'okta-day-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const clock = fakeClock(NOON);
  const log = notedLog();
  const serviceApp = { clientId: CLIENT_ID, publicKey: publicPem('ES256'), keyId: KEY_ID };
  const sandbox = await startSandbox({ clock, events: 20, serviceApp });
  onTestFinished(() => sandbox.close());
  const path = join(folder, 'okta_checkpoint.dat');
  const owner = { org: sandbox.url, clientId: CLIENT_ID, scope: 'okta.logs.read' };
  const sink = notingSink();

  async function run(): Promise<number> {
    const transport = createTransport(direct);
    const store = createTokenFile({ ...owner, disk: systemDisk, livePath: path, log });
    const means = {
      exchange: transport.exchange,
      clock,
      log,
      userAgent: 'test',
      chance: () => 0.5,
    };
    const credentials = new ServiceApp({ ...owner, ...means, proof: keyProof('ES256'), store });
    const budget = new RequestBudget(clock, 0.1);
    const client = createApiClient({ ...owner, ...means, credentials, budget, retryWait });
    const { org } = owner;
    await collectLive({
      systemLog: createSystemLog({ org, pageLimit: 1000, client, clock, log }),
      checkpoints: createLiveCheckpointStore({ disk: systemDisk, path, org, clock }),
      sink,
      clock,
      log,
      tally: new Tally(),
      start: undefined,
      pageLimit: 1000,
      settle: seconds(60),
      pollInterval: undefined,
      signal: new AbortController().signal,
    });
    await transport.close();
    return client.traffic().requests;
  }

  const requests: number[] = [];
  for (let count = 0; count < 288; count += 1) {
    requests.push(await run());
    clock.move(minutes(5));
  }
  const minted = sandbox.requests.filter(({ url }) => url === '/oauth2/v1/token').length;
  expect(new Set(requests)).toEqual(new Set([1]));
  expect(minted).toBeGreaterThan(20);
  expect(minted).toBeLessThanOrEqual(27);
  expect(new Set(sink.delivered).size).toBe(sink.delivered.length);
});
