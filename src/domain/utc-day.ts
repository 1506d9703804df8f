import type { LogEvent } from './page.ts';
import type { Instant, Window } from './time.ts';
import { days, formatInstant, instant, later } from './time.ts';

/** The midnight (UTC) at which the day of a moment begins. */
export function dayOf(moment: Instant): Instant {
  return instant(Math.floor(moment / days(1)) * days(1));
}

/** The name of the day that begins at a midnight: `2026-11-15`. */
export function nameOfDay(midnight: Instant): string {
  return formatInstant(midnight).slice(0, 10);
}

/** The days that a window touches, in order. */
export function* daysOf({ since, until }: Window): Generator<Instant, void> {
  for (let day = dayOf(since); day < until; day = later(day, days(1))) yield day;
}

/** The part of a day that lies within a window. */
export function partOfDay(midnight: Instant, { since, until }: Window): Window {
  const end = later(midnight, days(1));
  return { since: instant(Math.max(midnight, since)), until: instant(Math.min(end, until)) };
}

/**
 * Events sorted by the day of their `published`, in their order. One that does not say when it was
 * belongs to the day of the one before it; the first, to `lastDay`.
 */
export function byDay(
  events: readonly LogEvent[],
  lastDay: Instant,
): ReadonlyMap<Instant, readonly LogEvent[]> {
  const sorted = new Map<Instant, LogEvent[]>();
  let day = lastDay;
  for (const event of events) {
    if (event.published !== undefined) day = dayOf(event.published);
    const ofDay = sorted.get(day);
    if (ofDay === undefined) sorted.set(day, [event]);
    else ofDay.push(event);
  }
  return sorted;
}
