import { DateTime, Duration as LuxonDuration, Settings } from 'luxon';

// Said, because nothing here is written in anybody's language, and to find out the machine's takes longer than all else.
Settings.defaultLocale = 'en';

declare const instantBrand: unique symbol;
declare const durationBrand: unique symbol;

/**
 * A moment, as whole milliseconds since 1970-01-01T00:00:00Z. A number and not an object, because
 * every event of a page carries one; luxon reads and writes them, behind the doors of this file.
 */
export type Instant = number & { readonly [instantBrand]: true };

/** A length of time, in milliseconds. */
export type Duration = number & { readonly [durationBrand]: true };

/** A half-open span: `since <= t < until`, so that neighbours neither overlap nor leave a gap. */
export interface Window {
  readonly since: Instant;
  readonly until: Instant;
}

/** A fixed moment, or one that lies a span before whatever is now. */
export type TimeBound =
  | { readonly kind: 'moment'; readonly at: Instant }
  | { readonly kind: 'ago'; readonly by: Duration };

export const instant = (epochMilliseconds: number): Instant => epochMilliseconds as Instant;
export const milliseconds = (count: number): Duration => count as Duration;
export const seconds = (count: number): Duration => (count * 1000) as Duration;
export const minutes = (count: number): Duration => seconds(count * 60);
export const hours = (count: number): Duration => minutes(count * 60);
export const days = (count: number): Duration => hours(count * 24);

export const later = (moment: Instant, by: Duration): Instant => (moment + by) as Instant;
export const earlier = (moment: Instant, by: Duration): Instant => (moment - by) as Instant;

/** The time from one moment to another; negative if `to` comes first. */
export const between = (from: Instant, to: Instant): Duration => (to - from) as Duration;

/** The moment a bound means. */
export function momentOf(bound: TimeBound, now: Instant): Instant {
  return bound.kind === 'moment' ? bound.at : earlier(now, bound.by);
}

/** The part of a window that lies before a moment in it, from 0 to 1. */
export function partBefore(moment: Instant, { since, until }: Window): number {
  return between(since, moment) / between(since, until);
}

/** For a log: seconds, to a tenth. */
export function inSeconds(duration: Duration): number {
  return Math.round(duration / 100) / 10;
}

/** Reads an ISO 8601 date or date and time (UTC unless it names a zone); `undefined` if it is none. */
export function parseInstant(text: string): Instant | undefined {
  const parsed = DateTime.fromISO(text.trim(), { zone: 'utc' });
  return parsed.isValid ? instant(parsed.toMillis()) : undefined;
}

/** Writes `2026-11-15T10:31:53.141Z`: the form that Okta's `since` and `until` take. */
export function formatInstant(moment: Instant): string {
  return DateTime.fromMillis(moment, { zone: 'utc' }).toISO() ?? String(moment);
}

/** Writes a length of time for a person: `2 days, 3 hours`, `45 seconds`. */
export function describeDuration(duration: Duration): string {
  const parts = LuxonDuration.fromMillis(Math.round(Math.abs(duration) / 1000) * 1000)
    .shiftTo('days', 'hours', 'minutes', 'seconds')
    .toObject();
  const words = Object.entries(parts)
    .filter(([, count]) => count > 0)
    .slice(0, 2)
    .map(([unit, count]) => `${count} ${count === 1 ? unit.slice(0, -1) : unit}`);
  return words.length === 0 ? '0 seconds' : words.join(', ');
}
