import { createHash } from 'node:crypto';
import type { Cursor, LogEvent, Page } from '../domain/page.ts';
import type { SplitEvent } from '../domain/split-page.ts';
import { splitPage } from '../domain/split-page.ts';
import type { Instant } from '../domain/time.ts';
import type { Answer } from './exchange.ts';
import { fieldLines } from './exchange.ts';
import { findLink } from './link-header.ts';
import { serverTimeOf } from './server-time.ts';
import { limitOf, trustedLink } from './system-log-url.ts';

/** Makes a page of a 200, its body unpacked. Throws an `UnusablePageError` if the body is none, a `ProtocolError` for a next link that leads elsewhere. */
export function pageOf(answer: Answer, asked: Cursor, org: string, receivedAt: Instant): Page {
  const links = fieldLines(answer.headers, 'link');
  const next = nextLinkOf(answer, asked, org);
  return {
    asked,
    limit: limitOf(asked),
    events: identified(splitPage(answer.body)),
    serverTime: serverTimeOf(answer) ?? receivedAt,
    receivedAt,
    next,
    hasLinks: next !== undefined || findLink(links, 'self') !== undefined,
  };
}

/** The `next` link of an answer; `undefined` if it has none. Throws a `ProtocolError` for one that leads elsewhere. */
export function nextLinkOf(
  { headers }: Pick<Answer, 'headers'>,
  asked: Cursor,
  org: string,
): Cursor | undefined {
  const next = findLink(fieldLines(headers, 'link'), 'next');
  return next === undefined ? undefined : trustedLink(next, asked, org);
}

/** A loop, for V8 makes of `map` another kind of array once that is optimized, and begins anew with all that reads it. */
function identified(events: readonly SplitEvent[]): LogEvent[] {
  const all: LogEvent[] = [];
  for (const { line, uuid, published } of events)
    all.push({ id: uuid ?? hashOf(line), published, line });
  return all;
}

const hashOf = (line: Uint8Array): string => createHash('sha256').update(line).digest('hex');
