import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { Agent, request as send } from 'undici';
import { UnusablePageError } from '../domain/failure.ts';
import type { Network } from '../domain/network.ts';
import { createConnector } from './connector.ts';
import type { Answer, Exchange, HeaderFields, Request } from './exchange.ts';
import { field } from './exchange.ts';
import { networkFailure } from './network-failure.ts';

const inflate = promisify(gunzip);

/** Zlib's default of 16 KiB a chunk makes a page of megabytes nearly three times as dear. */
const INFLATE_CHUNK_BYTES = 4 * 1024 * 1024;
/** No page of 1,000 events comes near this; a body that swells beyond it is no page. */
const MOST_INFLATED_BYTES = 1024 * 1024 * 1024;

/** A connection to one org, and the way to close it. */
export interface Transport {
  readonly exchange: Exchange;
  close(): Promise<void>;
}

/**
 * Speaks HTTP/1.1 through undici: keep-alive, no cookies, no redirects. Whatever goes wrong on the
 * way is told by `networkFailure`.
 */
export function createTransport(network: Network): Transport {
  const agent = new Agent({
    connect: createConnector(network),
    headersTimeout: network.requestTimeout,
    bodyTimeout: network.requestTimeout,
  });
  return {
    exchange: (request) => exchangeThrough(agent, network, request),
    close: () => agent.destroy(),
  };
}

async function exchangeThrough(agent: Agent, network: Network, request: Request): Promise<Answer> {
  const tooLong = AbortSignal.timeout(network.requestTimeout);
  try {
    const answer = await send(request.url, {
      dispatcher: agent,
      method: request.body === undefined ? 'GET' : 'POST',
      headers: request.headers,
      body: request.body ?? null,
      signal: AbortSignal.any([request.signal, tooLong]),
    });
    const received = await wholeBody(answer, tooLong);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: await bodyOf(answer.statusCode, received, answer.headers),
      receivedBytes: received.length,
    };
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof UnusablePageError) throw error;
    throw networkFailure(
      tooLong.aborted ? tooLong.reason : error,
      new URL(request.url).origin,
      network,
    );
  }
}

/** A page that breaks off is as unusable as one that is damaged: nothing of it may be delivered. */
async function wholeBody(
  { statusCode, body }: Dispatcher.ResponseData,
  tooLong: AbortSignal,
): Promise<Buffer> {
  try {
    return Buffer.from(await body.arrayBuffer());
  } catch (cause) {
    if (tooLong.aborted) throw cause;
    if (statusCode !== 200) return Buffer.alloc(0);
    throw new UnusablePageError('Cannot read the answer: it breaks off', { cause });
  }
}

/** What an error says is worth reading, but not worth failing for: its status decides. */
async function bodyOf(status: number, received: Buffer, headers: HeaderFields): Promise<Buffer> {
  const body = decoded(received, headers);
  return status === 200 ? body : body.catch(() => Buffer.alloc(0));
}

async function decoded(received: Buffer, headers: HeaderFields): Promise<Buffer> {
  const coding = field(headers, 'content-encoding')?.trim().toLowerCase() ?? '';
  if (coding === '' || coding === 'identity') return received;
  // RFC 9110, 8.4.1.3: x-gzip is the same.
  if (coding !== 'gzip' && coding !== 'x-gzip')
    throw new UnusablePageError(`Cannot read the answer: its content coding is "${coding}"`);
  try {
    return await inflate(received, {
      chunkSize: INFLATE_CHUNK_BYTES,
      maxOutputLength: MOST_INFLATED_BYTES,
    });
  } catch (cause) {
    throw new UnusablePageError('Cannot read the answer: its gzip data is cut or damaged', {
      cause,
    });
  }
}
