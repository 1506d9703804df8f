import { BACKSLASH, QUOTE } from './json-bytes.ts';
import type { PublishedReader } from './published.ts';
import { parsePublished } from './published.ts';
import type { Instant } from './time.ts';

/** What tells an event from others, and when it was. */
export interface Identity {
  /** `undefined` if the event has none, or one that is no text or an empty one. */
  readonly uuid: string | undefined;
  /** `undefined` if the event names no moment that can be read. */
  readonly published: Instant | undefined;
}

/** What was noticed of the keys of an event. One serves all events of a page. */
export interface NoticedKeys {
  /** The index of the value of `uuid`, that of the last one if there are several; 0: there is none. */
  uuidAt: number;
  /** The same for `published`. */
  publishedAt: number;
  /** Whether a key may mean one of these and be written otherwise. */
  isUnsure: boolean;
}

// `uuid`, `publ` and `ishe` as little-endian words, and `d`.
const UUID = 0x64697575;
const PUBL = 0x6c627570;
const ISHE = 0x65687369;
const LETTER_D = 0x64;
const LAST_ASCII = 0x7f;
const FOUR_QUOTES = 0x22222222;
const FOUR_BACKSLASHES = 0x5c5c5c5c;
const FOUR_ONES = 0x01010101;
const FOUR_HIGHEST_BITS = 0x80808080;

/** What events of a page are identified with. */
interface Source {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** What was noticed of the event in hand. */
  readonly keys: NoticedKeys;
  readonly published: PublishedReader;
}

/** Begins anew, for the next event. */
export function forgetKeys(keys: NoticedKeys): void {
  keys.uuidAt = 0;
  keys.publishedAt = 0;
  keys.isUnsure = false;
}

/** Notes the key before the colon at `colon`, a colon of the event itself, if it is one of interest. */
export function noticeKey(view: DataView, colon: number, keys: NoticedKeys): void {
  if (view.getUint8(colon - 1) !== QUOTE) return;
  const to = colon - 1;
  let from = to;
  while (view.getUint8(from - 1) !== QUOTE) {
    from--;
    if (view.getUint8(from) === BACKSLASH) keys.isUnsure = true;
  }
  // A quote that is escaped does not open the key but stands in it.
  if (view.getUint8(from - 2) === BACKSLASH) keys.isUnsure = true;
  if (isUuid(view, from, to)) keys.uuidAt = colon + 1;
  else if (isPublished(view, from, to)) keys.publishedAt = colon + 1;
}

/**
 * Reads `uuid` and `published` of the event in `[start, end)` as JSON.parse has them (of equal keys
 * the last counts): from the bytes where these are plain, else by JSON.parse itself. Throws the
 * latter's SyntaxError.
 */
export function identifyEvent(source: Source, start: number, end: number): Identity {
  return readIdentity(source) ?? parseIdentity(source.bytes.toString('utf8', start, end));
}

/** `undefined` where a key is missing, or a value is more than plain text: its bytes may differ from what they mean. */
function readIdentity({ bytes, view, keys, published }: Source): Identity | undefined {
  const { uuidAt, publishedAt, isUnsure } = keys;
  if (uuidAt === 0 || publishedAt === 0 || isUnsure) return undefined;
  const uuidEnd = plainTextEnd(view, uuidAt);
  const publishedEnd = plainTextEnd(view, publishedAt);
  if (uuidEnd === 0 || publishedEnd === 0) return undefined;
  return {
    uuid: bytes.toString('latin1', uuidAt + 1, uuidEnd) || undefined,
    published: published.read(publishedAt + 1, publishedEnd),
  };
}

/** The index of the quote that closes the string at `at`: `at + 1`, as for an empty one, if no string is there; 0 if there is a backslash in it, or anything beyond ASCII. */
function plainTextEnd(view: DataView, at: number): number {
  let end = at + 1;
  if (view.getUint8(at) !== QUOTE) return end;
  const lastWord = view.byteLength - 4;
  while (end <= lastWord && isPlainText(view.getInt32(end))) end += 4;
  for (; ; end++) {
    const byte = view.getUint8(end);
    if (byte === QUOTE) return end;
    if (byte === BACKSLASH || byte > LAST_ASCII) return 0;
  }
}

/**
 * Whether of four bytes none is a quote, a backslash or beyond ASCII: where a byte is what it is compared
 * with, taking one from it borrows from its highest bit; and beyond ASCII that bit stays in one of both at
 * least. May say no where the answer is yes, for the byte below may have borrowed, too.
 */
function isPlainText(word: number): boolean {
  const lessQuotes = (word ^ FOUR_QUOTES) - FOUR_ONES;
  const lessBackslashes = (word ^ FOUR_BACKSLASHES) - FOUR_ONES;
  return ((lessQuotes | lessBackslashes) & FOUR_HIGHEST_BITS) === 0;
}

function isUuid(view: DataView, from: number, to: number): boolean {
  return to - from === 4 && view.getInt32(from, true) === UUID;
}

function isPublished(view: DataView, from: number, to: number): boolean {
  return (
    to - from === 9 &&
    view.getInt32(from, true) === PUBL &&
    view.getInt32(from + 4, true) === ISHE &&
    view.getUint8(from + 8) === LETTER_D
  );
}

function parseIdentity(json: string): Identity {
  const event: unknown = JSON.parse(json);
  const uuid = textMember(event, 'uuid');
  const published = textMember(event, 'published');
  return {
    uuid: uuid === '' ? undefined : uuid,
    published: published === undefined ? undefined : parsePublished(published),
  };
}

function textMember(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const member: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
  return typeof member === 'string' ? member : undefined;
}
