import type { OpenStretch, SlicePosition } from '../domain/backfill-state.ts';
import type { Clock } from '../domain/clock.ts';
import { isFailure } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';
import type { PackedLog, PackedPage } from '../domain/packed-page.ts';
import type { Page } from '../domain/page.ts';
import { newestPublished } from '../domain/page.ts';
import type { Stretch } from '../domain/slices.ts';
import { begun, joined, sliceIn } from '../domain/slices.ts';
import type { StreamPosition } from '../domain/system-log.ts';
import type { Window } from '../domain/time.ts';
import { formatInstant, instant } from '../domain/time.ts';
import { MOST_PAGES, PageSizes } from './page-sizes.ts';
import { requestOf, SliceReader } from './slice-reader.ts';
import { UsefulWidth } from './useful-width.ts';

/** What reading ahead needs. */
export interface ReadAheadOptions {
  readonly source: PackedLog;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** How many requests there may be at the same time; fewer if the rate limit has no use for them. */
  readonly parallel: number;
  /** Whether pages are handed out in order of time. */
  readonly isOrdered: boolean;
}

/** A page to be written, and the slice that it belongs to. */
export interface ReadyPage {
  readonly reader: SliceReader;
  readonly packed: PackedPage;
  /** Rejects with an `UnusablePageError` if it is none. */
  readonly opened: Promise<Page>;
}

/**
 * Reads several slices of a backfill at the same time, and hands out their pages one by one. Slices
 * are made as they are needed: as long as the time that about so many pages cover lately.
 */
export class ReadAhead {
  readonly #options: ReadAheadOptions;
  #stretches: readonly Stretch<SliceReader>[];
  readonly #sizes = new PageSizes();
  readonly #useful = new UsefulWidth();
  #requests = 0;
  #onChange: () => void = () => undefined;
  readonly #closed = new AbortController();

  constructor(options: ReadAheadOptions, open: readonly OpenStretch[]) {
    const signal = AbortSignal.any([options.signal, this.#closed.signal]);
    this.#options = { ...options, signal };
    this.#stretches = open.map(({ since, until, position }) => {
      const window = { since, until };
      return { ...window, reader: position && new SliceReader(window, position) };
    });
  }

  /** The next page to write; `undefined` if there is none left. Rejects with a `Failure`, or with the signal's reason. */
  async next(): Promise<ReadyPage | undefined> {
    while (this.#stretches.length > 0) {
      this.#options.signal.throwIfAborted();
      const changed = new Promise<void>((resolve) => (this.#onChange = resolve));
      const ready = this.#ready();
      this.#fill();
      if (ready !== undefined) return ready;
      await changed;
    }
    return undefined;
  }

  /** What a reader is at work on; it may become shorter. */
  windowOf(reader: SliceReader): Window {
    const stretch = this.#stretches.find((one) => one.reader === reader);
    if (stretch === undefined) throw new Error('The slice is done');
    return { since: stretch.since, until: stretch.until };
  }

  /** What is still to be delivered once a slice is delivered up to `position`; `undefined` stands for its end. */
  openAfter(reader: SliceReader, position: SlicePosition | undefined): readonly OpenStretch[] {
    return joined(
      this.#stretches.flatMap((stretch): OpenStretch[] => {
        const { since, until } = stretch;
        if (stretch.reader !== reader)
          return [{ since, until, position: stretch.reader?.position }];
        return position === undefined ? [] : [{ since, until, position }];
      }),
    );
  }

  /** Notes that a slice is delivered up to `position`; `undefined` stands for its end. */
  delivered(reader: SliceReader, position: SlicePosition | undefined): void {
    reader.position = position;
    if (position === undefined)
      this.#stretches = this.#stretches.filter((stretch) => stretch.reader !== reader);
  }

  /** Begins to open what is to be handed out next, if it is there: while the page before is being written there is time for it. */
  openNext(): void {
    const [first, second] = this.#stretches.map(({ reader }) => reader);
    const isFirstOver = first?.goesOn === false && first.ahead === 0;
    (isFirstOver ? second : first)?.openFirst();
  }

  /** Forgets what was read ahead of a slice, and goes on from `from`; gives who does. */
  restart(reader: SliceReader, from: StreamPosition): SliceReader {
    const other = new SliceReader(this.windowOf(reader), reader.position, from);
    other.wasRefused = reader.wasRefused;
    this.#stretches = this.#stretches.map((stretch) =>
      stretch.reader === reader ? { ...stretch, reader: other } : stretch,
    );
    return other;
  }

  /** Asks for nothing more, and breaks off what is under way. */
  close(): void {
    this.#closed.abort(new Error('No more pages are wanted'));
  }

  #ready(): ReadyPage | undefined {
    const candidates = this.#options.isOrdered ? this.#stretches.slice(0, 1) : this.#stretches;
    for (const { reader } of candidates) {
      const page = reader?.take();
      if (reader === undefined) continue;
      if (page !== undefined) return { reader, ...page };
      if (reader.failure !== undefined) this.#meet(reader, reader.failure.reason);
      else if (!reader.goesOn) reader.resume(this.windowOf(reader));
    }
    return undefined;
  }

  /** A refused link is gone round once a slice, by a new request from what was delivered last; all else is thrown. */
  #meet(reader: SliceReader, reason: unknown): void {
    if (!isFailure(reason) || reason.kind !== 'refused-link' || reader.wasRefused) throw reason;
    const { since, until } = this.windowOf(reader);
    const remembered = reader.position?.remembered ?? [];
    const newest = newestPublished(remembered, until) ?? since;
    const from = instant(Math.max(since, newest));
    this.#options.log.warn(`${reason.message}; the slice is asked again from an earlier time`, {
      from: formatInstant(from),
    });
    this.restart(reader, requestOf({ since: from, until })).wasRefused = true;
  }

  /** Asks for all that there is room for, and first for what is to be written first. */
  #fill(): void {
    const width = this.#width();
    // How many slices before this one are still being read.
    let rank = 0;
    for (let place = 0; place < this.#stretches.length && rank < width; place += 1) {
      if (this.#options.signal.aborted || !this.#askAt(place, rank, width)) return;
      if (this.#stretches[place]?.reader?.goesOn !== false) rank += 1;
    }
  }

  /** Asks for the next page of a slice, and for the first one of a slice that can be begun there; `false` if there is no room. */
  #askAt(place: number, rank: number, width: number): boolean {
    const reader = this.#stretches[place]?.reader;
    const isAwaited = place === 0 && (reader === undefined || reader.ahead === 0);
    if (!isAwaited && !this.#hasRoom(rank, width)) return false;
    const share = isAwaited ? 1 : (this.#sizes.measure(width).pages ?? MOST_PAGES);
    if (this.#requests < width) this.#ask(reader, share);
    if (this.#requests < width) this.#begin(place, width);
    return true;
  }

  #hasRoom(rank: number, width: number): boolean {
    const ready = this.#stretches.reduce((sum, { reader }) => sum + (reader?.bytes ?? 0), 0);
    return this.#sizes.haveRoom(ready, this.#requests, rank / width);
  }

  #begin(place: number, width: number): void {
    const stretch = this.#stretches[place];
    const slice = stretch && sliceIn(stretch, this.#sizes.measure(width));
    if (slice === undefined) return;
    const reader = new SliceReader(slice);
    this.#stretches = begun(this.#stretches, place, slice, reader);
    this.#ask(reader, 1);
  }

  /** Asks for the next page of a slice that has less than its share of what lies ready. */
  #ask(reader: SliceReader | undefined, share: number): void {
    if (reader?.wanted === undefined || reader.ahead >= share) return;
    void this.#take(reader, reader.wanted);
  }

  async #take(reader: SliceReader, from: StreamPosition): Promise<void> {
    const { source, signal } = this.#options;
    reader.isAsking = true;
    this.#requests += 1;
    try {
      const page = await source.ask(from, signal);
      this.#useful.note(page.took);
      this.#sizes.note(page);
      if (this.#isAtWork(reader)) await reader.add(page, () => this.windowOf(reader));
      if (this.#isAtWork(reader)) this.#sizes.learnFrom(reader, this.windowOf(reader), page);
    } catch (reason) {
      reader.failure = { reason };
    } finally {
      reader.isAsking = false;
      this.#requests -= 1;
      this.#fill();
      this.#onChange();
    }
  }

  #width(): number {
    const { source, parallel } = this.#options;
    return this.#useful.within(parallel, source.requestsAMinute());
  }

  #isAtWork(reader: SliceReader): boolean {
    return this.#stretches.some((stretch) => stretch.reader === reader);
  }
}
