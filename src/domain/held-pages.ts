import type { HeldPage, LiveCheckpoint } from './checkpoint.ts';
import { afterDelivery, handOverAt } from './hand-over.ts';
import type { LiveMemory } from './live-memory.ts';
import { atEndOfPass, idsAhead, passOver, without } from './live-memory.ts';
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

/** How far the live stream has come, and what this process has seen of it. */
export interface LiveProgress {
  readonly checkpoint: LiveCheckpoint;
  /** The ids on each held page that was read in this process. */
  readonly sighted: ReadonlyMap<Cursor, ReadonlySet<string>>;
  /** What was ahead of the position when the pass began, and was not met in it. */
  readonly unmet: ReadonlySet<string>;
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
  const seen = places.length === 0 ? NONE_SEEN : seenWith(page, before, written);
  const held = withinBounds(places, seen, page.limit);
  const behind = outcome.kind === 'leave' ? outcome.next : (checkpoint.link ?? page.asked);
  const letGo = places.slice(0, places.length - held.length).map(({ link }) => seen.get(link));
  const isPassed = passing(page, checkpoint.ahead, outcome, letGo);
  const { memory, unmet } = remembering(
    page,
    before,
    passOver(checkpoint, written, isPassed),
    isTip,
  );
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
    unmet,
    // A short page in the midst of what was delivered is no tip.
    isTipUnknown: isTipUnknown && !(isTip && !isBeforeHeldPages(page, checkpoint.held)),
  };
}

/** What is remembered, and what of it the pass has still to meet; behind the tip it is the next pass. */
function remembering(
  page: Page,
  before: LiveProgress,
  memory: LiveMemory,
  isTip: boolean,
): { readonly memory: LiveMemory; readonly unmet: ReadonlySet<string> } {
  const unmet = without(before.unmet, page.events);
  if (!isTip) return { memory, unmet };
  const rest = atEndOfPass(memory, unmet, page.serverTime);
  return { memory: rest, unmet: idsAhead(rest) };
}

/** Now, by the later one of both clocks: a tip thought older than it is would cost late events. */
const laterNow = ({ serverTime, receivedAt }: Page): Instant =>
  instant(Math.max(serverTime, receivedAt));

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

/** Which events the position passes now: those of the page that it leaves, and of held pages that are let go. */
function passing(
  page: Page,
  ahead: number,
  outcome: Outcome,
  letGo: readonly (ReadonlySet<string> | undefined)[],
): (id: string) => boolean {
  const isLeft = outcome.kind === 'leave';
  // In a backlog only what is on the page is asked about.
  if (isLeft && ahead === 0) return () => true;
  const left = new Set(isLeft ? page.events.map(({ id }) => id) : []);
  return (id) => left.has(id) || letGo.some((ids) => ids?.has(id));
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
      missedSince: undefined,
      tipReachedAt: undefined,
      newestPublished: undefined,
      handOver: handOverAt(start),
    },
    sighted: new Map(),
    unmet: new Set(),
    isTipUnknown: false,
  };
}

/** The progress to go on with from a checkpoint. */
export function resuming(
  checkpoint: LiveCheckpoint,
  isTipUnknown = checkpoint.link !== undefined && checkpoint.tipReachedAt === undefined,
): LiveProgress {
  return { checkpoint, sighted: new Map(), unmet: idsAhead(checkpoint), isTipUnknown };
}
