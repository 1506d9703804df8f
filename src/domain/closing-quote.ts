import { BACKSLASH, QUOTE } from './json-bytes.ts';

/*
 * The innermost loop of the program. Its functions are constants, because V8 asks of an inlined
 * declaration each time whether it was replaced; and `| 0` keeps an index a machine integer.
 */

const FOUR_QUOTES = 0x22222222;

/** Marks the lowest byte of a word that is zero by its top bit; the marks above that one mean nothing. */
const zeroBytes = (word: number): number => (word - 0x01010101) & ~word & 0x80808080;

/** Which byte, 0 to 3, carries the lowest mark. */
const firstMark = (marks: number): number => (31 - Math.clz32(marks & -marks)) >> 3;

/** Four bytes at a time, twice in each turn: an exclusive or makes a zero byte of a quote. */
const nextQuote = (view: DataView, from: number, end: number): number => {
  const last = end - 8;
  let at = from | 0;
  for (; at <= last; at += 8) {
    const marks = zeroBytes(view.getInt32(at, true) ^ FOUR_QUOTES);
    if (marks !== 0) return at + firstMark(marks);
    const more = zeroBytes(view.getInt32(at + 4, true) ^ FOUR_QUOTES);
    if (more !== 0) return at + 4 + firstMark(more);
  }
  while (at < end && view.getUint8(at) !== QUOTE) at++;
  return at;
};

/** Whether the backslashes right before `at` are odd in number; the opening quote ends their row at the latest. */
const isEscaped = (view: DataView, at: number): boolean => {
  let first = at;
  while (view.getUint8(first - 1) === BACKSLASH) first--;
  return (at - first) % 2 === 1;
};

/**
 * The index of the quote that closes the string whose content begins at `from`, right behind its
 * opening quote; `end` if none does before `end`. Looks for quotes only, and at
 * the backslashes before one.
 */
export const closingQuote = (view: DataView, from: number, end: number): number => {
  for (let at = from | 0; ; at++) {
    at = nextQuote(view, at, end);
    if (at >= end || view.getUint8(at - 1) !== BACKSLASH || !isEscaped(view, at)) return at;
  }
};
