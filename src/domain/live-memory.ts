import type { LiveCheckpoint, Remembered } from './checkpoint.ts';
import { REMEMBERED_BESIDES } from './memory.ts';
import type { LogEvent } from './page.ts';
import type { Instant } from './time.ts';
import { between, days } from './time.ts';

/** What a live stream remembers of its deliveries. */
export type LiveMemory = Pick<LiveCheckpoint, 'remembered' | 'ahead' | 'missedSince'>;

/** What no pass has met for so long is not ahead of the position: it is behind the time from which the stream was read again. */
const LONGEST_MISSED = days(1);

/**
 * Adds what is delivered now, and lets the position pass what `isPassed` names. Nothing that is ahead
 * of the position is forgotten, for it is met again. Of what it has passed the last 1,000 are kept: an
 * event that surfaces late can push written ones from the end of a page onto the next.
 */
export function passOver(
  before: LiveMemory,
  delivered: readonly LogEvent[],
  isPassed: (id: string) => boolean,
): LiveMemory {
  const border = before.remembered.length - before.ahead;
  const passed = before.remembered.slice(0, border);
  const ahead: Remembered[] = [];
  const sort = (one: Remembered): void => {
    (isPassed(one.id) ? passed : ahead).push(one);
  };
  before.remembered.slice(border).forEach(sort);
  for (const { id, published } of delivered) sort({ id, published });
  return {
    ...before,
    remembered: [...passed.slice(-REMEMBERED_BESIDES), ...ahead],
    ahead: ahead.length,
  };
}

/**
 * What is remembered once a pass is over. `unmet` was ahead of the position when it began, and not met:
 * the pass has ended in the midst of what was delivered before, or those events never come again.
 */
export function atEndOfPass(
  memory: LiveMemory,
  unmet: ReadonlySet<string>,
  now: Instant,
): LiveMemory {
  if (unmet.size === 0) return { ...memory, missedSince: undefined };
  const { missedSince } = memory;
  const since = missedSince === undefined || missedSince > now ? now : missedSince;
  if (between(since, now) < LONGEST_MISSED) return { ...memory, missedSince: since };
  return { ...passOver(memory, [], (id) => unmet.has(id)), missedSince: undefined };
}

const NO_IDS: ReadonlySet<string> = new Set();

/** The ids of what is ahead of the position. */
export function idsAhead({ remembered, ahead }: LiveMemory): ReadonlySet<string> {
  return ahead === 0 ? NO_IDS : new Set(remembered.slice(-ahead).map(({ id }) => id));
}

/** Those of the ids that are not on a page. */
export function without(
  ids: ReadonlySet<string>,
  events: readonly LogEvent[],
): ReadonlySet<string> {
  if (ids.size === 0) return ids;
  const rest = new Set(ids);
  for (const { id } of events) rest.delete(id);
  return rest;
}

/** The memory of a stream that is read again from an earlier time: all of it may be met again. */
export function allAhead({ remembered }: LiveMemory): LiveMemory {
  return { remembered, ahead: remembered.length, missedSince: undefined };
}
