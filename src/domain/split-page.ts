/*
 * Lines are cut from a page without building anything: in `[{…},{…}]` a line feed is written over
 * each comma between two events and over the last bracket, and each event with its line feed is a
 * view into the one buffer. What lies between is never changed, and is read only as far as needed:
 * strings are skipped a word at a time (closing-quote.ts), brackets outside strings are counted
 * (scan-event.ts). White space outside strings is rare; where it is met, it is squeezed out of the
 * rest of the page in place (minify.ts) and the scan goes on.
 */
import { identifyEvent, type Identity } from './identify-event.ts';
import {
  CARRIAGE_RETURN,
  CLOSE_BRACKET,
  COMMA,
  isWhiteSpace,
  LINE_FEED,
  OPEN_BRACE,
  OPEN_BRACKET,
} from './json-bytes.ts';
import { minify } from './minify.ts';
import { type EventScan, scanEvent } from './scan-event.ts';
import { unusablePage } from './unusable-page.ts';

/** An event as it was cut from a page. */
export interface SplitEvent extends Identity {
  /** The compact JSON of the event and one line feed: a view into the page's buffer. */
  readonly line: Uint8Array;
}

/** A body on its way to becoming lines. */
interface Page {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** The index of the bracket that opens the page. */
  readonly first: number;
  /** The index of the bracket that closes it. */
  last: number;
  /** Whether white space outside strings has been taken out. */
  isSqueezed: boolean;
}

/**
 * Cuts the body of an answer, a JSON array of objects in UTF-8, into one line an event, in order.
 * Takes the body over: it is written to, and the lines are views into it. Throws an
 * `UnusablePageError` if it is no such array or not whole; within an event, JSON is not checked.
 */
export function splitPage(body: Buffer): SplitEvent[] {
  const page = openPage(body);
  const scan: EventScan = { keys: [], keysLength: 0, owed: [] };
  const events: SplitEvent[] = [];
  const isEmpty = page.first + 1 === page.last;
  for (let start = page.first + 1; start <= page.last && !isEmpty;) {
    const end = endOfEvent(page, start, scan);
    const { uuid, published } = identify(page, start, end, scan);
    endLine(page, end);
    const line = new Uint8Array(body.buffer, body.byteOffset + start, end + 1 - start);
    events.push({ line, uuid, published });
    start = end + 1;
  }
  return events;
}

function openPage(bytes: Buffer): Page {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let first = startsWithByteOrderMark(bytes) ? 3 : 0;
  while (first < bytes.length && isWhiteSpace(view.getUint8(first))) first++;
  let last = bytes.length - 1;
  while (last > first && isWhiteSpace(view.getUint8(last))) last--;
  if (first > last) throw unusablePage(bytes, 0, 'nothing but white space');
  if (view.getUint8(first) !== OPEN_BRACKET)
    throw unusablePage(bytes, first, 'no "[" to begin with');
  if (view.getUint8(last) !== CLOSE_BRACKET) throw unusablePage(bytes, last, 'no "]" to end with');
  const page = { bytes, view, first, last, isSqueezed: false };
  if (lineBreak(page) <= last) {
    squeeze(page, first);
    const left = lineBreak(page);
    if (left <= page.last) throw unusablePage(bytes, left, 'a line break inside a string');
  }
  squeezedAt(page, first + 1);
  return page;
}

function startsWithByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** The index of the first line feed or carriage return in the page; beyond its end if there is none. */
function lineBreak({ bytes, first, last }: Page): number {
  const found = [LINE_FEED, CARRIAGE_RETURN].map((byte) => bytes.indexOf(byte, first));
  return Math.min(...found.map((at) => (at === -1 ? last + 1 : at)));
}

/** Takes the white space outside strings from `from` on, which is not within one. */
function squeeze(page: Page, from: number): void {
  page.last = minify(page.view, from, page.last + 1) - 1;
  page.isSqueezed = true;
}

/** The index behind the brace that closes the event at `start`. */
function endOfEvent(page: Page, start: number, scan: EventScan): number {
  const isObject = page.view.getUint8(start) === OPEN_BRACE;
  const close = isObject ? scanEvent(page.view, start, page.last, scan) : ~start;
  if (close >= 0) return close + 1;
  const stop = ~close;
  if (!squeezedAt(page, stop)) throw unusablePage(page.bytes, stop, reasonOf(page, start, stop));
  return endOfEvent(page, start, scan);
}

/** Whether it was white space that is in the way at `at`; if so, none is left from there on. */
function squeezedAt(page: Page, at: number): boolean {
  if (page.isSqueezed || !isWhiteSpace(page.view.getUint8(at))) return false;
  squeeze(page, at);
  return true;
}

function reasonOf(page: Page, start: number, stop: number): string {
  if (stop === start) return 'an event that is no object';
  return stop >= page.last ? 'an event without an end' : 'a byte that cannot stand there';
}

function identify(page: Page, start: number, end: number, scan: EventScan): Identity {
  try {
    return identifyEvent(page.bytes, page.view, start, end, scan);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unusablePage(page.bytes, start, 'an event that is not JSON');
  }
}

/** Writes the line feed over what separates the event from the next, or over the end of the page. */
function endLine(page: Page, at: number): void {
  squeezedAt(page, at);
  if (at !== page.last && page.view.getUint8(at) !== COMMA) {
    throw unusablePage(page.bytes, at, 'no comma behind an event');
  }
  page.view.setUint8(at, LINE_FEED);
}
