import type { Cursor, Page } from './page.ts';
import type { StreamPosition } from './system-log.ts';
import type { Duration, Instant } from './time.ts';

/** An answer of the System Log that was received but not opened: a tenth of its page in memory. */
export interface PackedPage {
  /** The link by which it was asked. */
  readonly asked: Cursor;
  /** The `next` link; `undefined` if the answer had none. */
  readonly next: Cursor | undefined;
  /** The `Date` of the answer; our own clock if it had none. */
  readonly serverTime: Instant;
  /** What it takes of memory. */
  readonly bytes: number;
  /** From the request to the answer; `undefined` if that was not all: a wait or a retry. */
  readonly took: Duration | undefined;
  /** When its first event was published, if that can be seen without opening it: a hint, nothing more. */
  readonly begins: Instant | undefined;
  /** The page itself, a new one each time. Rejects with an `UnusablePageError` if it is none. */
  open(): Promise<Page>;
  /** Gives back the memory of a page that was opened: nobody may look at its lines any more. */
  release(page: Page): void;
}

/** The System Log of one org, for whoever reads ahead in several places. */
export interface PackedLog {
  /** Asks for one page. Rejects with a `Failure`, or with the signal's reason if that comes first. */
  ask(from: StreamPosition, signal: AbortSignal): Promise<PackedPage>;
  /** How many requests a minute are granted to us, if Okta has told. */
  requestsAMinute(): number | undefined;
}
