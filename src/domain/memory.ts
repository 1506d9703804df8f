import type { Remembered } from './checkpoint.ts';
import type { LogEvent } from './page.ts';

/** How many delivered events are remembered beside those that are sure to be met again. */
export const REMEMBERED_BESIDES = 1000;

/** A page's events, sorted by whether they were delivered before. */
export interface Sorted {
  /** Not delivered yet, in Okta's order; one that the page has twice only once. */
  readonly fresh: readonly LogEvent[];
  /** How many were delivered before. */
  readonly known: number;
}

/** Takes out of a page's events those that are remembered. */
export function sortOut(events: readonly LogEvent[], remembered: readonly Remembered[]): Sorted {
  // The page is the smaller one of the two.
  const here = new Set(events.map(({ id }) => id));
  const seen = new Set<string>();
  for (const { id } of remembered) if (here.has(id)) seen.add(id);
  const fresh = events.filter(({ id }) => {
    // One look at the set: it grows if the event is new.
    const { size } = seen;
    return seen.add(id).size > size;
  });
  return { fresh, known: events.length - fresh.length };
}

/**
 * Adds what is delivered now, and forgets the oldest deliveries beyond the last 1,000; events in
 * `kept` are never forgotten and do not count.
 */
export function remember(
  remembered: readonly Remembered[],
  delivered: readonly LogEvent[],
  kept: (id: string) => boolean,
): Remembered[] {
  const newestFirst: Remembered[] = [];
  let besides = 0;
  const isKept = (id: string): boolean => kept(id) || ++besides <= REMEMBERED_BESIDES;
  for (const { id, published } of delivered.toReversed())
    if (isKept(id)) newestFirst.push({ id, published });
  for (const one of remembered.toReversed()) if (isKept(one.id)) newestFirst.push(one);
  return newestFirst.reverse();
}
