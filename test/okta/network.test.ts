import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { connect, createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { Failure } from '../../src/domain/failure.ts';
import { isFailure } from '../../src/domain/failure.ts';
import type { Network } from '../../src/domain/network.ts';
import { Secret } from '../../src/domain/secret.ts';
import { milliseconds, seconds } from '../../src/domain/time.ts';
import { networkFailure } from '../../src/okta/network-failure.ts';
import { createTransport } from '../../src/okta/transport.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { makeAuthority, makeCertificate } from '../support/certificates.ts';
import { direct } from '../support/direct.ts';
import { startProxy } from '../support/proxy.ts';

const authority = await makeAuthority();
const certificate = await makeCertificate(authority);
const trusting: Network = { ...direct, authorities: [authority.cert] };

async function openOrg(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ clock: systemClock, tls: certificate, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** The status of an answer to a request with the org's token. */
async function ask(network: Network, org: { url: string; token: string }): Promise<number> {
  const transport = createTransport(network);
  onTestFinished(() => transport.close());
  const { status } = await transport.exchange({
    url: `${org.url}/api/v1/logs`,
    headers: { authorization: `SSWS ${org.token}` },
    signal: new AbortController().signal,
  });
  return status;
}

async function failureOf(network: Network, org: { url: string; token: string }): Promise<Failure> {
  const outcome: unknown = await ask(network, org).catch((error: unknown) => error);
  if (isFailure(outcome)) return outcome;
  throw new Error('expected a failure', { cause: outcome });
}

/** Opens a tunnel as a proxy does. */
async function relay({ hostname, port }: URL, client: Duplex): Promise<void> {
  const server = connect(Number(port), hostname);
  await once(server, 'connect');
  client.write('HTTP/1.1 200 Connection established\r\n\r\n');
  client.pipe(server).pipe(client);
  client.on('close', () => server.destroy());
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const proxied = (url: string, authorization?: string): Network => ({
  ...trusting,
  proxy: {
    origin: url,
    authorization: authorization === undefined ? undefined : new Secret(authorization),
  },
});
const basic = (credentials: string): string =>
  `Basic ${Buffer.from(credentials).toString('base64')}`;

describe('an org over TLS', () => {
  test.each(['127.0.0.1', '::1', 'localhost'])(
    'is reached at %s if its authority is trusted',
    async (host) => {
      expect(await ask(trusting, await openOrg({ host }))).toBe(200);
    },
  );

  test('is asked on one connection again and again, and on a new one after a reset', async () => {
    let connections = 0;
    let isToReset = false;
    const server = createHttpsServer({ ...certificate }, (request, response) => {
      if (isToReset) request.socket.destroy();
      else response.end('[]');
      isToReset = false;
    });
    server.on('secureConnection', () => (connections += 1));
    const url = `https://127.0.0.1:${await listening(server)}`;
    const transport = createTransport(trusting);
    onTestFinished(() => transport.close());
    const again = async () => {
      // A connection is free for another request only after its answer has been dealt with.
      await setImmediate();
      return transport.exchange({ url, headers: {}, signal: new AbortController().signal });
    };
    await again();
    await again();
    expect(connections).toBe(1);
    isToReset = true;
    await expect(again()).rejects.toMatchObject({ kind: 'transient' });
    expect(await again()).toMatchObject({ status: 200 });
    expect(connections).toBe(2);
  });

  const past = { from: new Date('2020-01-01'), to: new Date('2020-02-01') };
  const future = { from: new Date('2090-01-01'), to: new Date('2091-01-01') };
  test.each([
    {
      flaw: 'has expired',
      options: past,
      kind: 'protocol',
      says: /certificate has expired \(CERT_HAS_EXPIRED\)$/,
      hint: 'clock',
    },
    {
      flaw: 'is not valid yet',
      options: future,
      kind: 'protocol',
      says: /not valid yet \(CERT_NOT_YET_VALID\)$/,
      hint: 'clock',
    },
    {
      flaw: 'is for another host',
      options: { hosts: ['other.example'] },
      kind: 'config',
      says: /for another host \(.*127\.0\.0\.1.*\)$/,
      hint: 'okta_org_url',
    },
  ])('is left at once if its certificate $flaw', async ({ options, kind, says, hint }) => {
    const org = await openOrg({ tls: await makeCertificate(authority, options) });
    const failure = await failureOf(trusting, org);
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(says);
    expect(failure.message).toContain(`Cannot reach "${org.url}": its certificate `);
    expect(failure.hint).toContain(hint);
    expect(org.requests).toEqual([]);
  });

  test.each([
    { flaw: 'of an unknown authority', signer: authority, says: 'an authority that is not known' },
    { flaw: 'signed by itself', signer: undefined, says: 'is signed by itself' },
  ])('is left at once if its certificate is $flaw, with ca_file as the way out', async (row) => {
    const org = await openOrg({ tls: await makeCertificate(row.signer) });
    const failure = await failureOf(direct, org);
    expect(failure).toMatchObject({
      kind: 'config',
      hint: expect.stringContaining('ca_file') as unknown,
    });
    expect(failure.message).toContain(row.says);
    expect(org.requests).toEqual([]);
  });

  test('is left at once if Node has no name for what is wrong with its certificate', async () => {
    const mayNotSign = await makeAuthority({ keyUsage: { digitalSignature: true } });
    const org = await openOrg({ tls: await makeCertificate(mayNotSign) });
    const failure = await failureOf({ ...direct, authorities: [mayNotSign.cert] }, org);
    expect(failure.kind).toBe('protocol');
    expect(failure.message).toBe(
      `Cannot reach "${org.url}": its certificate is not accepted (key usage does not include certificate signing)`,
    );
    expect(org.requests).toEqual([]);
  });

  test('is verified even if the environment says otherwise', async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    onTestFinished(() => {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    });
    expect(await failureOf(direct, await openOrg())).toMatchObject({ kind: 'config' });
  });

  test('is left if it knows nothing newer than TLS 1.1', async () => {
    const ciphers = 'DEFAULT@SECLEVEL=0';
    const server = createHttpsServer({
      ...certificate,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers,
    });
    const org = { url: `https://127.0.0.1:${await listening(server)}`, token: 'x' };
    const failure = await failureOf(trusting, org);
    expect(failure).toMatchObject({
      kind: 'protocol',
      hint: expect.stringContaining('TLS 1.2') as unknown,
    });
    expect(failure.message).toContain('no TLS version from 1.2 on');
  });

  test('is left if it does not speak TLS', async () => {
    const port = await listening(createHttpServer());
    const failure = await failureOf(trusting, { url: `https://127.0.0.1:${port}`, token: 'x' });
    expect(failure.kind).toBe('config');
    expect(failure.message).toContain('it does not speak TLS');
  });
});

describe('a client certificate', () => {
  const demanding = { ...certificate, ca: authority.cert, requestCert: true };

  test('is shown to an org that demands one', async () => {
    const { cert, key } = await makeCertificate(authority);
    const network = { ...trusting, clientCertificate: { chain: cert, key: new Secret(key) } };
    expect(await ask(network, await openOrg({ tls: demanding }))).toBe(200);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is named in the hint if there is none, by %s',
    async (maxVersion) => {
      const org = await openOrg({ tls: { ...demanding, maxVersion } });
      const failure = await failureOf(trusting, org);
      expect(failure.kind).toBe('config');
      expect(failure.message).toContain('a client certificate');
      expect(failure.hint).toContain('client_cert_file');
      expect(org.requests).toEqual([]);
    },
  );

  test.each([
    'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED',
    'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED',
  ])('that is refused is said to be, by %s', (code) => {
    const alert = Object.assign(new Error('alert'), { code });
    const failure = networkFailure(alert, 'https://acme.okta.com', direct);
    expect(failure.kind).toBe('config');
    expect(failure.message).toBe(
      `Cannot reach "https://acme.okta.com": it refuses our client certificate (${code})`,
    );
  });
});

describe('a proxy', () => {
  test('that demands credentials gets them, and of the request only its host and port', async () => {
    const org = await openOrg();
    const proxy = await startProxy('user', 'p@ss:word');
    expect(await ask(proxied(proxy.url, basic('user:p@ss:word')), org)).toBe(200);
    const target = new URL(org.url).host;
    expect(proxy.requests).toMatchObject([{ method: 'CONNECT', target }]);
    expect(JSON.stringify(proxy.requests)).not.toContain(org.token);
    expect(JSON.stringify(org.requests)).not.toMatch(/proxy/iu);
  });

  test.each([
    { host: '::1', tls: certificate },
    { host: '127.0.0.1', tls: undefined },
  ])('leads to an org at $host', async ({ host, tls }) => {
    const org = await startSandbox({ clock: systemClock, host, ...(tls && { tls }) });
    onTestFinished(() => org.close());
    const proxy = await startProxy();
    expect(await ask(proxied(proxy.url), org)).toBe(200);
    expect(proxy.requests).toHaveLength(1);
  });

  test('may itself be reached over TLS, and never sees our client certificate', async () => {
    const org = await openOrg({ tls: { ...certificate, ca: authority.cert, requestCert: true } });
    const { cert, key } = await makeCertificate(authority);
    const seen: unknown[] = [];
    const outer = createHttpsServer({
      ...certificate,
      requestCert: true,
      rejectUnauthorized: false,
    });
    outer.on('secureConnection', (socket) => seen.push(socket.getPeerCertificate()));
    outer.on('connect', (request, socket) => {
      void relay(new URL(`http://${request.url ?? ''}`), socket);
    });
    const port = await listening(outer);
    const network = {
      ...proxied(`https://127.0.0.1:${port}`),
      clientCertificate: { chain: cert, key: new Secret(key) },
    };
    expect(await ask(network, org)).toBe(200);
    expect(seen).toEqual([{}]);
  });

  test.each([
    { case: 'wrong', authorization: basic('user:wrong'), says: 'refuses our credentials (407)' },
    { case: 'missing', authorization: undefined, says: 'asks for credentials (407)' },
  ])('stops the run if our credentials are $case', async ({ authorization, says }) => {
    const org = await openOrg();
    const proxy = await startProxy('user', 'right');
    const failure = await failureOf(proxied(proxy.url, authorization), org);
    expect(failure).toMatchObject({
      kind: 'credentials',
      hint: expect.stringContaining('proxy_url') as unknown,
    });
    expect(failure.message).toBe(`Cannot reach "${org.url}": the proxy "${proxy.url}" ${says}`);
    expect(proxy.requests).toHaveLength(1);
  });

  test.each([
    { status: '403 Forbidden', kind: 'credentials', says: 'does not let us through (403)' },
    { status: '405 Method Not Allowed', kind: 'protocol', says: 'does not open tunnels (405)' },
    { status: '502 Bad Gateway', kind: 'transient', says: 'cannot connect us (502)' },
  ])('that answers $status ends in $kind', async ({ status, kind, says }) => {
    const server = createHttpServer().on('connect', (_request, socket) => {
      socket.end(`HTTP/1.1 ${status}\r\n\r\n`);
    });
    const url = `http://127.0.0.1:${await listening(server)}`;
    const failure = await failureOf(proxied(url), { url: 'https://acme.okta.com', token: 'x' });
    expect(failure.kind).toBe(kind);
    expect(failure.message).toContain(says);
  });

  test('that hangs up is asked once', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.once('data', () => socket.destroy());
    });
    const url = `http://127.0.0.1:${await listening(server)}`;
    const failure = await failureOf(proxied(url), { url: 'https://acme.okta.com', token: 'x' });
    expect(failure.kind).toBe('transient');
    expect(failure.message).toContain(`Cannot reach the proxy "${url}": the connection was cut`);
    expect(connections).toBe(1);
  });

  test('that does not answer is given up', async () => {
    const server = createServer((socket) => {
      onTestFinished(() => {
        socket.destroy();
      });
    });
    const url = `http://127.0.0.1:${await listening(server)}`;
    const network = { ...proxied(url), connectTimeout: seconds(1) };
    const failure = await failureOf(network, { url: 'https://acme.okta.com', token: 'x' });
    expect(failure.message).toBe(`Cannot reach the proxy "${url}": no answer within 1 s`);
    expect(failure.kind).toBe('transient');
  });

  test.each([
    ['http://127.0.0.1:1', 'it refuses the connection (ECONNREFUSED)'],
    ['http://no-such-proxy.invalid:3128', 'its name is not known (ENOTFOUND)'],
  ])('that cannot be reached is named: %s', async (url, says) => {
    const failure = await failureOf(proxied(url), { url: 'https://acme.okta.com', token: 'x' });
    expect(failure).toMatchObject({
      kind: 'transient',
      hint: expect.stringContaining('proxy_url') as unknown,
    });
    expect(failure.message).toBe(`Cannot reach the proxy "${url}": ${says}`);
  });

  test('does not hide that the certificate behind it is not trusted', async () => {
    const org = await openOrg();
    const proxy = await startProxy();
    const failure = await failureOf({ ...proxied(proxy.url), authorities: [] }, org);
    expect(failure.kind).toBe('config');
    expect(failure.message).toContain(
      `Cannot reach "${org.url}" through the proxy "${proxy.url}": `,
    );
    expect(failure.message).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });
});

test('a TLS handshake that stalls is given up after connectTimeout', async () => {
  const server = createServer((socket) => {
    onTestFinished(() => {
      socket.destroy();
    });
  });
  const url = `https://127.0.0.1:${await listening(server)}`;
  const failure = await failureOf(
    { ...trusting, connectTimeout: milliseconds(300) },
    { url, token: 'x' },
  );
  expect(failure.kind).toBe('transient');
  expect(failure.message).toBe(
    `Cannot reach "${url}": no connection within 0.3 s (UND_ERR_CONNECT_TIMEOUT)`,
  );
});
