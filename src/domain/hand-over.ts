import type { HandOver } from './checkpoint.ts';
import type { LogEvent } from './page.ts';
import type { Instant } from './time.ts';

/** Late events are few: so many stand for a burst of minutes, and still fit into a file that is written with each page. */
const MOST_RECORDED = 10_000;

/** The record of a stream whose first polling request asks from `since` on. */
export function handOverAt(since: Instant): HandOver {
  return { since, deliveredFromBefore: [], unrecorded: 0 };
}

/** The record once `delivered` is out too. Beyond 10,000 ids it only counts: such an event may come from a backfill as well. */
export function afterDelivery(record: HandOver, delivered: readonly LogEvent[]): HandOver {
  const late = delivered.filter(
    ({ published }) => published === undefined || published < record.since,
  );
  if (late.length === 0) return record;
  const room = MOST_RECORDED - record.deliveredFromBefore.length;
  const ids = late.slice(0, room).map(({ id }) => id);
  return {
    ...record,
    deliveredFromBefore: [...record.deliveredFromBefore, ...ids],
    unrecorded: record.unrecorded + late.length - ids.length,
  };
}
