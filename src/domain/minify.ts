import { BACKSLASH, isWhiteSpace, QUOTE } from './json-bytes.ts';

/**
 * Moves the JSON in `[from, end)` together, in place, so that no white space is left outside its
 * strings; returns where it ends now. `from` must not be within a string.
 */
export function minify(view: DataView, from: number, end: number): number {
  let to = from;
  let isInString = false;
  for (let at = from; at < end; at++) {
    const byte = view.getUint8(at);
    if (isInString || !isWhiteSpace(byte)) view.setUint8(to++, byte);
    if (byte === QUOTE) isInString = !isInString;
    else if (byte === BACKSLASH && isInString && at + 1 < end)
      view.setUint8(to++, view.getUint8(++at));
  }
  return to;
}
