import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Agent } from 'undici';
import { UnusablePageError } from '../domain/failure.ts';
import type { Network } from '../domain/network.ts';
import { bodyFault, LONGEST_BODY_BYTES } from './body-fault.ts';
import { createConnector } from './connector.ts';
import type { Answer, Exchange, HeaderFields, Request } from './exchange.ts';
import { field } from './exchange.ts';
import { networkFailure } from './network-failure.ts';
import { receiveAnswer } from './receive-answer.ts';
import { compileParserPlainly } from './v8-flags.ts';

const inflate = promisify(gunzip);

/** Zlib's default of 16 KiB a chunk makes a page of megabytes nearly three times as dear. */
const LEAST_CHUNK_BYTES = 64 * 1024;
/** Several times what a page of 1,000 events has. */
const MOST_CHUNK_BYTES = 16 * 1024 * 1024;

/** As much as Node itself takes. */
const MOST_HEADER_BYTES = 16 * 1024;

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
  const isParserCompiled = compileParserPlainly();
  const closing = new AbortController();
  const agent = new Agent({
    connect: createConnector(network, closing.signal),
    headersTimeout: network.requestTimeout,
    bodyTimeout: network.requestTimeout,
    maxHeaderSize: MOST_HEADER_BYTES,
    maxResponseSize: LONGEST_BODY_BYTES,
  });
  return {
    exchange: (request) => exchangeThrough(agent, network, request).finally(isParserCompiled),
    async close() {
      const closed = agent.destroy();
      closing.abort();
      await closed;
    },
  };
}

async function exchangeThrough(agent: Agent, network: Network, request: Request): Promise<Answer> {
  try {
    const { status, headers, body } = await receiveAnswer(agent, request, network.requestTimeout);
    const staysPacked = request.isPacked === true && status === 200;
    return {
      status,
      headers,
      body: staysPacked ? body : await bodyOf(status, body, headers),
      receivedBytes: body.length,
    };
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof UnusablePageError) throw error;
    throw networkFailure(error, new URL(request.url).origin, network);
  }
}

/** What an error says is worth reading, but not worth failing for: its status decides. */
async function bodyOf(status: number, received: Buffer, headers: HeaderFields): Promise<Buffer> {
  const body = decoded(received, headers);
  return status === 200 ? body : body.catch(() => Buffer.alloc(0));
}

/** A body without its compression. Rejects with an `UnusablePageError` if it is damaged, or compressed otherwise than was asked. */
export async function decoded(received: Buffer, headers: HeaderFields): Promise<Buffer> {
  const coding = field(headers, 'content-encoding')?.trim().toLowerCase() ?? '';
  if (coding === '' || coding === 'identity') return received;
  // RFC 9110, 8.4.1.3: x-gzip is the same.
  if (coding !== 'gzip' && coding !== 'x-gzip')
    throw new UnusablePageError(`Cannot read the answer: its content coding is ${named(coding)}`);
  try {
    return await inflate(received, {
      chunkSize: chunkBytesFor(received),
      maxOutputLength: LONGEST_BODY_BYTES,
    });
  } catch (cause) {
    const fault = bodyFault(cause, 'its gzip data is cut or damaged');
    throw new UnusablePageError(`Cannot read the answer: ${fault}`, { cause });
  }
}

/** Those that a proxy might choose by itself; what else stands there may be an echo of what was sent. */
const CODINGS = ['br', 'compress', 'deflate', 'zstd'];

const named = (coding: string): string =>
  CODINGS.includes(coding) ? `"${coding}"` : 'one that was not asked for';

/**
 * Room for all of a body, so that it comes in one piece. Its last four bytes tell how long it is (RFC
 * 1952, 2.3.1); where they do not, as after several members, it comes in more pieces and costs more.
 */
function chunkBytesFor(received: Buffer): number {
  const said = received.length < 4 ? 0 : received.readUInt32LE(received.length - 4);
  return Math.min(Math.max(said + 1, LEAST_CHUNK_BYTES), MOST_CHUNK_BYTES);
}
