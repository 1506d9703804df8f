/*
 * Lines are cut from a page without building anything: in `[{…},{…}]` a line feed is written over
 * each comma between two events and over the last bracket, and each event with its line feed is a
 * view into the one buffer. What lies between is never changed. Where events end, and where their
 * keys are, is found by a marker (structure-marker.ts), a piece of the page at a time. White space
 * outside strings is rare; where it is met, it is squeezed out of the rest of the page in place
 * (minify.ts), and the event is marked again from its beginning.
 */
import {
  forgetKeys,
  identifyEvent,
  type Identity,
  noticeKey,
  type NoticedKeys,
} from './identify-event.ts';
import {
  CLOSE_BRACKET,
  COMMA,
  isWhiteSpace,
  LINE_FEED,
  OPEN_BRACE,
  OPEN_BRACKET,
} from './json-bytes.ts';
import { minify } from './minify.ts';
import { openMarker } from './open-marker.ts';
import { PublishedReader } from './published.ts';
import type { Marks, Obstacle } from './structure-marker.ts';
import { PIECE_LENGTH } from './structure-marker.ts';
import { unusablePage } from './unusable-page.ts';

/** An event as it was cut from a page. */
export interface SplitEvent extends Identity {
  /** The compact JSON of the event and one line feed: a view into the page's buffer. */
  readonly line: Uint8Array;
}

const REASONS: Readonly<Record<Obstacle, string>> = {
  misplaced: 'a byte that cannot stand there',
  'line break in string': 'a line break inside a string',
  'nested too deeply': 'too many brackets within each other',
};

/** A hundred times what Okta ever puts on a page (okta-contract): what each event takes in memory has an end, too. */
const MOST_EVENTS = 100_000;

/** A body on its way to becoming lines. */
interface Page {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** What `bytes` is a part of; asked for once, for V8 leaves its own code for each answer. */
  readonly memory: ArrayBufferLike;
  /** The index of the bracket that closes the page. */
  last: number;
  /** Whether white space outside strings has been taken out. */
  isSqueezed: boolean;
  /** Where the event in hand begins; behind `last` if all is cut. */
  start: number;
  /** The keys of the event in hand. */
  readonly keys: NoticedKeys;
  readonly published: PublishedReader;
  readonly events: SplitEvent[];
}

/**
 * Cuts the body of an answer, a JSON array of objects in UTF-8, into one line an event, in order.
 * Takes the body over: it is written to, and the lines are views into it. Throws an
 * `UnusablePageError` if it is no such array or not whole; within an event, JSON is not checked.
 */
export function splitPage(body: Buffer): SplitEvent[] {
  const page = openPage(body);
  const marker = openMarker();
  for (let at = page.start; at < page.last;) {
    const end = Math.min(at + PIECE_LENGTH, page.last);
    const marks = marker.mark(body.subarray(at, end));
    const { stop } = marks;
    const isBlocked =
      stop !== undefined && !(stop.obstacle === 'misplaced' && squeezedAt(page, at + stop.at));
    cutEvents(page, at, marks);
    if (isBlocked) throw unusablePage(body, at + stop.at, REASONS[stop.obstacle]);
    if (stop === undefined) {
      // Where an event ends with the piece, its line feed lies behind it.
      at = Math.max(end, page.start);
    } else {
      marker.reset();
      forgetKeys(page.keys);
      at = page.start;
    }
  }
  checkEnd(page);
  return page.events;
}

function openPage(bytes: Buffer): Page {
  const memory = bytes.buffer;
  const view = new DataView(memory, bytes.byteOffset, bytes.length);
  let first = startsWithByteOrderMark(bytes) ? 3 : 0;
  while (first < bytes.length && isWhiteSpace(view.getUint8(first))) first++;
  let last = bytes.length - 1;
  while (last > first && isWhiteSpace(view.getUint8(last))) last--;
  if (first > last) throw unusablePage(bytes, 0, 'nothing but white space');
  if (view.getUint8(first) !== OPEN_BRACKET)
    throw unusablePage(bytes, first, 'no "[" to begin with');
  if (view.getUint8(last) !== CLOSE_BRACKET) throw unusablePage(bytes, last, 'no "]" to end with');
  const keys = { uuidAt: 0, publishedAt: 0, isUnsure: false };
  const published = new PublishedReader(view);
  const start = first + 1;
  return { bytes, view, memory, last, isSqueezed: false, start, keys, published, events: [] };
}

function startsWithByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** Whether it was white space outside strings that is at `at`; if so, none is left from there on. */
function squeezedAt(page: Page, at: number): boolean {
  if (page.isSqueezed || !isWhiteSpace(page.view.getUint8(at))) return false;
  page.last = minify(page.view, at, page.last + 1) - 1;
  page.isSqueezed = true;
  return true;
}

/** Cuts the events that end in the piece at `at`. */
function cutEvents(page: Page, at: number, { places, count }: Marks): void {
  for (let index = 0; index < count; index++) {
    const place = places[index] ?? 0;
    if (place >= 0) noticeKey(page.view, at + place, page.keys);
    else cutEvent(page, at + ~place + 1);
  }
  if (page.events.length > MOST_EVENTS)
    throw unusablePage(
      page.bytes,
      page.start,
      `more than ${MOST_EVENTS.toLocaleString('en-US')} events`,
    );
}

/** Cuts the event in hand, which ends before `end`. */
function cutEvent(page: Page, end: number): void {
  const { bytes, memory, start } = page;
  if (!isObject(page)) throw unusablePage(bytes, start, 'an event that is no object');
  const { uuid, published } = identify(page, end);
  endLine(page, end);
  const line = new Uint8Array(memory, bytes.byteOffset + start, end + 1 - start);
  page.events.push({ line, uuid, published });
  page.start = end + 1;
  forgetKeys(page.keys);
}

const isObject = ({ view, start }: Page): boolean => view.getUint8(start) === OPEN_BRACE;

function identify(page: Page, end: number): Identity {
  const { bytes, start } = page;
  try {
    return identifyEvent(page, start, end);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unusablePage(bytes, start, 'an event that is not JSON');
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

function checkEnd(page: Page): void {
  const { bytes, start, last, events } = page;
  const isEmpty = start === last && events.length === 0;
  if (start > last || isEmpty) return;
  if (isObject(page)) throw unusablePage(bytes, last, 'an event without an end');
  throw unusablePage(bytes, start, 'an event that is no object');
}
