import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.ts';
import type { Installation, Settings } from '../support/installation.ts';
import { install, readLog } from '../support/installation.ts';
import { makeAuthority, makeCertificate } from '../support/certificates.ts';
import type { Ended } from '../support/program.ts';
import { startCollector } from '../support/program.ts';
import { startProxy } from '../support/proxy.ts';
import { openOrg } from './open-org.ts';
import { expectPrinted } from './printed.ts';

const authority = await makeAuthority();
const server = await makeCertificate(authority);
const client = await makeCertificate(authority);

const USER = 'collector';
const PASSWORD = 'p@ss/word';

/** Installs the program with the files that its settings name. */
async function installWithFiles(org: Sandbox, settings: Settings): Promise<Installation> {
  const installation = await install(org, settings);
  const files = { 'ca.pem': authority.cert, 'client.pem': client.cert, 'client.key': client.key };
  for (const [name, text] of Object.entries(files))
    await writeFile(join(installation.folder, 'conf', name), text, { mode: 0o600 });
  return installation;
}

function run(installation: Installation, environment: Record<string, string> = {}): Promise<Ended> {
  return startCollector(installation, ['--quiet'], { environment }).ended;
}

/** Expects that nothing which the run left behind holds a secret, in any form that one could take. */
async function expectNoSecrets(
  org: Sandbox,
  installation: Installation,
  ended: Ended,
): Promise<void> {
  const log = JSON.stringify(await readLog(installation));
  const key = client.key.split('\n')[1] ?? '';
  const secrets = [org.token, PASSWORD, `${USER}:${PASSWORD}`, key].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/u, ''),
  ]);
  for (const secret of secrets)
    expect(ended.stdout.toString() + ended.stderr + log).not.toContain(secret);
}

test('a run goes through a proxy that demands credentials, over TLS of a private authority, with a client certificate', async () => {
  const { sandbox } = await openOrg({
    events: 1500,
    tls: { ...server, ca: authority.cert, requestCert: true },
  });
  const proxy = await startProxy(USER, PASSWORD);
  const installation = await installWithFiles(sandbox, {
    proxy_url: `http://${USER}:${encodeURIComponent(PASSWORD)}@${new URL(proxy.url).host}`,
    ca_file: 'conf/ca.pem',
    client_cert_file: 'conf/client.pem',
    client_key_file: 'conf/client.key',
    log_level: 'debug',
  });
  const ended = await run(installation);
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  expectPrinted(ended.stdout, sandbox.org.events);
  const methods = new Set(proxy.requests.map(({ method }) => method));
  expect(methods).toEqual(new Set(['CONNECT']));
  expect(JSON.stringify(proxy.requests)).not.toContain(sandbox.token);
  await expectNoSecrets(sandbox, installation, ended);
});

test('the proxy of the environment is taken, and left for a host of NO_PROXY', async () => {
  const { sandbox } = await openOrg({ events: 3, tls: server, host: '::1' });
  const proxy = await startProxy();
  const installation = await installWithFiles(sandbox, { ca_file: 'conf/ca.pem' });
  const environment = { HTTPS_PROXY: proxy.url, NO_PROXY: '::1' };
  expect(await run(installation, environment)).toMatchObject({ exitCode: 0 });
  expect(proxy.requests).toEqual([]);
  const { exitCode } = await run(installation, { HTTPS_PROXY: proxy.url });
  expect(exitCode).toBe(0);
  expect(proxy.requests).toMatchObject([{ target: new URL(sandbox.url).host }]);
});

test('ca_file adds to the authorities of NODE_EXTRA_CA_CERTS', async () => {
  const { sandbox } = await openOrg({ tls: server });
  const installation = await installWithFiles(sandbox, { ca_file: 'conf/other.pem' });
  const conf = join(installation.folder, 'conf');
  await writeFile(join(conf, 'other.pem'), (await makeAuthority()).cert);
  const NODE_EXTRA_CA_CERTS = join(conf, 'ca.pem');
  expect(await run(installation)).toMatchObject({ exitCode: 78 });
  expect(await run(installation, { NODE_EXTRA_CA_CERTS })).toMatchObject({ exitCode: 0 });
});

test('ca_file adds to the authorities that Node takes from OpenSSL', async () => {
  const { sandbox } = await openOrg({ tls: server });
  const installation = await installWithFiles(sandbox, { ca_file: 'conf/other.pem' });
  const conf = join(installation.folder, 'conf');
  await writeFile(join(conf, 'other.pem'), (await makeAuthority()).cert);
  const told = { NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_DIR: conf };
  const trusting = { ...told, SSL_CERT_FILE: join(conf, 'ca.pem') };
  const doubting = { ...told, SSL_CERT_FILE: join(conf, 'other.pem') };
  expect(await run(installation, doubting)).toMatchObject({ exitCode: 78 });
  expect(await run(installation, trusting)).toMatchObject({ exitCode: 0, stderr: '' });
});

test.each([
  {
    trouble: 'a proxy that refuses the credentials',
    settings: { ca_file: 'conf/ca.pem' },
    password: `${PASSWORD}?`,
    exitCode: 77,
    says: 'refuses our credentials (407)',
  },
  {
    trouble: 'an unknown authority',
    settings: {},
    password: PASSWORD,
    exitCode: 78,
    says: 'an authority that is not known',
  },
])('$trouble ends a run at once', async ({ settings, password, exitCode, says }) => {
  const { sandbox } = await openOrg({ tls: server });
  const proxy = await startProxy(USER, PASSWORD);
  const installation = await installWithFiles(sandbox, {
    ...settings,
    proxy_url: `http://${USER}:${encodeURIComponent(password)}@${new URL(proxy.url).host}`,
  });
  const ended = await run(installation);
  expect(ended.exitCode).toBe(exitCode);
  expect(ended.stderr).toContain(says);
  expect(ended.stderr.split('\n')).toHaveLength(2);
  expect(ended.stdout).toHaveLength(0);
  expect(proxy.requests).toHaveLength(1);
  expect(sandbox.requests).toEqual([]);
  await expectNoSecrets(sandbox, installation, ended);
});
