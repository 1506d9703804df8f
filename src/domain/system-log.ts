import type { Cursor, Page } from './page.ts';
import type { Instant, Window } from './time.ts';

/** Where to read from. */
export type StreamPosition =
  /** Never read before: a polling request, from here on without end. */
  | { readonly kind: 'since'; readonly since: Instant }
  /** Never read before: a bounded request. */
  | { readonly kind: 'window'; readonly window: Window }
  /** Go on where the server told us to. */
  | { readonly kind: 'link'; readonly link: Cursor };

/** The System Log of one org, as the use cases see it. */
export interface SystemLog {
  /**
   * Yields the page at `from` and then each page its `next` link leads to, empty ones too, until a
   * page has no such link or one that leads back to itself. The lines of a page hold until the next
   * one is asked for. Rejects with a `Failure`.
   */
  pages(from: StreamPosition, signal: AbortSignal): AsyncIterable<Page>;
}

/** What a source has cost so far, for the summary of a run. */
export interface Traffic {
  /** Requests sent, retries included. */
  readonly requests: number;
  /** Bytes of answers, as they came over the wire. */
  readonly receivedBytes: number;
  /** Time spent waiting for a rate limit or before a retry, in milliseconds. */
  readonly waitedMilliseconds: number;
}
