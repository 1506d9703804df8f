import type { Answer } from '../../src/okta/exchange.ts';
import type { Chance } from './chance.ts';
import type { Listing } from './logs-endpoint.ts';

/** The answer to a request that is in order, on its way out of the server. */
export interface PageAnswer {
  readonly status: number;
  readonly body: string;
  readonly links: readonly string[];
  /** What `Date` says, in epoch milliseconds; `undefined`: no such header. */
  readonly date: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** A listing as Okta sends it. */
export function pageAnswer(url: string, listing: Listing, now: number, chance: Chance): PageAnswer {
  const isSpacedOut = chance.happens(0.1);
  const texts = listing.events.map(({ line, spacedOut }) => (isSpacedOut ? spacedOut : line));
  const self = `<${url}>; rel="self"`;
  return {
    status: 200,
    body: isSpacedOut ? `\uFEFF[ ${texts.join(' ,\n')} ]\n` : `[${texts.join(',')}]`,
    links: listing.next === undefined ? [self] : [self, `<${listing.next}>; rel="next"`],
    date: now,
    headers: {},
  };
}

/** An answer of Okta's that says what is wrong. */
export function errorAnswer(
  status: number,
  errorCode: string,
  now: number,
  headers: Readonly<Record<string, string>> = {},
): PageAnswer {
  const body = JSON.stringify({ errorCode, errorSummary: 'simulated', errorCauses: [] });
  return { status, body, links: [], date: now, headers };
}

/** The answer as it is received. */
export function received({ status, body, links, date, headers }: PageAnswer): Answer {
  const bytes = Buffer.from(body);
  return {
    status,
    headers: {
      ...headers,
      ...(date !== undefined && { date: new Date(date).toUTCString() }),
      ...(links.length > 0 && { link: links }),
    },
    body: bytes,
    receivedBytes: bytes.length,
  };
}
