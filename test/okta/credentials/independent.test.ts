import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock/system-clock.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { between, instant, later, seconds } from '../../../src/domain/time.ts';
import type { TokenStore } from '../../../src/domain/token-store.ts';
import { authenticate } from '../../../src/okta/credentials/client.ts';
import { formatDpopKey, newDpopKey, proveWith } from '../../../src/okta/credentials/dpop.ts';
import type { Exchange, Request } from '../../../src/okta/exchange.ts';
import { NOON } from '../../support/stream.ts';
import type { Algorithm } from './app-key.ts';
import { CLIENT_ID, keyProof } from './app-key.ts';
import type { IndependentOrg } from './independent-org.ts';
import { independentOrg } from './independent-org.ts';
import { memoryTokens } from './memory-tokens.ts';
import type { SignedReading } from './signed-reading.ts';
import { CLIENT_SECRET, signedReading } from './signed-reading.ts';

const algorithms: readonly Algorithm[] = ['RS256', 'ES256', 'ES384', 'ES512'];
const realTime = () => ({ ahead: between(NOON, systemClock.now()) });
const dpopKey = newDpopKey();

/** A store that remembers from an earlier run that the org demands DPoP. */
async function dpopKnown(): Promise<TokenStore> {
  const store = memoryTokens();
  const dpop = { key: formatDpopKey(dpopKey), nonce: undefined };
  await store.save({ accessToken: new Secret('ended'), usableUntil: instant(0), dpop });
  return store;
}

/** Changes each request that `chooses` accepts, before it is sent. */
function changing(
  chooses: (request: Request) => boolean,
  change: (request: Request) => Promise<Request> | Request,
): (exchange: Exchange) => Exchange {
  return (exchange) => async (request) =>
    exchange(chooses(request) ? await change(request) : request);
}

/** The first request to the API, or to the token endpoint. */
function firstTo(part: string): (request: Request) => boolean {
  let isFirst = true;
  return ({ url }) => {
    const isIt = url.includes(part) && isFirst;
    if (isIt) isFirst = false;
    return isIt;
  };
}

const withProof = async (request: Request, proof: Promise<string>): Promise<Request> => ({
  ...request,
  headers: { ...request.headers, dpop: await proof },
});

const tokenOf = ({ headers }: Request) =>
  new Secret((headers['authorization'] ?? '').replace('DPoP ', ''));

async function dpopOrg(): Promise<{ reading: SignedReading; org: IndependentOrg }> {
  const reading = await signedReading();
  const org = await independentOrg(reading.sandbox, { algorithm: 'ES256', requiresDpop: true });
  return { reading, org };
}

describe('an independent authorization server and API accept', () => {
  test.each(algorithms)('an assertion by %s and its token', async (algorithm) => {
    const reading = await signedReading();
    const org = await independentOrg(reading.sandbox, { algorithm });
    const ask = reading.run({ org: org.url, proof: keyProof(algorithm), ...realTime() });
    expect([await ask(), await ask()]).toEqual([200, 200]);
    expect(reading.story()).toEqual(['token 200', '200', '200']);
    expect(org.refusals).toEqual([]);
  });

  test('an assertion of a clock that is far off, once its time is known', async () => {
    const reading = await signedReading();
    const org = await independentOrg(reading.sandbox, { algorithm: 'ES256' });
    await reading.run({ org: org.url })();
    expect(reading.story()).toEqual(['token 401', 'token 200', '200']);
  });

  test('a client secret', async () => {
    const reading = await signedReading();
    const org = await independentOrg(reading.sandbox, {});
    const proof = { kind: 'client secret', secret: CLIENT_SECRET } as const;
    await reading.run({ org: org.url, proof, ...realTime() })();
    expect(reading.story()).toEqual(['token 200', '200']);
  });

  test('DPoP with nonces, and a proof of its own for each request', async () => {
    const { reading, org } = await dpopOrg();
    const ask = reading.run({ org: org.url, store: await dpopKnown(), ...realTime() });
    expect([await ask(), await ask()]).toEqual([200, 200]);
    expect(reading.story()).toEqual(['token 400', 'token 200', '200', '200']);
    expect(org.refusals).toEqual([]);
  });
});

describe('an independent authorization server refuses', () => {
  test('an assertion that it has seen', async () => {
    const reading = await signedReading();
    const org = await independentOrg(reading.sandbox, { algorithm: 'ES256' });
    const client = { clientId: CLIENT_ID, proof: keyProof('ES256') };
    const url = `${org.url}/oauth2/v1/token`;
    const { parameters } = await authenticate(client, url, systemClock.now());
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'okta.logs.read',
      ...parameters,
    });
    const statuses = [];
    for (let time = 0; time < 2; time += 1) {
      statuses.push((await fetch(url, { method: 'POST', body })).status);
    }
    expect(statuses).toEqual([200, 401]);
  });

  test('a nonce that is stale, which is made up for', async () => {
    const { reading, org } = await dpopOrg();
    const store = await dpopKnown();
    const kept = await store.load();
    const stale = { key: formatDpopKey(dpopKey), nonce: 'a-nonce-of-last-week' };
    const load = () => Promise.resolve(kept && { ...kept, dpop: stale });
    await reading.run({ org: org.url, store: { ...store, load }, ...realTime() })();
    expect(reading.story()).toEqual(['token 400', 'token 200', '200']);
  });

  test('a proof for another address, which is not made up for', async () => {
    const { reading, org } = await dpopOrg();
    const forElsewhere = changing(
      ({ body }) => body !== undefined,
      (request) =>
        withProof(
          request,
          proveWith(dpopKey, {
            method: 'POST',
            url: 'https://elsewhere.example/oauth2/v1/token',
            issuedAt: systemClock.now(),
            nonce: undefined,
            accessToken: undefined,
          }),
        ),
    );
    const store = await dpopKnown();
    const ask = reading.run({ org: org.url, store, through: forElsewhere, ...realTime() });
    await expect(ask()).rejects.toThrow(/htu mismatch: the app requires DPoP/);
    expect(reading.story()).toEqual(['token 400']);
  });
});

describe('an independent API refuses, and a new proof makes up for', () => {
  const rightProof = { method: 'GET', nonce: undefined } as const;
  const faults: readonly (readonly [
    name: string,
    proofFor: (request: Request) => Promise<string>,
  ])[] = [
    [
      'a proof for another address',
      (request) =>
        proveWith(dpopKey, {
          ...rightProof,
          url: `${request.url.split('?')[0] ?? ''}/other`,
          issuedAt: systemClock.now(),
          accessToken: tokenOf(request),
        }),
    ],
    [
      'a proof for another token',
      (request) =>
        proveWith(dpopKey, {
          ...rightProof,
          url: request.url,
          issuedAt: systemClock.now(),
          accessToken: new Secret('another-token'),
        }),
    ],
    [
      'a proof from the future',
      (request) =>
        proveWith(dpopKey, {
          ...rightProof,
          url: request.url,
          issuedAt: later(systemClock.now(), seconds(1000)),
          accessToken: tokenOf(request),
        }),
    ],
  ];

  test.each(faults)('%s', async (_, proofFor) => {
    const { reading, org } = await dpopOrg();
    const through = changing(firstTo('/api/'), (request) => withProof(request, proofFor(request)));
    const store = await dpopKnown();
    const ask = reading.run({ org: org.url, store, through, ...realTime() });
    expect(await ask()).toBe(200);
    expect(reading.story()).toEqual(['token 400', 'token 200', '401', '200']);
    expect(org.refusals).toHaveLength(1);
  });

  test('a proof that it has seen', async () => {
    const { reading, org } = await dpopOrg();
    let used: string | undefined;
    let isReplayed = false;
    const replaying = changing(
      ({ body }) => body === undefined,
      (request) => {
        const dpop = request.headers['dpop'] ?? '';
        const isTurn = used !== undefined && !isReplayed;
        used ??= dpop;
        if (isTurn) isReplayed = true;
        return isTurn ? { ...request, headers: { ...request.headers, dpop: used } } : request;
      },
    );
    const store = await dpopKnown();
    const ask = reading.run({ org: org.url, store, through: replaying, ...realTime() });
    expect([await ask(), await ask()]).toEqual([200, 200]);
    expect(reading.story().slice(2)).toEqual(['200', '401', '200']);
    expect(org.refusals).toEqual(['Error: the proof was used before']);
  });
});
