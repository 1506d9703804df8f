import type { LiveCheckpoint, Remembered } from './checkpoint.ts';
import { REMEMBERED_BESIDES } from './memory.ts';
import type { LogEvent } from './page.ts';

/** What a live stream remembers of its deliveries. */
export type LiveMemory = Pick<LiveCheckpoint, 'remembered' | 'ahead'>;

/** What becomes of the events of a page, by their ids. */
export interface Passage {
  /** Whether the position passes an event now. */
  readonly isPassed: (id: string) => boolean;
  /** Whether an event is on a page that the position does not pass: it is ahead, though it was passed before. */
  readonly isAhead: (id: string) => boolean;
}

/**
 * Adds what is delivered now, and lets the position pass what it passes. Nothing that is ahead of the
 * position is forgotten, for it is met again. Of what it has passed the last 1,000 are kept: an event
 * that surfaces late can push written ones from the end of a page onto the next.
 */
export function passOver(
  { remembered, ahead }: LiveMemory,
  delivered: readonly LogEvent[],
  { isPassed, isAhead }: Passage,
): LiveMemory {
  const border = remembered.length - ahead;
  const passed: Remembered[] = [];
  const unpassed: Remembered[] = [];
  for (const one of remembered.slice(0, border)) (isAhead(one.id) ? unpassed : passed).push(one);
  const sort = (one: Remembered): void => {
    (isPassed(one.id) ? passed : unpassed).push(one);
  };
  remembered.slice(border).forEach(sort);
  for (const { id, published } of delivered) sort({ id, published });
  return {
    remembered: [...passed.slice(-REMEMBERED_BESIDES), ...unpassed],
    ahead: unpassed.length,
  };
}

/** How many events are kept in mind when a stream is read again from an earlier time: what lies before that time is never met. */
const MOST_MET_AGAIN = 10_000;

/** The memory of a stream that is read again from an earlier time: any of it may be met again. */
export function allAhead({ remembered }: LiveMemory): LiveMemory {
  const kept = remembered.slice(-MOST_MET_AGAIN);
  return { remembered: kept, ahead: kept.length };
}
