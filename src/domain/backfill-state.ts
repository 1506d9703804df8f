import type { Marks } from './backfill-sink.ts';
import type { Remembered } from './checkpoint.ts';
import type { Cursor } from './page.ts';
import type { Window } from './time.ts';

/** How far a slice of a backfill is delivered, once something of it is. */
export interface SlicePosition {
  /** The link to ask next. */
  readonly link: Cursor;
  /** Oldest delivery first. */
  readonly remembered: readonly Remembered[];
}

/** A stretch of a backfill of which not everything is delivered. */
export interface OpenStretch extends Window {
  /** `undefined`: nothing of it is. */
  readonly position: SlicePosition | undefined;
}

/** How far a backfill has come. */
export interface BackfillState {
  /** What its bounds meant when it was begun. */
  readonly window: Window;
  /** In order of time, and apart; whatever else is in the window is delivered. None is left when it is finished. */
  readonly open: readonly OpenStretch[];
  /** The ids of delivered events that do not say when they were published. */
  readonly undated: readonly string[];
  readonly marks: Marks;
  /** How many events are delivered. */
  readonly events: number;
}

/** The one place where the progress of a backfill is kept. */
export interface BackfillStore {
  /** `undefined` if it was not begun yet; rejects with a `CheckpointError` if what is kept cannot be trusted. */
  load(): Promise<BackfillState | undefined>;
  /** As that of a `CheckpointStore`. */
  prepare(state: BackfillState): Promise<{ commit(): Promise<void> }>;
}
