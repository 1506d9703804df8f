import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Clock } from '../domain/clock.ts';
import type { Instant } from '../domain/time.ts';
import type { Answer } from './answer.ts';
import { errorAnswer } from './answer.ts';
import { drawHex, drawId, drawsFor } from './chance.ts';
import type { LogsEndpointOptions } from './logs-endpoint.ts';
import { createLogsEndpoint } from './logs-endpoint.ts';
import { notFound, OktaError } from './okta-error.ts';
import type { SignIn } from './sign-in.ts';

interface ApiOptions extends LogsEndpointOptions {
  readonly signIn: SignIn;
  readonly clock: Clock;
  /** Adds the events that have arrived by now. */
  readonly arrive: (now: Instant) => void;
}

/** The org's API: an answer for each request; `done` is called once the request has been dealt with. */
export type Api = (
  request: IncomingMessage,
  body: string,
) => {
  readonly answer: Answer;
  readonly done: () => void;
};

/** The headers of every answer; the n-th answer has those of its number. */
function commonHeaders(seed: number, answered: number, now: Instant): Answer['headers'] {
  const draw = drawsFor(seed, answered);
  return {
    date: new Date(now).toUTCString(),
    'content-type': 'application/json',
    'cache-control': 'no-cache, no-store',
    'x-okta-request-id': drawId(draw, '', 27),
    'set-cookie': `JSESSIONID=${drawHex(draw)}${drawHex(draw)}; Path=/; HttpOnly`,
  };
}

const methodNotAllowed = (): OktaError =>
  new OktaError(405, 'E0000022', 'The endpoint does not support the provided HTTP method');

/** Where a request went: the links that we hand out lead where the client has found us, by whatever name. */
function hrefOf({ headers, url = '', socket }: IncomingMessage): string {
  return `${socket instanceof TLSSocket ? 'https' : 'http'}://${headers.host ?? ''}${url}`;
}

/** The API of one org: its log, and 404 for everything else. */
export function createApi(options: ApiOptions): Api {
  const { signIn } = options;
  const answerLogs = createLogsEndpoint(options);
  let answered = 0;
  let underWay = 0;

  function answer(request: IncomingMessage, body: string): Answer {
    const { headers, method } = request;
    const now = options.clock.now();
    options.arrive(now);
    const common = commonHeaders(options.seed, answered, now);
    answered += 1;
    const href = hrefOf(request);
    const url = URL.canParse(href) ? new URL(href) : undefined;
    if (url?.pathname === '/oauth2/v1/token' && method === 'POST')
      return signIn.answerToken({ url, headers, now }, body, common);
    if (url?.pathname !== '/api/v1/logs') return errorAnswer(notFound(url?.pathname ?? ''), common);
    if (method !== 'GET') return errorAnswer(methodNotAllowed(), common);
    const checkSender = (): void => {
      signIn.check({ url, headers, now });
    };
    return answerLogs({ url, href, now, checkSender, underWay, common });
  }

  return (request, body) => {
    underWay += 1;
    const done = (): void => {
      underWay -= 1;
    };
    return { answer: answer(request, body), done };
  };
}
