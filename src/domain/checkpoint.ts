import type { Cursor } from './page.ts';
import type { Instant, Window } from './time.ts';

/** An event that was delivered, so that it is not written again. */
export interface Remembered {
  readonly id: string;
  readonly published: Instant | undefined;
}

/** A page that was delivered but is not left behind yet: its link is asked again until it stays quiet. */
export interface HeldPage {
  readonly link: Cursor;
  /** The server's time when the page last brought an event that was new. */
  readonly quietSince: Instant;
}

/**
 * Where the live stream took over from what lies before it. All that Okta persists from `since` on is the
 * live stream's; of that, only what it names here was published earlier. So a backfill that takes what was published before
 * `since`, less these, and the live stream together have each event once.
 */
export interface HandOver {
  /** The `since` of the stream's first polling request: a time of persistence (okta-contract). */
  readonly since: Instant;
  /** The ids of delivered events that were published before `since`, or say nothing of when; the first 10,000. */
  readonly deliveredFromBefore: readonly string[];
  /** How many more there were: the record does not grow without end. */
  readonly unrecorded: number;
}

/** How far the live stream has come. */
export interface LiveCheckpoint {
  readonly stream: 'live';
  /** Where the stream began. */
  readonly start: Instant;
  /** The link to ask next; `undefined` as long as no page has been read. */
  readonly link: Cursor | undefined;
  /** The pages held, in the order of the stream; the first one's link is `link`. Empty if none is. */
  readonly held: readonly HeldPage[];
  /** Those that the position has passed first, then those ahead of it; each part oldest delivery first. */
  readonly remembered: readonly Remembered[];
  /** How many of these, the last ones, are ahead of the position: it meets them again before it passes them. */
  readonly ahead: number;
  /** When the stream was last read up to its tip, by the later one of the server's clock and ours. */
  readonly tipReachedAt: Instant | undefined;
  /** The newest `published` delivered. */
  readonly newestPublished: Instant | undefined;
  /** `undefined` if nobody kept it from the first request on. */
  readonly handOver: HandOver | undefined;
}

/** How far a fixed window has come. */
export interface WindowCheckpoint {
  readonly stream: 'window';
  readonly window: Window;
  /** The bounds of the bounded request in hand; all before `askedUntil` is done if `link` is `undefined`. */
  readonly askedSince: Instant;
  readonly askedUntil: Instant;
  /** The link to ask next; `undefined` if no bounded request is in hand. */
  readonly link: Cursor | undefined;
  readonly finished: boolean;
  /** Oldest delivery first. */
  readonly remembered: readonly Remembered[];
}

export type Checkpoint = LiveCheckpoint | WindowCheckpoint;

/** A checkpoint as it was found. */
export interface LoadedCheckpoint<Kind extends Checkpoint> {
  readonly checkpoint: Kind;
  /** Who wrote it: a file that SumoJanus wrote can lag a page behind what was printed. */
  readonly writer: 'okta-collector' | 'SumoJanus';
}

/** The one place where a stream's position is kept. */
export interface CheckpointStore<Kind extends Checkpoint> {
  /** `undefined` on the first run; rejects with a `CheckpointError` if there is one that cannot be trusted. */
  load(): Promise<LoadedCheckpoint<Kind> | undefined>;
  /**
   * Makes the new checkpoint durable without putting it in force; `commit` does that. May be called
   * while the commit before is under way. After a crash at any point `load` returns a whole one: the
   * one committed last, or the one whose commit was under way.
   */
  prepare(checkpoint: Kind): Promise<{ commit(): Promise<void> }>;
}
