import type { HeldPage, LiveCheckpoint } from './checkpoint.ts';
import { afterDelivery, handOverAt } from './hand-over.ts';
import type { Passage } from './live-memory.ts';
import { passOver } from './live-memory.ts';
import type { Cursor, LogEvent, Page } from './page.ts';
import { newestPublished } from './page.ts';
import type { Instant } from './time.ts';
import { instant } from './time.ts';

/**
 * How many events the pages held before the last one may have; the first ones are let go beyond it.
 * Only what was persisted some 20 s ago can still be out of order (okta-contract), and no org
 * persists more than this in that time.
 */
const MOST_TRAILING_EVENTS = 20_000;
/** Of small pages fewer: each is asked for again, and no token allows so many requests in that time. */
const MOST_TRAILING_PAGES = 20;
const ENOUGH_OF_SMALL_PAGES = 4000;

/** How far the live stream has come, and what this process has seen of it. */
export interface LiveProgress {
  readonly checkpoint: LiveCheckpoint;
  /** The ids on each held page that was read in this process. */
  readonly sighted: ReadonlyMap<Cursor, ReadonlySet<string>>;
  /** Whether the stream goes on at a link of which nobody knows how close to the tip it was handed out, as SumoJanus leaves it. */
  readonly isTipUnknown: boolean;
}

/** What becomes of a page once its events are written: its place is kept, or the position may pass it. */
export type Outcome =
  | { readonly kind: 'hold'; readonly page: HeldPage }
  | { readonly kind: 'leave'; readonly next: Cursor }
  | { readonly kind: 'nothing to hold' };

/** What a page is the end of. */
interface PageEnd {
  /** Whether the stream is read up to its tip. */
  readonly isTip: boolean;
  /** Whether all of the page is written, now or before. */
  readonly isWhole: boolean;
}

/** The progress to save once `written` is out. The position is the first page held, if there is one. */
export function progressAfter(
  page: Page,
  before: LiveProgress,
  written: readonly LogEvent[],
  outcome: Outcome,
  { isTip, isWhole }: PageEnd,
): LiveProgress {
  const { checkpoint, isTipUnknown } = before;
  const places = heldAfter(page, checkpoint.held, outcome);
  // In a backlog nothing is held, and what is on the page need not be known.
  const seen = places.length === 0 ? NONE_SEEN : seenWith(page, before);
  const held = withinBounds(places, seen, page.limit);
  const behind = outcome.kind === 'leave' ? outcome.next : (checkpoint.link ?? page.asked);
  const letGo = places.slice(0, places.length - held.length).map(({ link }) => seen.get(link));
  const passage = passageOf(page, checkpoint.ahead, outcome, letGo);
  const memory = passOver(checkpoint, written, passage);
  // An event that is still to be written must not fall behind the newest delivered: it may be older.
  const delivered = isWhole ? written : [];
  return {
    checkpoint: {
      ...checkpoint,
      ...memory,
      link: held[0]?.link ?? behind,
      held,
      tipReachedAt: isTip ? laterNow(page) : checkpoint.tipReachedAt,
      newestPublished: newestOf(
        checkpoint.newestPublished,
        newestPublished(delivered, page.serverTime),
      ),
      handOver: checkpoint.handOver && afterDelivery(checkpoint.handOver, written),
    },
    sighted: new Map([...seen].filter(([link]) => held.some((one) => one.link === link))),
    // A short page in the midst of what was delivered is no tip.
    isTipUnknown: isTipUnknown && !(isTip && !isBeforeHeldPages(page, checkpoint.held)),
  };
}

/** Now, by the later one of both clocks: a tip thought older than it is would cost late events. */
const laterNow = ({ serverTime, receivedAt }: Page): Instant =>
  instant(Math.max(serverTime, receivedAt));

function newestOf(...moments: readonly (Instant | undefined)[]): Instant | undefined {
  const known = moments.filter((moment) => moment !== undefined);
  return known.length === 0 ? undefined : instant(Math.max(...known));
}

const NONE_SEEN: LiveProgress['sighted'] = new Map();

const seenWith = (page: Page, { sighted }: LiveProgress): LiveProgress['sighted'] =>
  new Map([...sighted, [page.asked, new Set(page.events.map(({ id }) => id))]]);

/** Whether the position may not pass a page yet: it would pass those held in front of it, too. */
export function isBehindHeldPages({ asked }: Page, held: readonly HeldPage[]): boolean {
  const [first] = held;
  return first !== undefined && first.link !== asked;
}

function isBeforeHeldPages({ asked }: Page, held: readonly HeldPage[]): boolean {
  return held.slice(0, -1).some(({ link }) => link === asked);
}

/** The held pages in the order of the stream, with this one among them or not. */
function heldAfter(page: Page, held: readonly HeldPage[], outcome: Outcome): readonly HeldPage[] {
  if (outcome.kind === 'nothing to hold') return held;
  const place = held.findIndex(({ link }) => link === page.asked);
  const before = place === -1 ? held : held.slice(0, place);
  const after = place === -1 ? [] : held.slice(place + 1);
  // Links that change from one reading to the next lead nowhere; the pages behind are met again as new ones.
  const stillBehind = after[0]?.link === page.next ? after : [];
  return [...before, ...(outcome.kind === 'hold' ? [outcome.page] : []), ...stillBehind];
}

function withinBounds(
  held: readonly HeldPage[],
  seen: ReadonlyMap<Cursor, ReadonlySet<string>>,
  limit: number,
): readonly HeldPage[] {
  let events = 0;
  const first = held.findLastIndex(({ link }, place) => {
    const pages = held.length - 1 - place;
    if (pages > 0) events += seen.get(link)?.size ?? limit;
    const areSmall = pages > MOST_TRAILING_PAGES && events > ENOUGH_OF_SMALL_PAGES;
    return areSmall || events > MOST_TRAILING_EVENTS;
  });
  return held.slice(first + 1);
}

/** The position passes the events of the page that it leaves, and those of held pages that are let go. */
function passageOf(
  page: Page,
  ahead: number,
  outcome: Outcome,
  letGo: readonly (ReadonlySet<string> | undefined)[],
): Passage {
  const isLeft = outcome.kind === 'leave';
  // In a backlog only what is on the page is asked about.
  if (isLeft && ahead === 0) return { isPassed: () => true, isAhead: () => false };
  const here = new Set(page.events.map(({ id }) => id));
  return {
    isPassed: (id) => (isLeft && here.has(id)) || letGo.some((ids) => ids?.has(id)),
    isAhead: (id) => !isLeft && here.has(id),
  };
}

/** The progress of a stream from which nothing was read yet, and whose first request is for `start`. */
export function beginning(start: Instant): LiveProgress {
  return {
    checkpoint: {
      stream: 'live',
      start,
      link: undefined,
      held: [],
      remembered: [],
      ahead: 0,
      tipReachedAt: undefined,
      newestPublished: undefined,
      handOver: handOverAt(start),
    },
    sighted: new Map(),
    isTipUnknown: false,
  };
}

/** The progress to go on with from a checkpoint. */
export function resuming(
  checkpoint: LiveCheckpoint,
  isTipUnknown = checkpoint.link !== undefined && checkpoint.tipReachedAt === undefined,
): LiveProgress {
  return { checkpoint, sighted: new Map(), isTipUnknown };
}
