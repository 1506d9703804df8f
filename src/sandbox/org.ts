import type { Instant } from '../domain/time.ts';
import { days, earlier } from '../domain/time.ts';
import type { SandboxEvent } from './event.ts';

/** When an event takes its place in the log. */
export interface Arrival {
  /** Its place in the order of polling requests. */
  readonly persisted: Instant;
  /** From when on requests see it; later than `persisted` where the order near the tip is only approximate. */
  readonly visible: Instant;
}

/** An event in the log. */
export interface StoredEvent extends SandboxEvent, Arrival {
  /** Tells events of the same moment apart. */
  readonly sequence: number;
}

/** A place in one of the two orders: behind the event of this moment and sequence. */
export interface Place {
  readonly at: Instant;
  readonly sequence: number;
}

interface Selection {
  readonly limit: number;
  readonly matches: (event: StoredEvent) => boolean;
}

/** A request for what was persisted behind a place, without end. */
export interface PollingQuery extends Selection {
  readonly kind: 'polling';
  readonly from: Place;
}

/** A request for `since <= published < until`, by `published`. */
export interface BoundedQuery extends Selection {
  readonly kind: 'bounded';
  readonly since: Instant;
  readonly until: Instant;
  readonly descending: boolean;
  /** The last event of the page before; `undefined` for the first page. */
  readonly after: Place | undefined;
}

/** What a request asks of the log. */
export type LogQuery = PollingQuery | BoundedQuery;

/** One page of the log. */
export interface Slice {
  readonly events: readonly StoredEvent[];
  /** Where the next page begins; a polling request always has one. */
  readonly next: Place | undefined;
}

/** The truth about an org's System Log. */
export interface Org {
  /** All events, those that are not visible yet included, in the order of polling requests. */
  readonly events: readonly StoredEvent[];
  /** Adds an event; unless told otherwise it is persisted when it is published, and visible at once. */
  append(event: SandboxEvent, arrival?: Partial<Arrival>): void;
  /** What a request sees at a moment: nothing that is older than 90 days, nothing that is still to come. */
  read(query: LogQuery, now: Instant): Slice;
}

/** How long Okta keeps events. */
const retention = days(90);

type Order = 'persisted' | 'published';

/** The place before all events of a moment. */
export const placeBefore = (at: Instant): Place => ({ at, sequence: -1 });

const placeOf = (event: StoredEvent, order: Order): Place => ({
  at: event[order],
  sequence: event.sequence,
});

/** The index of the first event behind a place. */
function indexBehind(events: readonly StoredEvent[], order: Order, place: Place): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const event = events[middle];
    if (event === undefined) break;
    const isBehind =
      event[order] === place.at ? event.sequence > place.sequence : event[order] > place.at;
    if (isBehind) high = middle;
    else low = middle + 1;
  }
  return low;
}

function insert(events: StoredEvent[], order: Order, event: StoredEvent): void {
  events.splice(indexBehind(events, order, placeOf(event, order)), 0, event);
}

/** The first `count` events of a range that pass, from its end if `descending`. */
function collect(
  events: readonly StoredEvent[],
  range: { readonly begin: number; readonly end: number; readonly descending: boolean },
  count: number,
  passes: (event: StoredEvent) => boolean,
): StoredEvent[] {
  const found: StoredEvent[] = [];
  for (let step = 0; step < range.end - range.begin && found.length < count; step += 1) {
    const event = events[range.descending ? range.end - 1 - step : range.begin + step];
    if (event !== undefined && passes(event)) found.push(event);
  }
  return found;
}

/** The part of the published order that a bounded request still has before it. */
function rangeOf(
  events: readonly StoredEvent[],
  query: BoundedQuery,
): { begin: number; end: number } {
  const { since, until, after, descending } = query;
  const begin = indexBehind(events, 'published', placeBefore(since));
  const end = indexBehind(events, 'published', placeBefore(until));
  if (after === undefined) return { begin, end };
  if (!descending) return { begin: indexBehind(events, 'published', after), end };
  const { at, sequence } = after;
  return { begin, end: indexBehind(events, 'published', { at, sequence: sequence - 1 }) };
}

/** An org whose log is empty. */
export function createOrg(): Org {
  const byPersistence: StoredEvent[] = [];
  const byPublished: StoredEvent[] = [];

  const isShown = (query: LogQuery, now: Instant) => (event: StoredEvent) =>
    event.visible <= now && event.published >= earlier(now, retention) && query.matches(event);

  function poll(query: PollingQuery, now: Instant): Slice {
    const begin = indexBehind(byPersistence, 'persisted', query.from);
    const range = { begin, end: byPersistence.length, descending: false };
    const events = collect(byPersistence, range, query.limit, isShown(query, now));
    const last = events.at(-1);
    return { events, next: last === undefined ? query.from : placeOf(last, 'persisted') };
  }

  function readWindow(query: BoundedQuery, now: Instant): Slice {
    const range = { ...rangeOf(byPublished, query), descending: query.descending };
    const found = collect(byPublished, range, query.limit + 1, isShown(query, now));
    const events = found.slice(0, query.limit);
    const last = events.at(-1);
    const isLastPage = found.length <= query.limit || last === undefined;
    return { events, next: isLastPage ? undefined : placeOf(last, 'published') };
  }

  return {
    events: byPersistence,
    append(event, { persisted = event.published, visible = persisted } = {}) {
      const stored = { ...event, persisted, visible, sequence: byPersistence.length };
      insert(byPersistence, 'persisted', stored);
      insert(byPublished, 'published', stored);
    },
    read: (query, now) => (query.kind === 'polling' ? poll(query, now) : readWindow(query, now)),
  };
}
