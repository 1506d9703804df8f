import type { Log } from '../domain/log.ts';
import type { Instant } from '../domain/time.ts';
import { nameOfDay } from '../domain/utc-day.ts';

/** Says which days, in their order, were complete before anything was written. */
export function tellOfDoneDays(log: Log, days: readonly Instant[]): void {
  const names = days.map(nameOfDay);
  if (names.length === 0) return;
  log.info(
    'Days that are complete in the folder are left as they are; their events are counted all the same',
    {
      days: names.length,
      first: names[0],
      last: names.at(-1),
    },
  );
}

/** Says that events of a day came when it was complete, and which file they are in. */
export function warnOfLateEvents(log: Log, day: Instant, events: number, file: string): void {
  log.warn('Events came when their day was complete: they are in the file of a later day', {
    day: nameOfDay(day),
    events,
    file,
  });
}

/** Says that events were not written, for their day was complete before. */
export function tellOfLeftOut(log: Log, day: Instant, events: number): void {
  log.debug('Left out: the day was complete before', { day: nameOfDay(day), events });
}
