import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { Network } from '../../src/domain/network.ts';
import { Secret } from '../../src/domain/secret.ts';
import { days, instant, milliseconds } from '../../src/domain/time.ts';
import { createWay } from '../../src/okta/look-at-way.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { makeAuthority, makeCertificate } from '../support/certificates.ts';
import { direct } from '../support/direct.ts';
import { startProxy } from '../support/proxy.ts';

const authority = await makeAuthority();
const end = instant(Math.floor((systemClock.now() + days(30)) / 1000) * 1000);
const certificate = await makeCertificate(authority, { to: new Date(end) });
const trusting: Network = { ...direct, authorities: [authority.cert] };
const authorityName = /^Authority [0-9a-f-]{36}$/;

function openOrg(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  return openPlainOrg({ tls: certificate, ...options });
}

async function openPlainOrg(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ clock: systemClock, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** A port of this machine that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

describe('the handshake', () => {
  test('shows who has signed the certificate, and how long it is valid', async () => {
    const { url } = await openOrg();
    expect(await createWay(url, trusting).handshake()).toEqual({
      protocol: 'TLSv1.3',
      issuer: expect.stringMatching(authorityName) as string,
      validUntil: end,
    });
  });

  test('goes through the proxy, and sends the org nothing', async () => {
    const { url, requests } = await openOrg();
    const proxy = await startProxy();
    const network = { ...trusting, proxy: { origin: proxy.url, authorization: undefined } };
    expect(await createWay(url, network).handshake()).toMatchObject({ validUntil: end });
    expect(proxy.requests).toMatchObject([{ method: 'CONNECT' }]);
    expect(requests).toEqual([]);
  });

  test('shows the certificate of ours to an org that demands one', async () => {
    const { url } = await openOrg({
      tls: { ...certificate, ca: authority.cert, requestCert: true, maxVersion: 'TLSv1.2' },
    });
    const { cert: chain, key } = await makeCertificate(authority);
    const network = { ...trusting, clientCertificate: { chain, key: new Secret(key) } };
    expect(await createWay(url, network).handshake()).toMatchObject({ protocol: 'TLSv1.2' });
    await expect(createWay(url, trusting).handshake()).rejects.toMatchObject({ kind: 'config' });
  });

  test('is none on this machine without TLS', async () => {
    const { url } = await openPlainOrg();
    expect(await createWay(url, direct).handshake()).toBeUndefined();
  });

  test('fails as a run would', async () => {
    const { url } = await openOrg();
    await expect(createWay(url, direct).handshake()).rejects.toMatchObject({
      kind: 'config',
      hint: expect.stringContaining('ca_file') as string,
    });
    const closed = `https://127.0.0.1:${await closedPort()}`;
    await expect(createWay(closed, direct).handshake()).rejects.toMatchObject({
      kind: 'transient',
      message: `Cannot reach "${closed}": it refuses the connection (ECONNREFUSED)`,
    });
  });
});

describe('the issuer', () => {
  test('is told of a certificate that is not trusted, straight and through a proxy', async () => {
    const { url, requests } = await openOrg();
    expect(await createWay(url, direct).issuer()).toMatch(authorityName);
    const proxy = await startProxy();
    const network = { ...direct, proxy: { origin: proxy.url, authorization: undefined } };
    expect(await createWay(url, network).issuer()).toMatch(authorityName);
    expect(requests).toEqual([]);
  });

  test('is not known where there is no certificate', async () => {
    const { url } = await openPlainOrg();
    expect(await createWay(url, direct).issuer()).toBeUndefined();
    const asTls = url.replace('http:', 'https:');
    expect(await createWay(asTls, direct).issuer()).toBeUndefined();
    expect(await createWay(`https://127.0.0.1:${await closedPort()}`, direct).issuer()).toBe(
      undefined,
    );
  });

  test('is not known of a server that says nothing, and that is not waited for without end', async () => {
    const callers: Socket[] = [];
    const server = createServer((caller) => callers.push(caller));
    onTestFinished(() => {
      callers.forEach((caller) => caller.destroy());
      server.close();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const network = { ...direct, connectTimeout: milliseconds(50) };
    const way = createWay(`https://127.0.0.1:${port}`, network);
    expect(await way.issuer()).toBeUndefined();
  });
});

describe('the name', () => {
  test('is looked up', async () => {
    expect(await createWay('https://localhost:1', direct).lookUp()).toEqual({
      host: 'localhost',
      addresses: expect.arrayContaining(['127.0.0.1']) as string[],
    });
  });

  test('of the proxy is looked up where there is one', async () => {
    const proxy = { origin: 'http://localhost:1', authorization: undefined };
    const way = createWay('https://acme.okta.invalid', { ...direct, proxy });
    expect(await way.lookUp()).toMatchObject({ host: 'localhost' });
  });

  test.each(['https://127.0.0.1', 'https://[::1]:8443'])('%s is none', async (org) => {
    expect(await createWay(org, direct).lookUp()).toMatchObject({ addresses: [] });
  });

  test('that nobody knows is a failure', async () => {
    await expect(createWay('https://acme.okta.invalid', direct).lookUp()).rejects.toMatchObject({
      kind: 'transient',
      message: expect.stringMatching(
        /^Cannot reach "https:\/\/acme\.okta\.invalid": .* name/,
      ) as string,
    });
  });
});
