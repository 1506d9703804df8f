import { Buffer } from 'node:buffer';
import type { Instant } from '../domain/time.ts';
import type { Answer } from './answer.ts';
import { encodeCursor } from './cursor.ts';
import { readLogRequest } from './log-request.ts';
import type { LogQuery, Org, Place, StoredEvent } from './org.ts';

const comma = Buffer.from(',');
const open = Buffer.from('[');
const close = Buffer.from(']');

/** The body of a page: a compact JSON array. */
function pageBody(events: readonly StoredEvent[]): Buffer {
  const parts = events.flatMap(({ json }) => [comma, json]).slice(1);
  return Buffer.concat([open, ...parts, close]);
}

/** The request that goes on behind a place: the one asked, with another cursor. */
function nextUrl(asked: URL, orgId: string, query: LogQuery, place: Place): string {
  const next = new URL(asked);
  next.searchParams.set('after', encodeCursor(orgId, query, place));
  return next.href;
}

/** What decides a page. */
interface PageRequest {
  readonly url: URL;
  /** The same, byte for byte. */
  readonly href: string;
  readonly now: Instant;
  /** Overrules the `limit` asked for. */
  readonly pageSize: number | undefined;
}

/** The page that a request asks for, with both links; throws an `OktaError` if it is refused. */
export function logsPage(
  org: Org,
  orgId: string,
  request: PageRequest,
  headers: Answer['headers'],
): Answer {
  const asked = readLogRequest(request.url.searchParams, orgId, request.now);
  const query = { ...asked, limit: request.pageSize ?? asked.limit };
  const { events, next } = org.read(query, request.now);
  const links = [`<${request.href}>; rel="self"`];
  if (next !== undefined) links.push(`<${nextUrl(request.url, orgId, query, next)}>; rel="next"`);
  return { status: 200, headers, links, body: pageBody(events), delivery: { kind: 'whole' } };
}
