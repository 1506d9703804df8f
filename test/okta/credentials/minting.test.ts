import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { milliseconds, minutes } from '../../../src/domain/time.ts';
import { ServiceApp } from '../../../src/okta/credentials/service-app.ts';
import type { Answer, Exchange } from '../../../src/okta/exchange.ts';
import { systemDisk } from '../../../src/state/system-disk.ts';
import { createTokenFile } from '../../../src/state/token-file.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { notedLog } from '../../support/noted-log.ts';
import { NOON } from '../../support/stream.ts';
import { CLIENT_ID, keyProof } from './app-key.ts';

const RUNS_A_DAY = 288;

/** A day of runs, each of which knows nothing but the file. Gives how many tokens that takes. */
async function tokensOfADay(keepsToken: boolean): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'okta-minting-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const clock = fakeClock(NOON);
  const log = notedLog();
  const [org, clientId, scope] = ['https://acme.okta.com', CLIENT_ID, 'okta.logs.read'];
  let issued = 0;
  const exchange: Exchange = () => {
    issued += 1;
    const body = { token_type: 'Bearer', expires_in: 3600, access_token: `token-${issued}` };
    return Promise.resolve<Answer>({
      status: 200,
      headers: {},
      body: Buffer.from(JSON.stringify(body)),
      receivedBytes: 0,
    });
  };
  for (let run = 0; run < RUNS_A_DAY; run += 1) {
    const livePath = join(folder, 'okta_checkpoint.dat');
    const owner = { org, clientId, scope };
    const store = createTokenFile({ ...owner, disk: systemDisk, livePath, log });
    const means = { exchange, clock, log, userAgent: 'okta-collector/0.0.0', chance: () => 0.5 };
    const app = new ServiceApp({
      ...owner,
      ...means,
      proof: keyProof('ES256'),
      store: keepsToken ? store : undefined,
    });
    const signature = await app.sign(`${org}/api/v1/logs`, AbortSignal.timeout(20_000));
    expect(signature['authorization']).toBe(`Bearer token-${issued}`);
    // No two runs start at the same second of their five minutes.
    clock.move(milliseconds(minutes(5) + (run % 2 === 0 ? 900 : -900)));
  }
  expect(log.messages('warn')).toEqual([]);
  return issued;
}

test('a day of runs every 5 minutes takes at most 27 access tokens', async () => {
  expect(await tokensOfADay(true)).toBeLessThanOrEqual(27);
});

test('without a file for the token each run takes one', async () => {
  expect(await tokensOfADay(false)).toBe(RUNS_A_DAY);
});
