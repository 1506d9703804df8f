import type { Clock } from '../domain/clock.ts';
import { ProtocolError } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';
import type { Cursor, Page } from '../domain/page.ts';
import { isBacklog } from '../domain/page.ts';
import type { StreamPosition, SystemLog } from '../domain/system-log.ts';
import type { ApiClient } from './api-client.ts';
import { pageOf } from './read-page.ts';
import { serverTimeOf } from './server-time.ts';
import { linkOf } from './system-log-url.ts';

/** What the System Log of an org is read with. */
export interface SystemLogOptions {
  /** The origin of the org, such as `https://acme.okta.com`. */
  readonly org: string;
  /** Events to a page, 1 to 1000, where we make the URL. */
  readonly pageLimit: number;
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly log: Log;
}

type Ask = (link: Cursor, isOktasLink: boolean, signal: AbortSignal) => Promise<Page>;

/** Reads one org's System Log. */
export function createSystemLog({
  org,
  pageLimit,
  client,
  clock,
  log,
}: SystemLogOptions): SystemLog {
  let isDateKnown = true;

  function sayDateIsMissing(): void {
    if (isDateKnown)
      log.warn('Okta does not tell its time (no Date): the clock of this machine is taken for it');
    isDateKnown = false;
  }

  const ask: Ask = (link, isOktasLink, signal) =>
    client.get(
      {
        url: link,
        isOktasLink,
        read: (answer) => {
          if (serverTimeOf(answer) === undefined) sayDateIsMissing();
          return pageOf(answer, link, org, clock);
        },
      },
      signal,
    );

  return {
    pages: (from, signal) => pagesFrom(linkOf(from, org, pageLimit), from.kind, signal, ask),
  };
}

/**
 * Follows next links. In a backlog the next page is asked for while this one is being written; near
 * the tip that request would be wasted, for whoever reads stops there.
 */
async function* pagesFrom(
  first: Cursor,
  kind: StreamPosition['kind'],
  signal: AbortSignal,
  ask: Ask,
): AsyncGenerator<Page, void, void> {
  const noLongerWanted = new AbortController();
  const either = AbortSignal.any([signal, noLongerWanted.signal]);
  try {
    const lately = new Set<Cursor>();
    let coming: Promise<Page> | undefined = ask(first, kind === 'link', either);
    while (coming !== undefined) {
      const page: Page = await coming;
      const { next } = page;
      refuseCircle(page, lately);
      const goesOn = next !== undefined && next !== page.asked;
      const ahead = goesOn && isBacklog(page) ? ask(next, true, either) : undefined;
      // A failure is met where the page is wanted; until then nobody listens to it.
      ahead?.catch(() => undefined);
      yield page;
      coming = goesOn ? (ahead ?? ask(next, true, either)) : undefined;
    }
  } finally {
    noLongerWanted.abort(new Error('The page is no longer wanted'));
  }
}

/** Of so many links it is known that they were asked; a longer circle has not been seen. */
const LINKS_KNOWN = 100;

/** Throws a `ProtocolError` if the page's next link leads back to one asked lately; one to itself only says that nothing follows. */
function refuseCircle({ asked, next }: Page, lately: Set<Cursor>): void {
  if (next !== undefined && lately.has(next)) {
    throw new ProtocolError('Cannot go on in the System Log: its next links lead in a circle', {
      hint: 'Run again; if that does not help, a proxy may be mixing up answers',
    });
  }
  lately.add(asked);
  const [oldest] = lately;
  if (lately.size > LINKS_KNOWN && oldest !== undefined) lately.delete(oldest);
}
