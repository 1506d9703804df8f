import type { HeldPage, LiveCheckpoint, Remembered } from './checkpoint.ts';
import { afterDelivery, handOverAt } from './hand-over.ts';
import { remember } from './memory.ts';
import type { Cursor, LogEvent, Page } from './page.ts';
import { newestPublished } from './page.ts';
import type { Instant } from './time.ts';
import { instant } from './time.ts';

/** How many events the pages held before the last one may have; the first ones are let go beyond it. */
const MOST_TRAILING_EVENTS = 4000;

/** How far the live stream has come, and what this process has seen of its held pages. */
export interface LiveProgress {
  readonly checkpoint: LiveCheckpoint;
  /** The ids on each held page that was read in this process. */
  readonly sighted: ReadonlyMap<Cursor, ReadonlySet<string>>;
  /** What is not forgotten before the tip is reached: all that was remembered when the pass began. */
  readonly pinned: ReadonlySet<string>;
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
  const { checkpoint, pinned, isTipUnknown } = before;
  const places = heldAfter(page, checkpoint.held, outcome);
  // In a backlog nothing is held, and what is on the page need not be known.
  const seen = places.length === 0 ? NONE_SEEN : seenWith(page, before, written);
  const held = withinBounds(places, seen, page.limit);
  const ahead = outcome.kind === 'leave' ? outcome.next : (checkpoint.link ?? page.asked);
  const isOnHeldPage = idsOfHeld(held, seen);
  // A short page in the midst of what was delivered is no tip: what lies behind it is met again.
  const isRead = isTip && !isBeforeHeldPages(page, checkpoint.held);
  const isKept = (id: string): boolean => isOnHeldPage(id) || (!isRead && pinned.has(id));
  const remembered = remember(checkpoint.remembered, written, isKept);
  // An event that is still to be written must not fall behind the newest delivered: it may be older.
  const delivered = isWhole ? written : [];
  return {
    checkpoint: {
      ...checkpoint,
      link: held[0]?.link ?? ahead,
      held,
      remembered,
      // By the later one of both clocks: a tip thought older than it is would cost late events.
      tipReachedAt: isTip
        ? instant(Math.max(page.serverTime, page.receivedAt))
        : checkpoint.tipReachedAt,
      newestPublished: newestOf(
        checkpoint.newestPublished,
        newestPublished(delivered, page.serverTime),
      ),
      handOver: checkpoint.handOver && afterDelivery(checkpoint.handOver, written),
    },
    sighted: new Map([...seen].filter(([link]) => held.some((one) => one.link === link))),
    pinned: isRead ? pinnedOf(remembered) : pinned,
    isTipUnknown: isTipUnknown && !isRead,
  };
}

function newestOf(...moments: readonly (Instant | undefined)[]): Instant | undefined {
  const known = moments.filter((moment) => moment !== undefined);
  return known.length === 0 ? undefined : instant(Math.max(...known));
}

const NONE_SEEN: LiveProgress['sighted'] = new Map();

/** Adds the events of the page that are written, now or before; the unsettled ones are not. */
function seenWith(
  page: Page,
  { checkpoint, sighted }: LiveProgress,
  written: readonly LogEvent[],
): LiveProgress['sighted'] {
  const out = new Set([...checkpoint.remembered, ...written].map(({ id }) => id));
  const on = new Set(page.events.map(({ id }) => id).filter((id) => out.has(id)));
  return new Map([...sighted, [page.asked, on]]);
}

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
  let trailing = 0;
  const first = held.findLastIndex(({ link }, place) => {
    if (place < held.length - 1) trailing += seen.get(link)?.size ?? limit;
    return trailing > MOST_TRAILING_EVENTS;
  });
  return held.slice(first + 1);
}

function idsOfHeld(
  held: readonly HeldPage[],
  seen: ReadonlyMap<Cursor, ReadonlySet<string>>,
): (id: string) => boolean {
  const pages = held.map(({ link }) => seen.get(link));
  // A held page not yet read by this process: any event remembered may be on it.
  if (pages.includes(undefined)) return () => true;
  const ids = new Set(pages.flatMap((page) => [...(page ?? [])]));
  return (id) => ids.has(id);
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
      tipReachedAt: undefined,
      newestPublished: undefined,
      handOver: handOverAt(start),
    },
    sighted: new Map(),
    pinned: new Set(),
    isTipUnknown: false,
  };
}

/** More than this is not kept from an earlier pass, however often runs were interrupted. */
const MOST_PINNED = 10_000;

/**
 * A pass that meets events again meets its oldest deliveries first, and would forget the later ones
 * just before it meets those: when it is read again from an earlier time, or when a late event has
 * moved the links of the held pages, so that what is on them is not known any more.
 */
const pinnedOf = (remembered: readonly Remembered[]): LiveProgress['pinned'] =>
  new Set(remembered.slice(-MOST_PINNED).map(({ id }) => id));

/** The progress to go on with from a checkpoint. */
export function resuming(
  checkpoint: LiveCheckpoint,
  isTipUnknown = checkpoint.link !== undefined && checkpoint.tipReachedAt === undefined,
): LiveProgress {
  const pinned = pinnedOf(checkpoint.remembered);
  return { checkpoint, sighted: new Map(), pinned, isTipUnknown };
}
