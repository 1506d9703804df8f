import type { Checkpoint } from '../domain/checkpoint.ts';
import type { Log } from '../domain/log.ts';
import type { LogEvent, Page } from '../domain/page.ts';
import type { SystemLog } from '../domain/system-log.ts';
import type { Deliveries, Delivery } from './deliver.ts';
import type { Tally } from './tally.ts';

/** What reading a stream needs, whichever it is. */
export interface Pass<Kind extends Checkpoint> extends Delivery<Kind> {
  readonly systemLog: SystemLog;
  readonly log: Log;
  readonly tally: Tally;
}

/** What was decided about a page. */
interface Decision {
  readonly write: readonly LogEvent[];
  readonly known: number;
  readonly then: string;
}

/** Sumo Logic cuts messages beyond this into pieces that are no JSON (sumo-contract). */
const LONGEST_MESSAGE_BYTES = 64 * 1024;

/** Writes what was decided to be written of a page, and counts it; the position behind it is saved meanwhile. */
export async function takePage<Kind extends Checkpoint>(
  pass: Pass<Kind>,
  deliveries: Deliveries<Kind>,
  page: Page,
  { write, known, then }: Decision,
  checkpoint: Kind,
): Promise<void> {
  pass.tally.received(page);
  await deliveries.deliver(write, checkpoint);
  pass.tally.written(write, known);
  const counts = { events: page.events.length, written: write.length, delivered_before: known };
  pass.log.debug('Page', { ...counts, then });
  warnOfLongEvents(write, pass.log);
}

/** Names each event that Sumo Logic would take for several messages. */
export function warnOfLongEvents(written: readonly LogEvent[], log: Log): void {
  for (const { id, line } of written) {
    if (line.length <= LONGEST_MESSAGE_BYTES) continue;
    log.warn('An event is longer than Sumo Logic takes in one message', {
      caveat: 'long event',
      uuid: id,
      bytes: line.length,
    });
  }
}
