/** A source of numbers in [0, 1). */
export type Draw = () => number;

/** A source that gives the same numbers for the same seed and index, whatever else was drawn before. */
export function drawsFor(seed: number, index: number): Draw {
  let state = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number: `from <= number < to`. */
export function drawNumber(draw: Draw, from: number, to: number): number {
  return from + Math.floor(draw() * (to - from));
}

/** One member of a list that has some. */
export function pick<Item>(draw: Draw, items: readonly Item[]): Item {
  const item = items[Math.floor(draw() * items.length)];
  if (item === undefined) throw new RangeError('Cannot pick an item: the list is empty');
  return item;
}

const alphabet = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789');
/** Four characters for each draw: identifiers are most of what an event draws. */
const pairs = alphabet.flatMap((first) => alphabet.map((second) => first + second));

/** An identifier in Okta's manner: a prefix that tells the kind, then letters and digits. */
export function drawId(draw: Draw, prefix: string, length: number): string {
  let id = prefix;
  while (id.length < length) {
    const drawn = drawNumber(draw, 0, pairs.length * pairs.length);
    id += `${pairs[drawn % pairs.length] ?? ''}${pairs[Math.floor(drawn / pairs.length)] ?? ''}`;
  }
  return id.slice(0, length);
}

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Eight hexadecimal digits of a whole number below 2^32. */
export function hex(value: number): string {
  const byte = (shift: number): string => bytes[(value >>> shift) & 255] ?? '';
  return byte(24) + byte(16) + byte(8) + byte(0);
}

/** Eight hexadecimal digits. */
export function drawHex(draw: Draw): string {
  return hex(drawNumber(draw, 0, 2 ** 32));
}
