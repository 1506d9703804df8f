import type { Chance } from './chance.ts';
import type { Org } from './org.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 1440 * MINUTE;

/** How far an event can surface behind those persisted after it. */
const MOST_DISORDER = 20 * SECOND;

/** A span of true time, and how much happens there. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Events to a page: bursts are measured by it. */
  readonly limit: number;
  /**
   * Whether events may come an hour late and more. A burst of these while a stream that was long
   * away from its tip passes is the one thing the collector is known not to see.
   */
  readonly mayBeVeryLate: boolean;
}

/** Lets events arrive: a trickle, bursts in the same moment, late ones, and late ones in bursts. */
export function letArrive(org: Org, chance: Chance, span: Span): void {
  const trickle = chance.happens(0.5) ? 0 : chance.whole(0, span.limit);
  for (let n = 0; n < trickle; n += 1) addOne(org, chance, span, momentIn(span, chance));
  if (chance.happens(0.06)) burst(org, chance, span);
  if (chance.happens(0.05)) lateBurst(org, chance, span);
}

function momentIn({ from, to }: Span, chance: Chance): number {
  return Math.floor(from + chance.number() * (to - from));
}

function addOne(org: Org, chance: Chance, span: Span, place: number): void {
  org.add({ ...surfacing(place, chance), published: place - lateness(chance, span) });
}

function burst(org: Org, chance: Chance, span: Span): void {
  const start = momentIn(span, chance);
  const spread = chance.one([0, 0, 5 * SECOND]);
  const size = chance.whole(span.limit, 4 * span.limit);
  for (let n = 0; n < size; n += 1) {
    const place = start + chance.whole(0, spread);
    org.add({ ...surfacing(place, chance), published: place - chance.whole(0, 1) * SECOND });
  }
}

/** Okta was behind with persisting and now catches up. */
function lateBurst(org: Org, chance: Chance, span: Span): void {
  const start = momentIn(span, chance);
  const size = chance.whole(span.limit, 3 * span.limit);
  const behind = span.mayBeVeryLate ? chance.one([10 * MINUTE, 3 * DAY]) : 10 * MINUTE;
  for (let n = 0; n < size; n += 1) {
    const place = start + chance.whole(0, 3 * SECOND);
    org.add({ ...surfacing(place, chance), published: start - behind + n * SECOND });
  }
}

function surfacing(place: number, chance: Chance): { place: number; visibleAt: number } {
  const delay = chance.happens(0.3) ? chance.whole(0, MOST_DISORDER) : chance.whole(0, 200);
  return { place, visibleAt: place + delay };
}

/**
 * By how much an event is persisted after it says it was published; negative if a clock was ahead, by
 * as much as the collector bears with, or by a year.
 */
function lateness(chance: Chance, { mayBeVeryLate }: Span): number {
  const kind = chance.number();
  if (kind < 0.9) return chance.whole(0, 2 * SECOND);
  if (kind < 0.95) return chance.whole(2 * SECOND, 40 * MINUTE);
  if (kind < 0.97) return -chance.whole(0, 5 * MINUTE);
  if (kind < 0.98) return -365 * DAY;
  return mayBeVeryLate ? chance.whole(40 * MINUTE, 9 * DAY) : 40 * MINUTE;
}
