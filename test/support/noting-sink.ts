import type { LogEvent } from '../../src/domain/page.ts';
import type { Sink } from '../../src/domain/sink.ts';

/** A sink that keeps the ids of what it was given. */
export interface NotingSink extends Sink {
  /** The ids of the events that are out, in order. */
  readonly delivered: readonly string[];
}

/**
 * @param journal gets a note of each delivery when it begins
 * @param take what the reader does with a delivery: it is out once that has resolved
 */
export function notingSink(
  journal: string[] = [],
  take: (events: readonly LogEvent[]) => Promise<void> | void = () => undefined,
): NotingSink {
  const delivered: string[] = [];
  return {
    delivered,
    async deliver(events) {
      const ids = events.map(({ id }) => id);
      journal.push(`deliver ${ids.join(' ')}`);
      await take(events);
      delivered.push(...ids);
    },
  };
}
