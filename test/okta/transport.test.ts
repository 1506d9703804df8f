import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Failure } from '../../src/domain/failure.ts';
import { isFailure } from '../../src/domain/failure.ts';
import { milliseconds, minutes, seconds } from '../../src/domain/time.ts';
import { createTransport } from '../../src/okta/transport.ts';
import { direct } from '../support/direct.ts';

const TOKEN = '00secretsecretsecretsecretsecretsecret0000';
const BODY = Buffer.from('[{"uuid":"a"},{"uuid":"ä€😀"}]');

/** A server for one test, and the origin where it is found. */
async function serving(listener: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A transport for one test. */
function asking(timeout = seconds(20)) {
  const transport = createTransport({ ...direct, requestTimeout: timeout });
  onTestFinished(() => transport.close());
  return (url: string, signal = new AbortController().signal) =>
    transport.exchange({ url, headers: { authorization: `SSWS ${TOKEN}` }, signal });
}

/** What a request to such a server fails with. */
async function failureFrom(listener: RequestListener, timeout = seconds(20)): Promise<Failure> {
  const { url } = await serving(listener);
  return failureAt(url, timeout);
}

async function failureAt(url: string, timeout = seconds(20)): Promise<Failure> {
  const failure: unknown = await asking(timeout)(url).catch((error: unknown) => error);
  if (!isFailure(failure)) throw new Error('no failure', { cause: failure });
  return failure;
}

const cutGzip = gzipSync(BODY).subarray(0, 20);
const asGzip = { 'content-encoding': 'gzip' };

const resetAfter = (response: ServerResponse, text: string): void => {
  response.socket?.write(text, () => response.socket?.resetAndDestroy());
};

describe('an error', () => {
  test.each<{ name: string; coding: string; body: Buffer | string; length?: number }>([
    { name: 'whose gzip is empty', coding: 'gzip', body: '' },
    { name: 'in a coding that was not asked for', coding: 'br', body: 'x' },
    { name: 'that breaks off', coding: 'identity', body: 'half', length: 100 },
  ])('$name is judged by its status', async ({ coding, body, length }) => {
    const { url } = await serving((_, response) => {
      response.writeHead(503, {
        'content-encoding': coding,
        ...(length && { 'content-length': length }),
      });
      response.write(body || ' ', () => {
        if (length === undefined) response.end();
        else response.socket?.destroy();
      });
    });
    expect(await asking()(url)).toMatchObject({ status: 503 });
  });
});

describe('a whole answer', () => {
  test.each<{ name: string; headers: Record<string, string>; sent: Buffer }>([
    { name: 'as it is', headers: {}, sent: BODY },
    { name: 'called identity', headers: { 'content-encoding': 'identity' }, sent: BODY },
    { name: 'called nothing', headers: { 'content-encoding': '' }, sent: BODY },
    { name: 'as x-gzip', headers: { 'content-encoding': 'x-gzip' }, sent: gzipSync(BODY) },
    { name: 'as gzip', headers: asGzip, sent: gzipSync(BODY) },
    { name: 'as gzip in capitals', headers: { 'content-encoding': 'GZIP' }, sent: gzipSync(BODY) },
    {
      name: 'as gzip in two members',
      headers: asGzip,
      sent: Buffer.concat([gzipSync(BODY.subarray(0, 9)), gzipSync(BODY.subarray(9))]),
    },
  ])('comes out byte for byte if sent $name', async ({ headers, sent }) => {
    const { url } = await serving((_, response) => {
      response.writeHead(200, headers).end(sent);
    });
    const answer = await asking()(url);
    expect(answer.status).toBe(200);
    expect(answer.body.equals(BODY)).toBe(true);
    expect(answer.receivedBytes).toBe(sent.length);
  });

  test.each(['identity', 'gzip'])('may be large, sent as %s', async (coding) => {
    const large = Buffer.from(randomBytes(8 * 1024 * 1024).toString('hex'));
    const sent = coding === 'gzip' ? gzipSync(large, { level: 1 }) : large;
    const { url } = await serving((_, response) => {
      response.writeHead(200, { 'content-encoding': coding }).end(sent);
    });
    const answer = await asking()(url);
    expect(answer.body.equals(large)).toBe(true);
    expect(answer.receivedBytes).toBe(sent.length);
  });

  test('comes whatever its status, and its error body with it', async () => {
    const { url } = await serving((_, response) => {
      response.writeHead(503, asGzip).end(gzipSync('{"errorCode":"E0000010"}'));
    });
    const answer = await asking()(url);
    expect([answer.status, answer.body.toString()]).toEqual([503, '{"errorCode":"E0000010"}']);
  });

  test('may have no body', async () => {
    const { url } = await serving((_, response) => {
      response.writeHead(204).end();
    });
    expect(await asking()(url)).toMatchObject({ status: 204, body: Buffer.alloc(0) });
  });

  test('has each line of a header field apart, under its name in lower case', async () => {
    const { url } = await serving((_, response) => {
      response.writeHead(200, { LINK: ['<a>; rel="self"', '<b,c>; rel="next"'], Date: 'x' }).end();
    });
    const { headers } = await asking()(url);
    expect(headers['link']).toEqual(['<a>; rel="self"', '<b,c>; rel="next"']);
    expect(headers['date']).toBe('x');
  });
});

describe('a request', () => {
  test('goes out as a GET, byte for byte, with the headers it was given', async () => {
    const seen: IncomingMessage[] = [];
    const { url } = await serving((request, response) => {
      seen.push(request);
      response.end();
    });
    const path = '/api/v1/logs?after=a%2fb,c;d&&x=%7E~';
    await asking()(url + path);
    expect(seen[0]).toMatchObject({
      method: 'GET',
      url: path,
      headers: { authorization: `SSWS ${TOKEN}` },
    });
  });

  test('uses the connections of those before, and goes on after one has broken', async () => {
    let connections = 0;
    const { server, url } = await serving((request, response) => {
      if (request.url === '/reset') response.socket?.resetAndDestroy();
      else response.end(BODY);
    });
    server.on('connection', () => {
      connections += 1;
    });
    const ask = asking();
    for (let count = 0; count < 9; count += 1) await ask(url);
    // One may not be free yet when the second request comes.
    expect(connections).toBeLessThanOrEqual(2);
    await expect(ask(`${url}/reset`)).rejects.toMatchObject({ kind: 'transient' });
    expect((await ask(url)).status).toBe(200);
  });

  test('brings back no cookie', async () => {
    const cookies: unknown[] = [];
    const { url } = await serving((request, response) => {
      cookies.push(request.headers.cookie);
      response.writeHead(200, { 'set-cookie': 'JSESSIONID=1; Path=/' }).end();
    });
    const ask = asking();
    await ask(url);
    await ask(url);
    expect(cookies).toEqual([undefined, undefined]);
  });

  test('does not follow a redirect', async () => {
    const elsewhere = await serving(() => {
      throw new Error('the token has gone astray');
    });
    const { url } = await serving((_, response) => {
      response.writeHead(302, { location: elsewhere.url }).end();
    });
    const answer = await asking()(url);
    expect(answer.status).toBe(302);
    expect(answer.headers['location']).toBe(elsewhere.url);
  });
});

describe('an answer that breaks off', () => {
  test.each<{ name: string; kind: Failure['kind']; listener: RequestListener }>([
    {
      name: 'before its length is reached',
      kind: 'unusable-page',
      listener: (_, response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write(BODY, () => response.socket?.destroySoon());
      },
    },
    {
      name: 'in its chunks',
      kind: 'unusable-page',
      listener: (_, response) => {
        response.writeHead(200);
        response.write(BODY, () => response.socket?.destroySoon());
      },
    },
    {
      name: 'in its gzip data, though its length is right',
      kind: 'unusable-page',
      listener: (_, response) => {
        response.writeHead(200, { ...asGzip, 'content-length': cutGzip.length }).end(cutGzip);
      },
    },
    {
      name: 'in its gzip data, and has no length',
      kind: 'unusable-page',
      listener: (_, response) => {
        response.removeHeader('transfer-encoding');
        response.writeHead(200, { ...asGzip, connection: 'close' }).end(cutGzip);
      },
    },
    {
      name: 'before the first byte, by a reset',
      kind: 'transient',
      listener: (_, response) => response.socket?.resetAndDestroy(),
    },
    {
      name: 'before the first byte, in order',
      kind: 'transient',
      listener: (_, response) => response.socket?.end(),
    },
    {
      name: 'in the headers',
      kind: 'transient',
      listener: (_, response) => {
        resetAfter(response, 'HTTP/1.1 200 OK\r\nContent-Type: appl');
      },
    },
    {
      name: 'right after the headers',
      kind: 'unusable-page',
      listener: (_, response) => {
        resetAfter(response, 'HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n');
      },
    },
    {
      name: 'in the body, by a reset',
      kind: 'unusable-page',
      listener: (_, response) => {
        resetAfter(response, 'HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n[{"uuid":');
      },
    },
    {
      name: 'because it is no HTTP',
      kind: 'transient',
      listener: (_, response) => {
        resetAfter(response, 'SSH-2.0-OpenSSH_9.6\r\n');
      },
    },
    {
      name: 'from the start: an empty body called gzip',
      kind: 'unusable-page',
      listener: (_, response) => {
        response.writeHead(200, { ...asGzip, 'content-length': 0 }).end();
      },
    },
    {
      name: 'in a way that only the checksum tells',
      kind: 'unusable-page',
      listener: (_, response) => {
        const wrong = gzipSync(BODY);
        wrong.writeUInt32LE(7, wrong.length - 8);
        response.writeHead(200, asGzip).end(wrong);
      },
    },
    {
      name: 'in a coding that was not asked for',
      kind: 'unusable-page',
      listener: (_, response) => {
        response.writeHead(200, { 'content-encoding': 'br' }).end(BODY);
      },
    },
  ])('$name is $kind', async ({ kind, listener }) => {
    const failure = await failureFrom(listener);
    expect(failure.kind).toBe(kind);
    expect(inspect(failure, { depth: Infinity, showHidden: true })).not.toContain(TOKEN);
  });

  test('is told by the coding that nobody asked for', async () => {
    const failure = await failureFrom((_, response) => {
      response.writeHead(200, { 'content-encoding': 'br' }).end(BODY);
    });
    expect(failure.message).toBe('Cannot read the answer: its content coding is "br"');
  });

  test('is told without a coding that nobody knows, which may be an echo of the token', async () => {
    const failure = await failureFrom(({ headers }, response) => {
      response.writeHead(200, { 'content-encoding': headers.authorization ?? '' }).end(BODY);
    });
    expect(failure.message).toBe(
      'Cannot read the answer: its content coding is one that was not asked for',
    );
  });

  test('can only be told by its content if it has neither length nor gzip', async () => {
    const { url } = await serving((_, response) => {
      response.removeHeader('transfer-encoding');
      response.writeHead(200, { connection: 'close' }).end(BODY.subarray(0, 9));
    });
    expect((await asking()(url)).body).toHaveLength(9);
  });
});

describe('an answer without end', () => {
  const mebibyte = Buffer.alloc(1024 * 1024, ' ');

  /** Writes for as long as anybody reads. */
  const endless =
    (status: number): RequestListener =>
    (_, response) => {
      response.writeHead(status);
      const write = (): void => {
        while (!response.destroyed && response.write(mebibyte));
        response.once('drain', write);
      };
      write();
    };

  test('is no page', async () => {
    const failure = await failureFrom(endless(200));
    expect(failure.kind).toBe('unusable-page');
    expect(failure.message).toBe(
      'Cannot read the answer: it is longer than 256 MiB, which no page is',
    );
  });

  test('is an error without a body if its status says so', async () => {
    const { url } = await serving(endless(500));
    expect(await asking()(url)).toMatchObject({ status: 500, body: Buffer.alloc(0) });
  });

  test('is no page if it is without end once it is unpacked', async () => {
    const packed = gzipSync(Buffer.alloc(300 * 1024 * 1024, ' '), { level: 1 });
    const failure = await failureFrom((_, response) => {
      response.writeHead(200, asGzip).end(packed);
    });
    expect(failure.kind).toBe('unusable-page');
    expect(failure.message).toContain('longer than 256 MiB');
  });
});

describe('an answer that does not come', () => {
  test.each<{ name: string; listener: RequestListener }>([
    { name: 'a silent server', listener: () => undefined },
    {
      name: 'a server silent after the headers',
      listener: (_, response) => {
        response.writeHead(200).flushHeaders();
      },
    },
    {
      name: 'a server that never ends, a byte at a time',
      listener: (_, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write(' '), 10);
        response.once('close', () => {
          clearInterval(drip);
        });
      },
    },
  ])('is given up in time: $name', async ({ listener }) => {
    const failure = await failureFrom(listener, milliseconds(150));
    expect(failure).toMatchObject({ kind: 'transient', hint: expect.any(String) as unknown });
    expect(failure.message).toMatch(
      /^Cannot reach "http:\/\/127\.0\.0\.1:\d+": no answer within 0.15 s$/,
    );
  });

  test('is said to be refused where nobody listens', async () => {
    const { server, url } = await serving(() => undefined);
    server.close();
    await once(server, 'close');
    const failure = await failureAt(`${url}/api/v1/logs?after=x`);
    expect(failure.kind).toBe('transient');
    expect(failure.message).toMatch(/^Cannot reach "http:\/\/127\.0\.0\.1:\d+": .*ECONNREFUSED/);
    server.listen(0);
    await once(server, 'listening');
  });

  test('is said to be from an unknown host', async () => {
    const failure = await failureAt('http://no-such-org.invalid/api/v1/logs');
    expect(failure.kind).toBe('transient');
    expect(failure.message).toMatch(
      /^Cannot reach "http:\/\/no-such-org\.invalid": .*(ENOTFOUND|EAI_AGAIN)/,
    );
  });
});

describe('a request that is no longer wanted', () => {
  const reason = new Error('no longer wanted');

  test('is not sent', async () => {
    let requests = 0;
    const { url } = await serving((_, response) => {
      requests += 1;
      response.end();
    });
    const ask = asking();
    await expect(ask(url, AbortSignal.abort(reason))).rejects.toBe(reason);
    await ask(url);
    expect(requests).toBe(1);
  });

  test('is broken off while its connection is being opened, which the end of the transport ends', async () => {
    const stop = new AbortController();
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined).resume();
      stop.abort(reason);
    });
    const left = once(server, 'connection').then(([socket]) => once(socket as Socket, 'close'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    // Longer than the test: no time limit may be what ends it.
    const patient = { ...direct, connectTimeout: minutes(10), requestTimeout: minutes(10) };
    const transport = createTransport(patient);
    const url = `https://127.0.0.1:${port}/`;
    const answer = transport.exchange({ url, headers: {}, signal: stop.signal });
    await expect(answer).rejects.toBe(reason);
    await transport.close();
    await left;
  });

  test.each<{ name: string; begin: (response: ServerResponse) => void }>([
    { name: 'before the headers', begin: () => undefined },
    {
      name: 'in the body',
      begin: (response) => {
        response.writeHead(200);
        response.write(BODY);
      },
    },
  ])('is broken off $name, with the reason of its signal', async ({ begin }) => {
    const stop = new AbortController();
    let closed: Promise<unknown> = Promise.resolve();
    const { url } = await serving((_, response) => {
      closed = once(response, 'close');
      begin(response);
      stop.abort(reason);
    });
    // So long that the test is over before the time limit could break it off.
    await expect(asking(minutes(10))(url, stop.signal)).rejects.toBe(reason);
    await closed;
  });
});
