import { closingQuote } from './closing-quote.ts';
import { BACKSLASH, QUOTE } from './json-bytes.ts';
import { parsePublished, parsePublishedBytes } from './published.ts';
import type { EventScan } from './scan-event.ts';
import type { Instant } from './time.ts';

/** What tells an event from others, and when it was. */
export interface Identity {
  /** `undefined` if the event has none, or one that is no text or an empty one. */
  readonly uuid: string | undefined;
  /** `undefined` if the event names no moment that can be read. */
  readonly published: Instant | undefined;
}

// `uuid`, `publ` and `ishe` as little-endian words, and `d`.
const UUID = 0x64697575;
const PUBL = 0x6c627570;
const ISHE = 0x65687369;
const LETTER_D = 0x64;

/**
 * Reads `uuid` and `published` of the event in `[start, end)`, the one that was scanned last, as
 * JSON.parse has them (of equal keys the last counts): from the bytes where these are plain, else
 * by JSON.parse itself. Throws the latter's SyntaxError.
 */
export function identifyEvent(
  bytes: Buffer,
  view: DataView,
  start: number,
  end: number,
  scan: EventScan,
): Identity {
  return readIdentity(bytes, view, end, scan) ?? parseIdentity(bytes.toString('utf8', start, end));
}

/** `undefined` where a key is missing, or an escape makes the bytes differ from what they mean. */
function readIdentity(
  bytes: Buffer,
  view: DataView,
  end: number,
  { keys, keysLength }: EventScan,
): Identity | undefined {
  let uuidAt = 0;
  let publishedAt = 0;
  for (let index = 0; index < keysLength; index += 2) {
    const from = keys[index] ?? 0;
    const to = keys[index + 1] ?? 0;
    // Behind a key come its quote and the colon.
    if (isUuid(view, from, to)) uuidAt = to + 2;
    else if (isPublished(view, from, to)) publishedAt = to + 2;
    else if (hasEscape(view, from, to)) return undefined;
  }
  return uuidAt === 0 || publishedAt === 0
    ? undefined
    : readValues(bytes, view, uuidAt, publishedAt, end);
}

/** `undefined` where a value is written with an escape. */
function readValues(
  bytes: Buffer,
  view: DataView,
  uuidAt: number,
  publishedAt: number,
  end: number,
): Identity | undefined {
  const uuidEnd = textEnd(view, uuidAt, end);
  const publishedEnd = textEnd(view, publishedAt, end);
  const uuid = bytes.toString('utf8', uuidAt + 1, uuidEnd);
  const published = parsePublishedBytes(view, publishedAt + 1, publishedEnd);
  const isPlain = published !== undefined || !hasEscape(view, publishedAt, publishedEnd);
  return isPlain && !uuid.includes('\\') ? { uuid: uuid || undefined, published } : undefined;
}

/** The index of the quote that closes the string at `at`; if no string is there, `at + 1`, as for an empty one. */
function textEnd(view: DataView, at: number, end: number): number {
  return view.getUint8(at) === QUOTE ? closingQuote(view, at + 1, end) : at + 1;
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

function hasEscape(view: DataView, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (view.getUint8(at) === BACKSLASH) return true;
  return false;
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
