import type { OrgEvent } from './org-event.ts';
import type { Org, Place } from './org.ts';
import { isBehind, ORIGIN, RETENTION } from './org.ts';

/** What the org answers to a request that is in order. */
export interface Listing {
  readonly events: readonly OrgEvent[];
  /** `undefined` on the last page of a bounded request. */
  readonly next: string | undefined;
  /** As of when it is. */
  readonly now: number;
}

/** Where a request goes on, as its cursor keeps it. */
type Resumption =
  | { readonly kind: 'behind'; readonly event: Place }
  | { readonly kind: 'count'; readonly count: number; readonly since: number };

interface IssuedLink {
  readonly limit: number;
  readonly issuedAt: number;
  readonly place: Resumption;
  /** The bounds, of a bounded request. */
  readonly window: Bounds | undefined;
  /** The last event before it. */
  readonly last: Place;
}

interface Bounds {
  readonly since: number;
  readonly until: number;
}

/** `/api/v1/logs`: knows the links that it has issued, and no others. */
export class LogsEndpoint {
  readonly #org: Org;
  readonly #issued = new Map<string, IssuedLink>();

  constructor(org: Org) {
    this.#org = org;
  }

  /**
   * `undefined` if the request is refused.
   * @param share how much of a full page there shall be at most
   * @param age how old the answer shall be; none is older than the link that it answers
   */
  list(url: string, time: number, share = 1, age = 0): Listing | undefined {
    const asked = this.#issued.get(url) ?? this.#firstRequest(url, time - age);
    const now = Math.max(time - age, asked?.issuedAt ?? 0);
    if (asked === undefined || now - asked.issuedAt > this.#org.traits.linkLifetime)
      return undefined;
    const behind = this.#behind(asked, now);
    const events = behind.slice(0, Math.ceil(asked.limit * share));
    const isLast = asked.window !== undefined && events.length === behind.length;
    return { events, now, next: isLast ? undefined : this.#next(url, asked, events, now) };
  }

  /** The last event before a link: what comes behind it is still to be read. */
  lastBefore(url: string, now: number): Place | undefined {
    return (this.#issued.get(url) ?? this.#firstRequest(url, now))?.last;
  }

  #behind({ place, window }: IssuedLink, now: number): OrgEvent[] {
    const all =
      window === undefined
        ? this.#org.visible(now)
        : this.#org.published(window.since, window.until, now);
    if (place.kind === 'count') {
      const since = this.#org.events.filter(
        (event) => event.visibleAt <= now && event.place >= place.since,
      );
      const counted = new Set(since.slice(0, place.count));
      return all.filter((event) => event.place >= place.since && !counted.has(event));
    }
    if (window === undefined) return all.filter((event) => isBehind(event, place.event));
    const at = all.findIndex((event) => isBehind(inWindow(event), place.event));
    return at === -1 ? [] : all.slice(at);
  }

  #next(url: string, asked: IssuedLink, events: readonly OrgEvent[], now: number): string {
    const last = events.at(-1);
    const { emptyPage, linksChange } = this.#org.traits;
    if (last === undefined && emptyPage === 'request') return url;
    const place =
      last === undefined ? this.#placeOfEmpty(asked, now) : this.#placeAfter(asked, events, last);
    const key =
      place.kind === 'count'
        ? `c${place.since}_${place.count}`
        : `${place.event.place}_${place.event.serial}`;
    const token = linksChange ? `${key},${now.toString(36)}` : key;
    const bounds = asked.window && `&until=${asked.window.until}`;
    const link = `${ORIGIN}/api/v1/logs?limit=${asked.limit}&sortOrder=ASCENDING${bounds ?? ''}&after=${token}`;
    const before = place.kind === 'behind' ? place.event : (last ?? asked.last);
    this.#issued.set(link, { ...asked, place, issuedAt: now, last: before });
    return link;
  }

  #placeOfEmpty(asked: IssuedLink, now: number): Resumption {
    if (this.#org.traits.emptyPage !== 'now' || asked.window !== undefined) return asked.place;
    return { kind: 'behind', event: { place: now, serial: 0 } };
  }

  #placeAfter(asked: IssuedLink, events: readonly OrgEvent[], last: OrgEvent): Resumption {
    if (asked.place.kind === 'count') {
      return { ...asked.place, count: asked.place.count + events.length };
    }
    return { kind: 'behind', event: asked.window === undefined ? last : inWindow(last) };
  }

  #firstRequest(url: string, now: number): IssuedLink | undefined {
    const { searchParams } = new URL(url);
    const [since, until] = ['since', 'until'].map((name) =>
      Date.parse(searchParams.get(name) ?? ''),
    );
    if (searchParams.has('after') || since === undefined || Number.isNaN(since)) return undefined;
    if (since < now - 2 * RETENTION) return undefined;
    const isPolling = until === undefined || Number.isNaN(until);
    const start = { place: isPolling ? since : 0, serial: 0 };
    const counts = isPolling && this.#org.traits.cursor === 'count';
    return {
      limit: Number(searchParams.get('limit')),
      issuedAt: now,
      place: counts ? { kind: 'count', count: 0, since } : { kind: 'behind', event: start },
      window: isPolling ? undefined : { since, until },
      last: start,
    };
  }
}

/** In a bounded request an event has the place of its `published`. */
function inWindow({ published = 0, serial }: OrgEvent): Place {
  return { place: published, serial };
}
