import type { Sink } from './sink.ts';
import type { Instant } from './time.ts';

/** How many bytes of each unfinished file count, by a name of the sink's own. */
export type Marks = Readonly<Record<string, number>>;

/** How far a backfill had come when it was saved last. */
export interface SavedWork {
  readonly marks: Marks;
  /** Before this moment all events were delivered, and `completeUntil` was told so. */
  readonly deliveredUntil: Instant;
}

/**
 * Where the events of a backfill go, in order of time. `deliver` resolves once they are durable (in
 * files), or taken by the kernel (in a pipe). An event without a readable `published` belongs to
 * where its neighbours are. All calls but `marks` reject with an `OutputError`.
 */
export interface BackfillSink extends Sink {
  /**
   * Takes up the work where it was saved; called once, before anything is asked or delivered. What a
   * file holds beyond its mark was delivered without the position behind it having been saved: it is
   * cut off, for it will be delivered again.
   * @param saved `undefined` at the first start
   */
  resume(saved: SavedWork | undefined): Promise<void>;
  /** To be saved with the position behind what was delivered so far; `undefined` if nothing can be taken back. */
  marks(): Marks | undefined;
  /**
   * All events of the backfill that were published before `moment` are delivered. Called before the
   * position behind them is saved, so that they may be delivered again; with moments that do not go
   * back within a process, the last one being the end of the backfill.
   */
  completeUntil(moment: Instant): Promise<void>;
}
