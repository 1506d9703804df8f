import type { LogEvent } from './page.ts';

/** Where events go. */
export interface Sink {
  /**
   * Writes each event's line, in order, and resolves once all have left this process, so that the
   * position behind them may be saved. Rejects with an `OutputError`; some lines may be out by then.
   */
  deliver(events: readonly LogEvent[]): Promise<void>;
}
