import { closingQuote } from './closing-quote.ts';
import { isWhiteSpace, QUOTE, SPACE } from './json-bytes.ts';

/**
 * Moves the JSON in `[from, end)` together, in place, so that no white space is left outside its
 * strings; returns where it ends now. `from` must not be within a string.
 */
export function minify(view: DataView, from: number, end: number): number {
  let to = from;
  let at = from;
  while (at < end) {
    const runEnd = nextWhiteSpace(view, at, end);
    move(view, at, runEnd, to);
    to += runEnd - at;
    at = runEnd;
    while (at < end && isWhiteSpace(view.getUint8(at))) at++;
  }
  return to;
}

/** The next white space outside strings, or `end`. */
function nextWhiteSpace(view: DataView, from: number, end: number): number {
  for (let at = from | 0; at < end; at++) {
    const byte = view.getUint8(at);
    if (byte === QUOTE) at = closingQuote(view, at + 1, end) | 0;
    else if (byte <= SPACE && isWhiteSpace(byte)) return at;
  }
  return end;
}

/** Copies `[from, end)` down to `to`; a word is read before anything behind it can be written. */
function move(view: DataView, from: number, end: number, to: number): void {
  const shift = to - from;
  let at = from;
  for (; at + 4 <= end; at += 4) view.setInt32(at + shift, view.getInt32(at, true), true);
  for (; at < end; at++) view.setUint8(at + shift, view.getUint8(at));
}
