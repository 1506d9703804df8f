import type { Clock } from '../domain/clock.ts';
import { ProtocolError } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';
import type { Cursor, Page } from '../domain/page.ts';
import { isBacklog, isDeepInBacklog } from '../domain/page.ts';
import type { StreamPosition, SystemLog } from '../domain/system-log.ts';
import type { ApiClient } from './api-client.ts';
import type { Answer, AnswerHead } from './exchange.ts';
import { giveBackPage } from './give-back.ts';
import { nextLinkOf, pageOf } from './read-page.ts';
import { serverTimeOf } from './server-time.ts';
import { linkOf } from './system-log-url.ts';
import { decoded } from './transport.ts';
import { keepHeapSmall } from './v8-flags.ts';

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

/** What is asked for, and when what can be done with its answer. */
interface Wanted {
  readonly link: Cursor;
  readonly isOktasLink: boolean;
  /** When there is room for the page in memory: until then its answer stays compressed, an eighth of it. */
  readonly room: Promise<void>;
  /** When it is cut into events: sooner, the page before would have to wait meanwhile to be written. */
  readonly turn: Promise<void>;
}

/** A page on its way. */
interface Coming extends Wanted {
  readonly page: Promise<Page>;
  /** The link to the page behind it, as soon as the headers tell; never settles if they do not. */
  readonly next: Promise<Cursor>;
  /** Reached once it is written. */
  readonly written: Signpost;
}

type Ask = (wanted: Wanted, signal: AbortSignal) => Coming;

/** Reads one org's System Log. */
export function createSystemLog(options: SystemLogOptions): SystemLog {
  const { org, pageLimit, client, clock, log } = options;
  let isDateKnown = true;

  function sayDateIsMissing(): void {
    if (isDateKnown)
      log.warn('Okta does not tell its time (no Date): the clock of this machine is taken for it');
    isDateKnown = false;
  }

  const ask: Ask = (wanted, signal) => {
    const { link, isOktasLink, room, turn } = wanted;
    const read = async (answer: Answer): Promise<Page> => {
      if (serverTimeOf(answer) === undefined) sayDateIsMissing();
      const receivedAt = clock.now();
      await room;
      const body = await decoded(answer.body, answer.headers);
      await turn;
      return pageOf({ ...answer, body }, link, org, receivedAt);
    };
    let tell: (next: Cursor) => void = () => undefined;
    const next = new Promise<Cursor>((resolve) => (tell = resolve));
    const onHead = (head: AnswerHead): void => {
      const found = nextIn(head, link, org);
      if (found !== undefined) tell(found);
    };
    const page = client.get({ url: link, isPacked: true, isOktasLink, onHead, read }, signal);
    // A failure is met where the page is wanted; until then nobody listens to it.
    page.catch(() => undefined);
    return { ...wanted, page, next, written: signpost() };
  };

  return {
    pages: (from, signal) => pagesFrom(linkOf(from, org, pageLimit), from.kind, signal, ask),
  };
}

/** The next link, where there is one to follow; what is wrong with it is told when the page itself is read. */
function nextIn(head: AnswerHead, asked: Cursor, org: string): Cursor | undefined {
  if (head.status !== 200) return undefined;
  try {
    return nextLinkOf(head, asked, org);
  } catch {
    return undefined;
  }
}

/**
 * Follows next links. In a backlog the next page is asked for while this one is being written; deep
 * in it the one behind that as well, as soon as the headers tell where it is. A page is cut into events
 * once the one before it is written, and only then the one behind it is unpacked: so two pages are in
 * memory at most, and what a third one was sent as. Near the tip such requests would be wasted, for
 * whoever reads stops there.
 */
async function* pagesFrom(
  first: Cursor,
  kind: StreamPosition['kind'],
  signal: AbortSignal,
  ask: Ask,
): AsyncGenerator<Page, void, void> {
  const noLongerWanted = new AbortController();
  const either = AbortSignal.any([signal, noLongerWanted.signal]);
  const follow = (link: Cursor, before: Coming): Coming =>
    ask({ link, isOktasLink: true, room: before.turn, turn: before.written.reached }, either);
  try {
    const lately = new Set<Cursor>();
    let early = nothingAhead;
    let coming: Coming | undefined = ask(
      { link: first, isOktasLink: kind === 'link', room: NOW, turn: NOW },
      either,
    );
    while (coming !== undefined) {
      const page: Page = await coming.page;
      const { next } = page;
      refuseCircle(page, lately);
      const goesOn = next !== undefined && next !== page.asked;
      let ahead: Coming | undefined = early(next);
      if (goesOn && isBacklog(page)) ahead ??= follow(next, coming);
      const isDeep = isDeepInBacklog(page);
      early = isDeep && ahead !== undefined ? askAhead(ahead, lately, follow) : nothingAhead;
      yield page;
      if (isDeep) spareMemoryOf(page, lately.size);
      coming.written.reach();
      coming = goesOn ? (ahead ?? follow(next, coming)) : undefined;
    }
  } finally {
    noLongerWanted.abort(new Error('The page is no longer wanted'));
  }
}

const NOW = Promise.resolve();

/** Something to wait for, and the way to bring it about. */
interface Signpost {
  readonly reached: Promise<void>;
  readonly reach: () => void;
}

function signpost(): Signpost {
  let reach: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  return { reached, reach };
}

/** What was asked for ahead of a page, if it is what that page leads to: one that had to be asked for again may lead elsewhere. */
type Ahead = (next: Cursor | undefined) => Coming | undefined;

const nothingAhead: Ahead = () => undefined;

/** Asks for the page behind one that is on its way, once its link is known. */
function askAhead(
  coming: Coming,
  lately: ReadonlySet<Cursor>,
  follow: (next: Cursor, before: Coming) => Coming,
): Ahead {
  let ahead: Coming | undefined;
  void coming.next.then((found) => {
    if (found !== coming.link && !lately.has(found)) ahead = follow(found, coming);
  });
  return (wanted) => (ahead?.link === wanted ? ahead : undefined);
}

/** For fewer pages giving back would cost more than it brings. */
const FEW_PAGES = 1;
/** After so many the young part of the heap has room for what pages need; kept smaller, it would be cleared twice as often. */
const SETTLED_AFTER = 8;

/** Keeps a long stream small; takes the memory of a page that nobody looks at any more, the `count`th. */
function spareMemoryOf(page: Page, count: number): void {
  if (count > SETTLED_AFTER) keepHeapSmall();
  if (count > FEW_PAGES) giveBackPage(page);
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
