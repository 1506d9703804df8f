import { closingQuote } from './closing-quote.ts';
import { CLOSE_BRACE, COLON, COMMA, OPEN_BRACE, QUOTE, SPACE } from './json-bytes.ts';

/** What a scan leaves behind. One serves all events of a page, so that none needs arrays of its own. */
export interface EventScan {
  /** Where keys of the event itself that may be `uuid` or `published` begin and end, in pairs. */
  readonly keys: number[];
  /** How many entries of `keys` belong to the event scanned last. */
  keysLength: number;
  /** The closing brackets that are still to come, innermost last; of use during a scan only. */
  readonly owed: number[];
}

/** Whether a string is a key as long as `uuid` or `published`, or as long as these with some letters as `\u0075`. */
const mayBeNamed = (next: number, length: number): boolean => next === COLON && length % 5 === 4;

const separates = (byte: number): boolean => byte === COLON || byte === COMMA;

/** `{` and `[` differ in one bit, and so do `}` and `]`; a closing bracket is its opening one plus two. */
const opens = (byte: number): boolean => (byte | 0x20) === OPEN_BRACE;

const closes = (byte: number): boolean => (byte | 0x20) === CLOSE_BRACE;

/**
 * The index of the brace that closes the event whose opening brace is at `start`. Where there is
 * none before `end`, or white space or a bracket that does not match comes first: `~index` of that
 * place, a negative number. Of what is between the brackets only the strings are understood.
 */
export const scanEvent = (view: DataView, start: number, end: number, scan: EventScan): number => {
  const { keys, owed } = scan;
  // As in closing-quote.ts: machine integers.
  const limit = end | 0;
  let depth = 0;
  let keysLength = 0;
  for (let at = start | 0; at < limit; at++) {
    const byte = view.getUint8(at);
    if (byte === QUOTE) {
      const from = at + 1;
      at = closingQuote(view, from, limit) | 0;
      if (at >= limit) break;
      const next = view.getUint8(at + 1);
      if (depth === 1 && mayBeNamed(next, at - from)) {
        keys[keysLength++] = from;
        keys[keysLength++] = at;
      }
      // These two need no look of their own, and behind a string there is hardly anything else.
      if (separates(next)) at++;
    } else if (opens(byte)) {
      owed[depth++] = byte + 2;
    } else if (closes(byte)) {
      if (owed[--depth] !== byte) return ~at;
      if (depth > 0) continue;
      scan.keysLength = keysLength;
      return at;
    } else if (byte <= SPACE) return ~at;
  }
  return ~limit;
};
