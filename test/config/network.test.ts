import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isExempt } from '../../src/config/no-proxy.ts';
import type { Network } from '../../src/domain/network.ts';
import { seconds } from '../../src/domain/time.ts';
import { makeAuthority, makeCertificate } from '../support/certificates.ts';
import { enough, loadSection, problemsOf } from './load-from.ts';

type Environment = Readonly<Record<string, string>>;

const authority = await makeAuthority();
const client = await makeCertificate(authority);

async function networkOf(lines: string, environment: Environment = {}): Promise<Network> {
  return (await loadSection(`${enough}${lines}`, { environment })).network;
}

/** The path of a file for one test. */
async function fileWith(text: string, mode = 0o600): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'okta-network-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'file.pem');
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

test('the network is straight, with the well-known authorities, unless something else is set', async () => {
  expect(await networkOf('')).toEqual({
    proxy: undefined,
    authorities: [],
    clientCertificate: undefined,
    connectTimeout: seconds(10),
    requestTimeout: seconds(60),
  });
});

describe('proxy_url', () => {
  test.each([
    ['http://proxy.acme.com:3128', 'http://proxy.acme.com:3128', undefined],
    ['https://proxy.acme.com/', 'https://proxy.acme.com', undefined],
    ['http://us%40er:p%3Aw@[::1]:3128', 'http://[::1]:3128', 'us@er:p:w'],
    ['http://user@proxy:3128', 'http://proxy:3128', 'user:'],
  ])('can be %s', async (text, origin, credentials) => {
    const { proxy } = await networkOf(`proxy_url = ${text}\n`);
    expect(proxy?.origin).toBe(origin);
    const sent = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    expect(proxy?.authorization?.reveal()).toBe(sent);
    expect(inspect(proxy, { depth: 9 })).not.toMatch(/p:w|Basic/u);
  });

  test.each([
    ['user:hunter2@proxy:3128', 'does not start with http:// or https://'],
    ['socks5://user:hunter2@proxy:1080', 'does not start with http:// or https://'],
    ['http://user:hunter2', 'is not an address'],
    ['http://user:hunter2@proxy:3128/path', 'goes on behind the host and port'],
    ['http://user:hunter2%@proxy:3128', 'has a % in it that escapes nothing'],
  ])('cannot be %s, which is not shown', async (text, reason) => {
    const problems = await problemsOf(loadSection(`${enough}proxy_url = ${text}\n`));
    expect(problems).toMatchObject([{ key: 'proxy_url', value: undefined, reason }]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });
});

describe('a proxy of the environment', () => {
  const HTTPS_PROXY = 'http://user:hunter2@upper:3128';

  test('is taken if no other is set, the name in lower case first', async () => {
    expect((await networkOf('', { HTTPS_PROXY })).proxy?.origin).toBe('http://upper:3128');
    const both = { HTTPS_PROXY, https_proxy: 'http://lower:3128' };
    expect((await networkOf('', both)).proxy?.origin).toBe('http://lower:3128');
    const { proxy } = await networkOf('proxy_url = http://ours:3128\n', { HTTPS_PROXY });
    expect(proxy?.origin).toBe('http://ours:3128');
  });

  test('is turned off by proxy_url = none, and by NO_PROXY', async () => {
    expect((await networkOf('proxy_url = None\n', { HTTPS_PROXY })).proxy).toBeUndefined();
    const NO_PROXY = 'localhost, .okta.com';
    expect((await networkOf('', { HTTPS_PROXY, NO_PROXY })).proxy).toBeUndefined();
    expect((await networkOf('', { HTTPS_PROXY, no_proxy: '*' })).proxy).toBeUndefined();
  });

  test('is not for an org on this machine, but proxy_url is', async () => {
    const org = 'api_token = 00secret\nokta_org_url = http://127.0.0.1:8080\n';
    const straight = await loadSection(org, { environment: { HTTPS_PROXY } });
    expect(straight.network.proxy).toBeUndefined();
    const through = await loadSection(`${org}proxy_url = http://proxy:3128\n`);
    expect(through.network.proxy?.origin).toBe('http://proxy:3128');
  });

  test('that is none is told with the name of its variable, and not shown', async () => {
    const environment = { HTTPS_PROXY: 'user:hunter2@proxy' };
    const problems = await problemsOf(loadSection(enough, { environment }));
    expect(problems).toMatchObject([
      {
        key: 'proxy_url',
        reason: expect.stringContaining('HTTPS_PROXY of the environment') as unknown,
      },
    ]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });
});

describe('isExempt', () => {
  test.each([
    ['https://acme.okta.com', 'acme.okta.com'],
    ['https://acme.okta.com', 'other.com okta.com'],
    ['https://acme.okta.com', '*.okta.com,x'],
    ['https://acme.okta.com', '.OKTA.com'],
    ['https://acme.okta.com', 'okta.com:443'],
    ['https://acme.okta.com', '*'],
    ['https://[::1]:8443', '::1'],
    ['https://[::1]:8443', '[::1]:8443'],
  ])('lets %s be one of "%s"', (address, list) => {
    expect(isExempt(address, list)).toBe(true);
  });

  test.each([
    ['https://acme.okta.com', ''],
    ['https://acme.okta.com', ' , '],
    ['https://acme.okta.com', 'kta.com'],
    ['https://acme.okta.com', 'okta.com:8443'],
    ['https://acme.okta.com', 'www.acme.okta.com'],
  ])('lets %s be none of "%s"', (address, list) => {
    expect(isExempt(address, list)).toBe(false);
  });
});

describe('ca_file', () => {
  test('adds its certificates, and keeps those of NODE_EXTRA_CA_CERTS', async () => {
    const other = await makeAuthority();
    const path = await fileWith(`remark\n${authority.cert}\n${other.cert}`, 0o644);
    const NODE_EXTRA_CA_CERTS = await fileWith('extra', 0o644);
    const { authorities } = await networkOf(`ca_file = ${path}\n`, { NODE_EXTRA_CA_CERTS });
    expect(authorities).toEqual([authority.cert.trim(), other.cert.trim(), 'extra']);
  });

  test.each([
    ['no PEM', 'names a file without a certificate in PEM'],
    [client.key, 'names a file without a certificate in PEM'],
    [client.cert.replaceAll('M', 'N'), 'names a file with a certificate that is damaged'],
  ])('cannot be a file with other content', async (text, reason) => {
    const lines = `${enough}ca_file = ${await fileWith(text)}\n`;
    expect(await problemsOf(loadSection(lines))).toMatchObject([{ key: 'ca_file', reason }]);
  });

  test('cannot be a file that is not there', async () => {
    const lines = `${enough}ca_file = /nowhere/ca.pem\n`;
    const problems = await problemsOf(loadSection(lines));
    expect(problems).toMatchObject([{ key: 'ca_file', reason: 'does not exist' }]);
  });
});

describe('client_cert_file and client_key_file', () => {
  test('are the certificate with its chain and its key', async () => {
    const chain = await fileWith(client.cert + authority.cert, 0o644);
    const { clientCertificate } = await networkOf(
      `client_cert_file = ${chain}\nclient_key_file = ${await fileWith(client.key)}\n`,
    );
    expect(clientCertificate?.chain.match(/BEGIN/gu)).toHaveLength(2);
    expect(clientCertificate?.key.reveal()).toBe(client.key);
  });

  test.each([
    { flaw: 'of another key', key: authority.key, reason: 'does not belong to the certificate' },
    { flaw: 'without a key', key: client.cert, reason: 'without a private key in PEM' },
    {
      flaw: 'with a password',
      key: '-----BEGIN ENCRYPTED PRIVATE KEY-----',
      reason: 'protected by a password',
    },
  ])('cannot be files $flaw', async ({ key, reason }) => {
    const lines = `client_cert_file = ${await fileWith(client.cert)}\nclient_key_file = ${await fileWith(key)}\n`;
    const problems = await problemsOf(loadSection(`${enough}${lines}`));
    expect(problems).toMatchObject([
      { key: 'client_key_file', reason: expect.stringContaining(reason) as unknown },
    ]);
    expect(JSON.stringify(problems)).not.toContain(key.slice(30, 60));
  });

  test.skipIf(process.platform === 'win32')('cannot be a key that others can read', async () => {
    const lines = `client_cert_file = ${await fileWith(client.cert)}\nclient_key_file = ${await fileWith(client.key, 0o640)}\n`;
    expect(await problemsOf(loadSection(`${enough}${lines}`))).toMatchObject([
      { key: 'client_key_file', reason: 'names a file that is open to other users' },
    ]);
  });

  test.each([
    ['client_cert_file', 'client_key_file', client.cert],
    ['client_key_file', 'client_cert_file', client.key],
  ])('cannot be %s alone', async (key, missing, text) => {
    const lines = `${enough}${key} = ${await fileWith(text)}\n`;
    const reason = `is set without ${missing}`;
    expect(await problemsOf(loadSection(lines))).toMatchObject([{ key, reason }]);
  });
});
