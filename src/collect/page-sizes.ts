import type { PackedPage } from '../domain/packed-page.ts';
import type { Measure } from '../domain/slices.ts';
import type { Duration, Window } from '../domain/time.ts';
import { between, milliseconds } from '../domain/time.ts';
import type { SliceReader } from './slice-reader.ts';

/** What may lie ready, compressed; beyond it only what is to be written next is asked for. */
const MOST_BYTES_READY = 20 * 1024 * 1024;
/** What lies far ahead leaves this part of it to what is nearer, and so does not hold that up. */
const LEFT_TO_NEARER = 0.1;
/** Slices are so many times longer than would fit if all were read to their end: most are written by then. */
const OVERLAP = 2.5;
/** The pages of a slice: more are not worth their while, fewer waste too many half-empty last ones. */
export const MOST_PAGES = 32;
const FEWEST_PAGES = 4;

/** What the pages so far tell of those to come: how large they are, and how much time they cover. */
export class PageSizes {
  /** The time that a full page covers, as it was seen last. */
  #span: Duration | undefined;
  #largest = 1;

  /** Notes a page that came. */
  note({ bytes }: PackedPage): void {
    this.#largest = Math.max(this.#largest, bytes);
  }

  /** Learns from the page of a slice that came last. A slice whose end has come is as long as its pages, of which the last one is seldom full. */
  learnFrom({ pages, span }: SliceReader, { since, until }: Window, last: PackedPage): void {
    const isWhole = last.next === undefined && pages === 1;
    const inFull = pages - 1 + last.bytes / this.#largest;
    this.#span = isWhole ? milliseconds(between(since, until) / inFull) : (span ?? this.#span);
  }

  /** How large a new slice shall be if so many are read at the same time. */
  measure(width: number): Measure {
    const room = Math.floor((OVERLAP * MOST_BYTES_READY) / (width * this.#largest));
    const pages = Math.min(Math.max(room, FEWEST_PAGES), MOST_PAGES);
    return { pages: width === 1 ? undefined : pages, span: this.#span };
  }

  /**
   * Whether one more page may be asked for beside what lies ready and what is under way.
   * @param distance how far ahead of what is to be written next it lies, from 0 to 1
   */
  haveRoom(bytesReady: number, pagesComing: number, distance: number): boolean {
    const taken = bytesReady + pagesComing * this.#largest;
    return taken < MOST_BYTES_READY * (1 - LEFT_TO_NEARER * distance);
  }
}
