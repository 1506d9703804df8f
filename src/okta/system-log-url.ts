import type { Cursor } from '../domain/page.ts';
import { ProtocolError } from '../domain/failure.ts';
import type { StreamPosition } from '../domain/system-log.ts';
import { formatInstant } from '../domain/time.ts';

const PATH = '/api/v1/logs';
/** What Okta takes a missing `limit` for (okta-contract). */
const DEFAULT_LIMIT = 100;

/** The URL of a position: Okta's own link byte for byte, or the first request of a stream. */
export function linkOf(position: StreamPosition, org: string, limit: number): Cursor {
  const first = `${org}${PATH}?sortOrder=ASCENDING&limit=${limit}`;
  switch (position.kind) {
    case 'since':
      return cursor(`${first}&since=${parameter(formatInstant(position.since))}`);
    case 'window': {
      const { since, until } = position.window;
      return cursor(
        `${first}&since=${parameter(formatInstant(since))}&until=${parameter(formatInstant(until))}`,
      );
    }
    case 'link':
      return position.link;
  }
}

/**
 * A `next` link as it was issued; relative ones are resolved. Rejects a link to another origin or
 * another path, for the token would go there.
 */
export function trustedLink(link: string, asked: Cursor, org: string): Cursor {
  // As Okta writes them: up to the question mark nothing is left to be understood.
  if (link.startsWith(`${org}${PATH}?`)) return cursor(link);
  const url = URL.canParse(link, asked) ? new URL(link, asked) : undefined;
  if (url?.origin !== org || url.pathname !== PATH) {
    throw new ProtocolError(
      `Cannot follow the next link of "${org}": it leads to ${placeOf(url, org)}`,
      {
        hint: 'The API token is sent to okta_org_url only; set that to the address that Okta itself uses in its links',
      },
    );
  }
  return cursor(URL.canParse(link) ? link : url.href);
}

/** How many events a link asks for at most. */
export function limitOf(link: Cursor): number {
  const limit = Number(new URL(link).searchParams.get('limit') ?? DEFAULT_LIMIT);
  return Number.isInteger(limit) && limit > 0 ? limit : DEFAULT_LIMIT;
}

/** Only the origin: the rest may be anything, an echo of the token included. */
function placeOf(url: URL | undefined, org: string): string {
  if (url === undefined) return 'no address';
  return url.origin === org ? 'another path' : `"${url.origin}"`;
}

function parameter(value: string): string {
  return encodeURIComponent(value);
}

function cursor(url: string): Cursor {
  return url as Cursor;
}
