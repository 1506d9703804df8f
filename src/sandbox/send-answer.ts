import type { Buffer } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Clock } from '../domain/clock.ts';
import type { Duration } from '../domain/time.ts';
import type { Answer } from './answer.ts';

const compress = promisify(gzip);

/** What sending needs beside the answer. */
interface Sending {
  readonly response: ServerResponse;
  readonly clock: Clock;
  /** Aborted when the connection closes. */
  readonly signal: AbortSignal;
  readonly acceptsGzip: boolean;
}

type Headers = Record<string, string | string[]>;

const half = (body: Buffer): Buffer => body.subarray(0, body.length >> 1);

async function writeSlowly(sending: Sending, body: Buffer, perKilobyte: Duration): Promise<void> {
  const { response, clock, signal } = sending;
  for (let start = 0; start < body.length; start += 1024) {
    await clock.sleep(perKilobyte, signal);
    response.write(body.subarray(start, start + 1024));
  }
  response.end();
}

function reset(
  { response }: Sending,
  answer: Answer,
  headers: Headers,
  body: Buffer,
  point: 'nothing' | 'headers' | 'body',
): void {
  const { socket } = response;
  if (socket === null) return;
  const breakOff = (): void => {
    socket.resetAndDestroy();
  };
  if (point === 'nothing') breakOff();
  else if (point === 'headers')
    socket.write(`HTTP/1.1 ${answer.status} OK\r\nContent-Type: appl`, breakOff);
  else {
    response.writeHead(answer.status, { ...headers, 'content-length': String(body.length) });
    response.write(half(body), breakOff);
  }
}

/** Without length and chunks, the end of the connection is the only end that the body has. */
function cut(
  { response }: Sending,
  answer: Answer,
  headers: Headers,
  body: Buffer,
  hasLength: boolean,
): void {
  if (hasLength) {
    response.writeHead(answer.status, { ...headers, 'content-length': String(body.length) });
    response.write(half(body), () => response.socket?.destroySoon());
    return;
  }
  response.removeHeader('transfer-encoding');
  response.writeHead(answer.status, { ...headers, connection: 'close' });
  response.end(half(body));
}

async function deliver(
  sending: Sending,
  answer: Answer,
  headers: Headers,
  body: Buffer,
): Promise<void> {
  const { response } = sending;
  const { delivery } = answer;
  switch (delivery.kind) {
    case 'whole':
      response.writeHead(answer.status, headers).end(body);
      return;
    case 'silence':
      return;
    case 'reset':
      reset(sending, answer, headers, body, delivery.in);
      return;
    case 'cut':
      cut(sending, answer, headers, body, delivery.hasLength);
      return;
    case 'slow':
      response.writeHead(answer.status, headers).flushHeaders();
      await writeSlowly(sending, body, delivery.perKilobyte);
  }
}

/**
 * Sends an answer in the way that it says; compressed, and then in chunks, if the client takes gzip.
 * Resolves once there is nothing left to write; rejects with the signal's reason if that comes first.
 */
export async function sendAnswer(sending: Sending, answer: Answer): Promise<void> {
  const { response, acceptsGzip, signal } = sending;
  const mustBePlain = answer.delivery.kind === 'cut' && answer.delivery.isPlain;
  const isCompressed = acceptsGzip && !mustBePlain && answer.body.length > 0;
  const body = isCompressed
    ? await compress(answer.body, { level: constants.Z_BEST_SPEED })
    : answer.body;
  signal.throwIfAborted();
  const headers: Headers = { ...answer.headers };
  if (answer.links.length > 0) headers['link'] = [...answer.links];
  if (isCompressed) headers['content-encoding'] = 'gzip';
  else if (
    answer.status !== 204 &&
    (answer.delivery.kind === 'whole' || answer.delivery.kind === 'slow')
  )
    headers['content-length'] = String(body.length);
  response.sendDate = false;
  await deliver(sending, answer, headers, body);
}
