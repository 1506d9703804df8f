import type { KnownOfStream, StreamHealth } from './status-health.ts';
import { healthOf } from './status-health.ts';
import { nameOfDay } from './utc-day.ts';

/** All that can be said of the live stream without asking Okta. */
export interface StatusReport {
  readonly org: string;
  readonly known: KnownOfStream;
  readonly health: StreamHealth;
  /** Events written today, by UTC, by runs that have ended; `undefined` if the status cannot be read. */
  readonly eventsToday: number | undefined;
}

/** What state files of an org say, and what to think of it. A status of another org says nothing. */
export function statusReport(org: string, found: KnownOfStream): StatusReport {
  const status = found.status?.org === org ? found.status : undefined;
  const known = { ...found, status };
  const written = status?.today.day === nameOfDay(found.now) ? status.today.events : 0;
  const eventsToday = found.statusError === undefined ? written : undefined;
  return { org, known, health: healthOf(known), eventsToday };
}
