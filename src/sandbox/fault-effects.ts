import { Buffer } from 'node:buffer';
import { milliseconds, seconds, instant, later } from '../domain/time.ts';
import type { Answer, Delivery } from './answer.ts';
import { errorAnswer } from './answer.ts';
import {
  invalidCursor,
  invalidToken,
  noPermission,
  notFound,
  OktaError,
  tooManyRequests,
} from './okta-error.ts';
import * as spoiled from './spoiled-body.ts';

/** What a fault does to one request: to the size of its page, or to the answer that would be right. */
export interface FaultEffect {
  readonly pageSize?: number;
  readonly change?: (answer: Answer) => Answer;
}

const refuse = (error: OktaError): FaultEffect => ({
  change: ({ headers }) => errorAnswer(error, headers),
});
const deliver = (delivery: Delivery): FaultEffect => ({
  change: (answer) => ({ ...answer, delivery }),
});
const cut = (how: Omit<Delivery & { kind: 'cut' }, 'kind'>): FaultEffect =>
  deliver({ kind: 'cut', ...how });
const body = (change: (body: Buffer) => Buffer): FaultEffect => ({
  change: (answer) => ({ ...answer, body: change(answer.body) }),
});
const links = (change: (links: readonly string[]) => readonly string[]): FaultEffect => ({
  change: (answer) => ({ ...answer, links: change(answer.links) }),
});

const isNext = (link: string): boolean => link.endsWith('rel="next"');

/** Changes the URL of the next link, of which it also sees the URL that was asked. */
const nextUrl = (change: (next: string, asked: string) => string): FaultEffect =>
  links((lines) => {
    const asked = /<(.*)>/.exec(lines[0] ?? '')?.[1] ?? '';
    return lines.map((line) =>
      isNext(line) ? line.replace(/<(.*)>/, (_, next: string) => `<${change(next, asked)}>`) : line,
    );
  });

function html(status: number, title: string): FaultEffect {
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body><h1>${title}</h1></body>\r\n</html>\r\n`;
  return {
    change: ({ headers, delivery }) => ({
      status,
      headers: { ...headers, 'content-type': 'text/html' },
      links: [],
      body: Buffer.from(page),
      delivery,
    }),
  };
}

const header = (name: string, change: (value: string) => string | undefined): FaultEffect => ({
  change: (answer) => {
    const { [name]: value = '', ...rest } = answer.headers;
    const changed = change(value);
    return { ...answer, headers: changed === undefined ? rest : { ...rest, [name]: changed } };
  },
});

function rateLimited(limit?: string): FaultEffect {
  return {
    change: ({ headers }) =>
      errorAnswer(tooManyRequests(), {
        ...headers,
        'x-rate-limit-remaining': '0',
        ...(limit === undefined ? {} : { 'x-rate-limit-limit': limit }),
      }),
  };
}

const internal = (code: string): OktaError => new OktaError(500, code, 'Internal Server Error');

/** The faults that are said by their name alone. */
export const plainFaults: ReadonlyMap<string, FaultEffect> = new Map([
  ['400-cursor', refuse(invalidCursor())],
  ['401', refuse(invalidToken())],
  ['403', refuse(noPermission())],
  ['404', refuse(notFound('/api/v1/logs'))],
  ['408', refuse(new OktaError(408, 'E0000009', 'Request Timeout'))],
  ['414', refuse(new OktaError(414, 'E0000001', 'Request-URI Too Long'))],
  ['429', rateLimited()],
  ['429-concurrency', rateLimited('0')],
  ['500', refuse(internal('E0000009'))],
  ['500-E0000053', refuse(internal('E0000053'))],
  ['html-502', html(502, '502 Bad Gateway')],
  ['503', refuse(new OktaError(503, 'E0000010', 'Service is in read only mode'))],
  ['504', refuse(new OktaError(504, 'E0000009', 'Gateway Timeout'))],
  [
    '204',
    {
      change: ({ headers, delivery }) => ({
        status: 204,
        headers,
        links: [],
        body: Buffer.alloc(0),
        delivery,
      }),
    },
  ],
  ['html-200', html(200, 'Sign In')],
  ['object-200', body(() => Buffer.from('{"message":"try again"}'))],
  ['empty-200', body(() => Buffer.alloc(0))],
  ['half-event', body(spoiled.withHalfEvent)],
  ['truncate', cut({ hasLength: true, isPlain: false })],
  ['truncate-no-length', cut({ hasLength: false, isPlain: false })],
  ['truncate-plain', cut({ hasLength: true, isPlain: true })],
  ['truncate-plain-no-length', cut({ hasLength: false, isPlain: true })],
  ['reset-before', deliver({ kind: 'reset', in: 'nothing' })],
  ['reset-in-headers', deliver({ kind: 'reset', in: 'headers' })],
  ['reset-in-body', deliver({ kind: 'reset', in: 'body' })],
  ['hang', deliver({ kind: 'silence' })],
  ['no-link', links(() => [])],
  ['relative-link', links((lines) => lines.map((line) => line.replace(/<https?:\/\/[^/]*/, '<')))],
  ['folded-link', links((lines) => [lines.join(', ')])],
  ['comma-link', nextUrl((next) => `${next}&expand=a,b;c`)],
  ['duplicate-link', links((lines) => [...lines, ...lines.filter(isNext)])],
  ['next-first', links((lines) => lines.toReversed())],
  ['next-same', nextUrl((_, asked) => asked)],
  ['next-other-host', nextUrl((next) => next.replace(/\/\/[^/:]*/, '//okta.example.org'))],
  ['next-other-port', nextUrl((next) => next.replace(/(?<=\/\/[^/]*):\d+/, ':9'))],
  ['next-other-scheme', nextUrl((next) => next.replace('http:', 'https:'))],
  ['no-date', header('date', () => undefined)],
  ['no-uuid', body((page) => spoiled.withoutMember(page, 'uuid'))],
  ['no-published', body((page) => spoiled.withoutMember(page, 'published'))],
  ['escaped-names', body(spoiled.withEscapedNames)],
  ['invalid-utf8', body(spoiled.withInvalidUtf8)],
  ['bom', body(spoiled.withByteOrderMark)],
  ['pretty', body(spoiled.pretty)],
]);

interface CountedFault {
  readonly unit: string;
  readonly least: number;
  effect(count: number): FaultEffect;
}

const shiftedDate = (date: string, by: number): string =>
  new Date(later(instant(Date.parse(date)), seconds(by))).toUTCString();

/** The faults that take a whole number, each with what it counts. */
export const countedFaults: ReadonlyMap<string, CountedFault> = new Map<string, CountedFault>([
  [
    'slow',
    {
      unit: 'ms per KB',
      least: 0,
      effect: (count) => deliver({ kind: 'slow', perKilobyte: milliseconds(count) }),
    },
  ],
  ['page-size', { unit: 'events', least: 0, effect: (count) => ({ pageSize: count }) }],
  [
    'big-event',
    { unit: 'KB', least: 0, effect: (count) => body((page) => spoiled.withBigEvent(page, count)) },
  ],
  [
    'date-off',
    {
      unit: 'seconds',
      least: -Infinity,
      effect: (count) => header('date', (date) => shiftedDate(date, count)),
    },
  ],
]);

/** The answer that sends the client to another URL. */
export const redirectTo = (url: string): FaultEffect => ({
  change: ({ headers, delivery }) => ({
    status: 302,
    headers: { ...headers, location: url },
    links: [],
    body: Buffer.alloc(0),
    delivery,
  }),
});
