import { generateKeyPairSync } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readPrivateKey } from '../../src/config/private-key.ts';
import { createInstallation, loadIn, loadSection, problemsOf } from './load-from.ts';

const org = 'okta_org_url = https://acme.okta.com\n';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
const p256 = curve('P-256');
const pkcs8 = p256.export({ type: 'pkcs8', format: 'pem' }).toString();
const jwk = JSON.stringify({ ...p256.export({ format: 'jwk' }), kid: 'kid-of-the-jwk' });

/** Loads a section from an installation that has a private key in conf/key. */
async function withKeyFile(lines: string, mode = 0o600, text = pkcs8) {
  const installation = await createInstallation(`[oktacollector]\n${org}${lines}`);
  const path = join(installation, 'conf', 'key');
  await writeFile(path, text);
  await chmod(path, mode);
  return { path, loading: loadIn(installation) };
}

describe('a secret in the place of a file name', () => {
  test.each([
    ['api_token_file', '00aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789-_a'],
    ['client_secret_file', 'aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789aBcDe'],
    ['private_key_file', '{"kty":"EC","d":"secret"}'],
    ['private_key_file', '-----BEGIN PRIVATE KEY-----'],
  ])('is refused for %s and not shown', async (key, secret) => {
    const id = key === 'api_token_file' ? '' : 'client_id = 0oa1\n';
    const text = `okta_org_url = https://acme.okta.com\n${id}${key} = ${secret}\n`;
    const problems = await problemsOf(loadSection(text));
    expect(problems).toMatchObject([
      { key, value: '(not shown)', reason: 'looks like the secret itself' },
    ]);
    expect(JSON.stringify(problems)).not.toContain(secret);
  });
});

describe('readPrivateKey', () => {
  test.each([
    ['RSA in PKCS#8', rsa.export({ type: 'pkcs8', format: 'pem' }), 'RS256'],
    ['RSA in PKCS#1', rsa.export({ type: 'pkcs1', format: 'pem' }), 'RS256'],
    ['RSA as a JWK', JSON.stringify(rsa.export({ format: 'jwk' })), 'RS256'],
    ['P-256 in PKCS#8', pkcs8, 'ES256'],
    ['P-256 in SEC1', p256.export({ type: 'sec1', format: 'pem' }), 'ES256'],
    ['P-384 in PKCS#8', curve('P-384').export({ type: 'pkcs8', format: 'pem' }), 'ES384'],
    ['P-521 as a JWK', JSON.stringify(curve('P-521').export({ format: 'jwk' })), 'ES512'],
    ['PEM with \\n for line breaks', pkcs8.replaceAll('\n', '\\n'), 'ES256'],
  ])('reads %s', (_, text, algorithm) => {
    expect(readPrivateKey(text.toString()).algorithm).toBe(algorithm);
  });

  test('knows the key ID that a JWK gives itself', () => {
    expect(readPrivateKey(jwk).keyId).toBe('kid-of-the-jwk');
    expect(readPrivateKey(pkcs8).keyId).toBeUndefined();
  });

  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const password = {
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  } as const;
  const publicJwk = JSON.stringify({ ...p256.export({ format: 'jwk' }), d: undefined });
  test.each([
    ['a short RSA key', short.export({ type: 'pkcs8', format: 'pem' }), /RSA key of 1024 bits/],
    [
      'another curve',
      curve('secp256k1').export({ type: 'pkcs8', format: 'pem' }),
      /kind that Okta/,
    ],
    [
      'another kind of key',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
      /kind that Okta/,
    ],
    ['a password', p256.export(password), /protected by a password/],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMII=\n', /no private key/],
    ['a public JWK', publicJwk, /no private key/],
    ['a symmetric JWK', '{"kty":"oct","k":"c2VjcmV0"}', /kind that Okta/],
    ['a set of JWKs', `{"keys":[${jwk}]}`, /set of keys/],
    ['a PEM that is cut', pkcs8.slice(0, 90), /damaged/],
    ['a JWK that is cut', jwk.slice(0, -9), /damaged/],
    ['a JWK with a part missing', '{"kty":"RSA","d":"AQAB"}', /damaged/],
    ['some text', 'c2VjcmV0LXRoYXQtaXMtbG9uZw', /neither PEM nor a JWK/],
  ])('refuses %s, and shows nothing of it', (_, text, reason) => {
    expect(() => readPrivateKey(text.toString())).toThrow(reason);
    for (const part of text.toString().match(/[\w+/]{12,}/g) ?? []) {
      if (part === 'CERTIFICATE') continue;
      expect(() => readPrivateKey(text.toString())).not.toThrow(part);
    }
  });
});

describe('a service app', () => {
  test('has a client ID and a private key in a file', async () => {
    const { loading } = await withKeyFile(
      'client_id = 0oaApp\nprivate_key_file = conf/key\nkey_id = k1',
    );
    const { credential } = await loading;
    expect(credential).toMatchObject({
      kind: 'service app',
      clientId: '0oaApp',
      scope: 'okta.logs.read',
      keepsToken: true,
      proof: { kind: 'private key', algorithm: 'ES256', keyId: 'k1' },
    });
  });

  test('can have its key in the environment; key_id wins over the ID in a JWK', async () => {
    const environment = { OKTA_COLLECTOR_PRIVATE_KEY: jwk };
    const lines = `${org}client_id = 0oaApp\n`;
    const proofOf = async (more: string) => {
      const { credential } = await loadSection(lines + more, { environment });
      return credential.kind === 'service app' ? credential.proof : undefined;
    };
    expect(await proofOf('')).toMatchObject({ keyId: 'kid-of-the-jwk' });
    expect(await proofOf('key_id = k1')).toMatchObject({ keyId: 'k1' });
  });

  test('can have a client secret, several scopes and no file for tokens', async () => {
    const config = await loadSection(
      `${org}client_id = 0oaApp\nclient_secret = the-secret\nscopes = okta.logs.read, okta.users.read\ntoken_cache = off`,
    );
    expect(config.credential).toMatchObject({
      scope: 'okta.logs.read okta.users.read',
      keepsToken: false,
      proof: { kind: 'client secret' },
    });
    expect(inspect(config, { depth: 9 })).not.toContain('the-secret');
  });

  test.each([
    [
      'api_token = 00t\nclient_id = a\nclient_secret = s',
      'api_token',
      'is set as well as client_id',
    ],
    ['api_token_file = t\nkey_id = k', 'api_token_file', 'is set as well as key_id'],
    ['client_id = a', 'private_key_file', 'is not set, nor client_secret_file'],
    ['client_secret = s', 'client_id', 'is not set'],
    [
      'client_id = a\nclient_secret = s\nprivate_key_file = conf/key',
      'client_secret',
      'is set as well as private_key_file',
    ],
    [
      'client_id = a\nclient_secret = s\nkey_id = k',
      'key_id',
      'names a private key, and none is set',
    ],
    ['client_id = a b\nclient_secret = s', 'client_id', 'has white space or a character inside'],
    ['client_id = a\nclient_secret = s\nscopes = ,', 'scopes', 'is not a list of scopes'],
    ['client_id = a\nprivate_key_file = conf/none', 'private_key_file', 'does not exist'],
  ])('with "%s" is refused: %s %s', async (lines, key, reason) => {
    const { loading } = await withKeyFile(lines);
    const problems = await problemsOf(loading);
    expect(problems).toHaveLength(1);
    expect(problems).toMatchObject([{ key, reason: expect.stringContaining(reason) as string }]);
  });

  test.skipIf(process.platform === 'win32').each([
    ['private_key_file', pkcs8],
    ['client_secret_file', 'the-secret'],
  ])('is refused if others can get at its %s', async (key, text) => {
    const { path, loading } = await withKeyFile(`client_id = a\n${key} = conf/key`, 0o640, text);
    expect(await problemsOf(loading)).toMatchObject([
      {
        key,
        reason: 'names a file that is open to other users',
        remedy: `Run: chmod 600 "${path}"`,
      },
    ]);
  });
});
