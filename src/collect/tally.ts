import type { LogEvent, Page } from '../domain/page.ts';
import { newestPublished } from '../domain/page.ts';
import type { RunSummary } from '../domain/run-summary.ts';
import type { Instant } from '../domain/time.ts';

/** What a run has counted of its pages. */
export type Counts = Pick<
  RunSummary,
  'events' | 'dropped' | 'pages' | 'writtenBytes' | 'newestPublished' | 'serverTime'
>;

/** Counts the pages of a run while it goes on, so that one that fails can still say what it did. */
export class Tally {
  #counts: Counts = {
    events: 0,
    dropped: 0,
    pages: 0,
    writtenBytes: 0,
    newestPublished: undefined,
    serverTime: undefined,
  };

  get counts(): Counts {
    return this.#counts;
  }

  /** Tells how new the newest event of earlier runs was. */
  startFrom(newest: Instant | undefined): void {
    this.#counts = { ...this.#counts, newestPublished: newest };
  }

  /** Adds a page that came. */
  received(page: Page): void {
    this.#counts = { ...this.#counts, pages: this.#counts.pages + 1, serverTime: page.serverTime };
  }

  /** Adds what was written of a page, and what was not because it had been before. */
  written(events: readonly LogEvent[], dropped: number): void {
    const before = this.#counts;
    const newest = newestPublished(
      events,
      before.serverTime ?? (Number.POSITIVE_INFINITY as Instant),
    );
    this.#counts = {
      ...before,
      events: before.events + events.length,
      dropped: before.dropped + dropped,
      writtenBytes:
        before.writtenBytes + events.reduce((bytes, { line }) => bytes + line.length, 0),
      newestPublished:
        newest === undefined || newest < (before.newestPublished ?? newest)
          ? before.newestPublished
          : newest,
    };
  }
}
