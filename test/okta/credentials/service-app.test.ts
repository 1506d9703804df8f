import { describe, expect, test } from 'vitest';
import { CredentialsError } from '../../../src/domain/failure.ts';
import { hours, milliseconds, minutes, seconds } from '../../../src/domain/time.ts';
import { readJwt } from '../../../src/sandbox/oauth/jwt.ts';
import type { Algorithm } from './app-key.ts';
import { keyProof, publicPem } from './app-key.ts';
import { memoryTokens } from './memory-tokens.ts';
import type { SignedReading } from './signed-reading.ts';
import { CLIENT_SECRET, signedReading } from './signed-reading.ts';

const claimsOf = (jwt: string | undefined) => readJwt(jwt ?? '')?.claims ?? {};
const proofsIn = ({ exchanges }: SignedReading) =>
  exchanges.map(({ request }) => request.headers['dpop']).filter((proof) => proof !== undefined);
const assertionsIn = ({ exchanges }: SignedReading) =>
  exchanges.flatMap(({ request }) => {
    const assertion = new URLSearchParams(request.body).get('client_assertion');
    return assertion === null ? [] : [assertion];
  });

describe('a service app', () => {
  test.each<Algorithm>(['RS256', 'ES256', 'ES384', 'ES512'])(
    'signs in with a private key by %s, once for many requests',
    async (algorithm) => {
      const reading = await signedReading({ app: { publicKey: publicPem(algorithm) } });
      const ask = reading.run({ proof: keyProof(algorithm) });
      expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 200]);
      expect(reading.story()).toEqual(['token 200', '200', '200', '200']);
      const { request } = reading.exchanges[1] ?? {};
      expect(request?.headers['authorization']).toMatch(/^Bearer eyJraWQ/);
    },
  );

  test('signs in with a client secret, whatever characters it has', async () => {
    const reading = await signedReading({ app: { clientSecret: CLIENT_SECRET.reveal() } });
    await reading.run({ proof: { kind: 'client secret', secret: CLIENT_SECRET } })();
    expect(reading.story()).toEqual(['token 200', '200']);
  });

  test('gets a new token 5 minutes before the end of the one in use', async () => {
    const reading = await signedReading();
    const ask = reading.run();
    await ask();
    reading.clock.move(minutes(55));
    await ask();
    reading.clock.move(milliseconds(1));
    await ask();
    expect(reading.story()).toEqual(['token 200', '200', '200', 'token 200', '200']);
  });

  test('uses a token for half its life if that is short', async () => {
    const reading = await signedReading({ app: { tokenLifetime: minutes(4) } });
    const ask = reading.run();
    for (const wait of [0, 2, 1]) {
      reading.clock.move(minutes(wait));
      await ask();
    }
    expect(reading.story()).toEqual(['token 200', '200', '200', 'token 200', '200']);
  });

  test('goes on with the token of the run before', async () => {
    const reading = await signedReading();
    const store = memoryTokens();
    await reading.run({ store })();
    await reading.run({ store })();
    expect(reading.story()).toEqual(['token 200', '200', '200']);
  });

  test('replaces a token that is refused, and keeps the new one', async () => {
    const reading = await signedReading();
    const store = memoryTokens();
    await reading.run({ store })();
    reading.sandbox.revokeAccessTokens();
    await reading.run({ store })();
    await reading.run({ store })();
    expect(reading.story()).toEqual(['token 200', '200', '401', 'token 200', '200', '200']);
  });

  test.each([
    ['a new one', 0, ['token 200', '401']],
    ['an older one and its successor', 1, ['token 200', '200', '401', 'token 200', '401']],
  ])('gives up if %s is refused', async (_, runsBefore, story) => {
    const reading = await signedReading();
    const store = memoryTokens();
    for (let run = 0; run < runsBefore; run += 1) await reading.run({ store })();
    reading.sandbox.misbehave('401x9');
    await expect(reading.run({ store })()).rejects.toThrow(CredentialsError);
    expect(reading.story()).toEqual(story);
  });

  test('signs anew for each retry, with a new assertion for each token request', async () => {
    const reading = await signedReading({ app: { requiresDpop: true }, faults: '503x2' });
    await reading.run()();
    expect(reading.story().slice(-3)).toEqual(['503', '503', '200']);
    const ids = [...proofsIn(reading), ...assertionsIn(reading)].map((jwt) => claimsOf(jwt)['jti']);
    expect(ids).toHaveLength(8);
    expect(new Set(ids).size).toBe(8);
  });

  test('retries the token endpoint as it does the API', async () => {
    const reading = await signedReading();
    let broken = 2;
    const ask = reading.run({
      through: (exchange) => async (request) => {
        const answer = await exchange(request);
        if (request.body === undefined || broken === 0) return answer;
        broken -= 1;
        return { ...answer, status: 503 };
      },
    });
    expect(await ask()).toBe(200);
    expect(reading.story()).toEqual(['token 200', 'token 200', 'token 200', '200']);
    expect(reading.clock.naps).toHaveLength(2);
  });

  test.each([
    '',
    '[]',
    'null',
    '{"access_token":7,"token_type":"Bearer"}',
    '{"access_token":"a b"}',
  ])('does not take "%s" for a token, and shows none of it', async (text) => {
    const reading = await signedReading();
    const ask = reading.run({
      through: (exchange) => async (request) => ({
        ...(await exchange(request)),
        body: Buffer.from(text),
      }),
    });
    await expect(ask()).rejects.toThrow(
      /^Cannot get an access token from "[^"]+": the answer has none$/,
    );
  });
});

describe('a clock that is off', () => {
  test.each([
    ['behind', -120],
    ['ahead', 120],
  ])('by two hours %s is made up for by the time of the server', async (_, aheadMinutes) => {
    const reading = await signedReading({ app: { requiresDpop: true } });
    const ask = reading.run({ ahead: minutes(aheadMinutes) });
    await ask();
    expect(reading.story().filter((status) => status === 'token 401')).toHaveLength(1);
    expect(reading.story().at(-1)).toBe('200');
    await ask();
    expect(reading.story().slice(-2)).toEqual(['200', '200']);
  });

  test('is named if the server goes on refusing', async () => {
    const reading = await signedReading();
    const ask = reading.run({
      ahead: minutes(-120),
      through: (exchange) => async (request) => {
        const answer = await exchange(request);
        return { ...answer, headers: { ...answer.headers, date: undefined } };
      },
    });
    await expect(ask()).rejects.toThrow(/The client_assertion token is expired.*a clock is off$/);
    expect(reading.story()).toEqual(['token 401']);
  });
});

describe('DPoP', () => {
  test('is turned on by an org that demands it', async () => {
    const reading = await signedReading({ app: { requiresDpop: true } });
    await reading.run()();
    expect(reading.story()).toEqual(['token 400', 'token 400', 'token 200', '200']);
    const { request } = reading.exchanges.at(-1) ?? {};
    expect(request?.headers['authorization']).toMatch(/^DPoP eyJraWQ/);
    expect(claimsOf(request?.headers['dpop'])).toMatchObject({
      htm: 'GET',
      htu: `${reading.sandbox.url}/api/v1/logs`,
    });
  });

  test('is remembered with its key and nonce, so that later tokens cost one request', async () => {
    const reading = await signedReading({ app: { requiresDpop: true } });
    const store = memoryTokens();
    await reading.run({ store })();
    const key = store.kept()?.dpop?.key.reveal();
    reading.clock.move(hours(1));
    await reading.run({ store })();
    await reading.run({ store })();
    expect(reading.story().slice(3)).toEqual(['200', 'token 200', '200', '200']);
    expect(store.kept()?.dpop?.key.reveal()).toBe(key);
  });

  test('overcomes a nonce that has ended', async () => {
    const reading = await signedReading({
      app: { requiresDpop: true, nonceLifetime: minutes(30) },
    });
    const ask = reading.run();
    await ask();
    reading.clock.move(hours(1));
    await ask();
    expect(reading.story().slice(4)).toEqual(['token 400', 'token 200', '200']);
  });

  test('gives the API the nonce that it wants to see', async () => {
    const reading = await signedReading({
      app: { requiresDpop: true, hasApiNonces: true, nonceLifetime: seconds(90) },
    });
    const ask = reading.run();
    await ask();
    await ask();
    reading.clock.move(seconds(90));
    await ask();
    expect(reading.story().slice(3)).toEqual(['401', '200', '200', '401', '200']);
  });

  test('overcomes a proof that is refused because our clock is off', async () => {
    const reading = await signedReading({ app: { requiresDpop: true } });
    const store = memoryTokens();
    await reading.run({ store })();
    await reading.run({ store, ahead: minutes(10) })();
    expect(reading.story().slice(3)).toEqual(['200', '401', '200']);
  });

  test('starts over with a kept key that is damaged', async () => {
    const reading = await signedReading({ app: { requiresDpop: true } });
    const store = memoryTokens();
    await reading.run({ store })();
    const kept = store.kept();
    const damaged = { ...kept?.dpop, key: CLIENT_SECRET, nonce: undefined };
    const load = () => Promise.resolve(kept && { ...kept, dpop: damaged });
    await reading.run({ store: { ...store, load } })();
    expect(reading.story().slice(4)).toEqual(['token 400', 'token 400', 'token 200', '200']);
  });
});
