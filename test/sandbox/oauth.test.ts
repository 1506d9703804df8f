import { webcrypto } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { allowInsecureRequests } from 'oauth4webapi';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { ServiceApp } from '../../src/sandbox/oauth/authorization-server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';

const client = { client_id: '0oaIndependent' };
const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
  'sign',
  'verify',
]);
const spki = Buffer.from(await webcrypto.subtle.exportKey('spki', keys.publicKey));
const publicKey = `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64')}\n-----END PUBLIC KEY-----\n`;
const scope = 'okta.logs.read';

/** A sandbox in real time, and a client for it that is not ours. */
async function independent(app: Partial<ServiceApp> = {}) {
  const serviceApp = { clientId: client.client_id, publicKey, keyId: 'k1', ...app };
  const sandbox = await startSandbox({ clock: systemClock, serviceApp });
  onTestFinished(() => sandbox.close());
  const tokenUrl = `${sandbox.url}/oauth2/v1/token`;
  const server = { issuer: sandbox.url, token_endpoint: tokenUrl };
  const insecure = { [allowInsecureRequests]: true };

  async function token(options: {
    readonly claims?: Record<string, oauth.JsonValue>;
    readonly kid?: string;
    readonly key?: webcrypto.CryptoKey;
    readonly scope?: string;
    readonly DPoP?: oauth.DPoPHandle;
  }): Promise<oauth.TokenEndpointResponse> {
    const { claims = {}, kid = 'k1', DPoP } = options;
    const authentication = oauth.PrivateKeyJwt(
      { key: options.key ?? keys.privateKey, kid },
      {
        [oauth.modifyAssertion]: (_, payload) => {
          Object.assign(payload, { aud: tokenUrl }, claims);
        },
      },
    );
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      authentication,
      { scope: options.scope ?? scope },
      { ...insecure, ...(DPoP && { DPoP }) },
    );
    return oauth.processClientCredentialsResponse(server, client, response);
  }

  const read = (accessToken: string, DPoP?: oauth.DPoPHandle) =>
    oauth.protectedResourceRequest(
      accessToken,
      'GET',
      new URL(`${sandbox.url}/api/v1/logs?limit=1`),
      undefined,
      undefined,
      { ...insecure, ...(DPoP && { DPoP }) },
    );
  return { token, read, sandbox };
}

const newProver = async () => oauth.DPoP({}, await oauth.generateKeyPair('ES256'));

describe('the token endpoint', () => {
  test('issues a token to an independent client, and the API takes it', async () => {
    const { token, read } = await independent();
    const { access_token, token_type, expires_in } = await token({});
    expect({ token_type, expires_in }).toEqual({ token_type: 'bearer', expires_in: 3600 });
    expect((await read(access_token)).status).toBe(200);
  });

  test('demands a proof, then a nonce, and binds the token to the key', async () => {
    const { token, read } = await independent({ requiresDpop: true });
    const prover = await newProver();
    await expect(token({})).rejects.toMatchObject({ error: 'invalid_dpop_proof', status: 400 });
    await expect(token({ DPoP: prover })).rejects.toMatchObject({ error: 'use_dpop_nonce' });
    const { access_token, token_type } = await token({ DPoP: prover });
    expect(token_type).toBe('dpop');
    expect((await read(access_token, prover)).status).toBe(200);
    await expect(read(access_token, await newProver())).rejects.toMatchObject({ status: 401 });
    await expect(read(access_token)).rejects.toMatchObject({ status: 401 });
  });

  const inSeconds = (offset: number) => Math.floor(systemClock.now() / 1000) + offset;
  test.each([
    ['another key ID', { kid: 'k2' }, 'invalid_client', /kid is invalid/],
    ['another audience', { claims: { aud: 'https://a.example' } }, 'invalid_client', /audience/],
    [
      'an assertion that has ended',
      { claims: { exp: inSeconds(-9) } },
      'invalid_client',
      /expired/,
    ],
    ['one for a day', { claims: { exp: inSeconds(86_400) } }, 'invalid_client', /too far/],
    ['a scope that is not granted', { scope: 'okta.users.manage' }, 'invalid_scope', /scopes/],
  ])('refuses %s', async (_, options, error, error_description) => {
    const { token } = await independent();
    const refusal = await token(options).catch((reason: unknown) => reason);
    expect(refusal).toMatchObject({ error });
    expect((refusal as oauth.ResponseBodyError).error_description).toMatch(error_description);
  });

  test('refuses an assertion that another key has signed', async () => {
    const { token } = await independent();
    const { privateKey: key } = await oauth.generateKeyPair('ES256');
    await expect(token({ key })).rejects.toMatchObject({
      error_description: 'The client_assertion signature is invalid.',
    });
  });

  test('takes an assertion once', async () => {
    const { token } = await independent();
    await token({ claims: { jti: 'once' } });
    await expect(token({ claims: { jti: 'once' } })).rejects.toMatchObject({
      error_description: 'The client_assertion token has already been used.',
    });
  });

  test('is not there without a service app', async () => {
    const sandbox = await startSandbox({ clock: systemClock });
    onTestFinished(() => sandbox.close());
    const answer = await fetch(`${sandbox.url}/oauth2/v1/token`, { method: 'POST', body: 'x=1' });
    expect(answer.status).toBe(404);
  });
});

describe('the API', () => {
  test('takes a proof once', async () => {
    const { token, read, sandbox } = await independent();
    const prover = await newProver();
    await token({ DPoP: prover }).catch(() => undefined);
    const { access_token } = await token({ DPoP: prover });
    await read(access_token, prover);
    const { url = '', headers } = sandbox.requests.at(-1) ?? {};
    const again = await fetch(`${sandbox.url}${url}`, {
      headers: {
        authorization: headers?.authorization ?? '',
        dpop: headers?.['dpop']?.toString() ?? '',
      },
    });
    expect(again.status).toBe(401);
    expect(again.headers.get('www-authenticate')).toContain('already been used');
  });

  test('refuses a token that was revoked', async () => {
    const { token, read, sandbox } = await independent();
    const { access_token } = await token({});
    sandbox.revokeAccessTokens();
    await expect(read(access_token)).rejects.toMatchObject({ status: 401 });
  });

  test('refuses an app without a role', async () => {
    const { token, read } = await independent({ hasAdminRole: false });
    const { access_token } = await token({});
    const answer = await read(access_token);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ errorCode: 'E0000006' });
  });
});
