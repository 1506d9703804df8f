import type { Chance } from './chance.ts';
import type { OrgEvent } from './org-event.ts';
import { makeEvent } from './org-event.ts';

export const ORIGIN = 'https://acme.okta.com';
export const RETENTION = 90 * 86_400_000;

/** Where an event stands in an order; the serial number decides in the same millisecond. */
export type Place = Pick<OrgEvent, 'place' | 'serial'>;

/** What Okta has not written down, chosen once for an org. */
export interface OrgTraits {
  readonly untilIsInclusive: boolean;
  /** Whether a bounded request leaves out what was published exactly at `since`. */
  readonly sinceIsExclusive: boolean;
  /** What a cursor of a polling request keeps: the last event, or how many came before it. */
  readonly cursor: 'place' | 'count';
  /** Whether every answer has a link of its own, though it leads to the same place. */
  readonly linksChange: boolean;
  /** The next link of an empty page: the request itself, the same place anew, or the moment of the answer. */
  readonly emptyPage: 'request' | 'same place' | 'now';
  /** How old a link may get, in milliseconds. */
  readonly linkLifetime: number;
}

/** The truth: all events of an org. */
export class Org {
  readonly traits: OrgTraits;
  readonly events: OrgEvent[] = [];
  readonly byLine = new Map<string, OrgEvent>();
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
    this.traits = {
      untilIsInclusive: chance.happens(0.5),
      sinceIsExclusive: chance.happens(0.25),
      cursor: chance.one(['place', 'place', 'count']),
      linksChange: chance.happens(0.3),
      emptyPage: chance.one(['request', 'same place', 'now']),
      linkLifetime: chance.one([Infinity, 6, 30, 200]) * 3_600_000,
    };
  }

  /** Persists an event: in the order of place, whenever answers have it. */
  add(time: Pick<OrgEvent, 'place' | 'visibleAt' | 'published'>): void {
    const event = makeEvent(this.#chance, this.events.length + 1, time);
    const at = this.events.findLastIndex(({ place }) => place <= event.place) + 1;
    this.events.splice(at, 0, event);
    this.byLine.set(event.line, event);
  }

  /** What a polling request can return at that time, in Okta's order. */
  visible(now: number): OrgEvent[] {
    return this.events.filter(
      ({ visibleAt, place }) => visibleAt <= now && place > now - RETENTION,
    );
  }

  /** What a bounded request can return at that time, in its order. */
  published(since: number, until: number, now: number): OrgEvent[] {
    const { untilIsInclusive, sinceIsExclusive } = this.traits;
    return this.visible(now)
      .filter(
        ({ published = Number.NaN }) =>
          (sinceIsExclusive ? published > since : published >= since) &&
          (untilIsInclusive ? published <= until : published < until) &&
          published > now - RETENTION,
      )
      .sort(byPublished);
  }
}

function byPublished(one: OrgEvent, other: OrgEvent): number {
  return (one.published ?? 0) - (other.published ?? 0) || one.serial - other.serial;
}

/** Whether an event comes behind another in the order of polling. */
export function isBehind(event: Place, other: Place): boolean {
  return (event.place - other.place || event.serial - other.serial) > 0;
}
