import type { Instant } from './time.ts';
import {
  days,
  hours,
  instant,
  later,
  milliseconds,
  minutes,
  parseInstant,
  seconds,
} from './time.ts';

const HYPHEN = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const PLUS = 0x2b;
const FOUR_ZEROS = 0x30303030;

/** Keeps out what luxon would read as well: a time without a date (it takes today's), hour 24. */
const DATE_AND_TIME = /^\d{4}-\d\d-\d\dT(?!24)/;

/**
 * Reads an event's `published`: an ISO 8601 date and time, with or without a fraction of a second,
 * in UTC (`Z`) or at an offset from it (`+0000`, `+00:00`). Digits behind the milliseconds are cut
 * off. `undefined` if it is none, or names a moment that no calendar has.
 */
export function parsePublished(text: string): Instant | undefined {
  return DATE_AND_TIME.test(text) ? parseInstant(text) : undefined;
}

/**
 * The same for texts that lie in one page. Without luxon and without any object for the forms
 * `2026-11-15T10:31:53Z` and `2026-11-15T10:31:53.141Z`, with `+0000` for `Z` too, because every
 * event has one; most are of the minute of the event before.
 */
export class PublishedReader {
  readonly #view: DataView;
  /** Where the text begins whose minute is known; negative: there is none. */
  #known = -1;
  #minute = instant(0);

  constructor(view: DataView) {
    this.#view = view;
  }

  /** Reads the text in `[from, end)`. */
  read(from: number, end: number): Instant | undefined {
    const view = this.#view;
    const zone = utcZoneAt(view, from, end);
    if (!hasLayout(view, from, zone)) return parsePublished(textOf(view, from, end));
    if (!this.#isInKnownMinute(from)) {
      const minute = minuteOf(view, from);
      if (minute === undefined) return undefined;
      this.#known = from;
      this.#minute = minute;
    }
    const second = digits(view, from + 17, from + 19);
    const fraction = fractionOf(view, from + 20, zone);
    if ((second | fraction) < 0 || second > 59) return undefined;
    return later(this.#minute, milliseconds(seconds(second) + fraction));
  }

  /** Whether `YYYY-MM-DDTHH:MM` is the same; as 16 bytes, four words. */
  #isInKnownMinute(from: number): boolean {
    const view = this.#view;
    const known = this.#known;
    return (
      known >= 0 &&
      view.getInt32(from + 12) === view.getInt32(known + 12) &&
      view.getInt32(from + 8) === view.getInt32(known + 8) &&
      view.getInt32(from + 4) === view.getInt32(known + 4) &&
      view.getInt32(from) === view.getInt32(known)
    );
  }
}

/** The minute that the text at `from` begins with; `undefined` if it is none of any calendar. */
function minuteOf(view: DataView, from: number): Instant | undefined {
  const year = digits(view, from, from + 4);
  const month = digits(view, from + 5, from + 7);
  const day = digits(view, from + 8, from + 10);
  const hour = digits(view, from + 11, from + 13);
  const minute = digits(view, from + 14, from + 16);
  if ((year | month | day | hour | minute) < 0) return undefined;
  if (!isDate(year, month, day) || hour > 23 || minute > 59) return undefined;
  return instant(days(daysSince1970(year, month, day)) + hours(hour) + minutes(minute));
}

/** Where the `Z` or the `+0000` begins that ends the text in `[from, end)`; `from` if neither is there. */
function utcZoneAt(view: DataView, from: number, end: number): number {
  if (end - from < 20) return from;
  if (view.getUint8(end - 1) === LETTER_Z) return end - 1;
  return view.getUint8(end - 5) === PLUS && view.getInt32(end - 4) === FOUR_ZEROS ? end - 5 : from;
}

/** Whether the text in `[from, zone)` is laid out as a date and a time, perhaps with a fraction of a second. */
function hasLayout(view: DataView, from: number, zone: number): boolean {
  const length = zone - from;
  if (length !== 19 && (length < 21 || length > 29 || view.getUint8(from + 19) !== DOT))
    return false;
  return (
    view.getUint8(from + 4) === HYPHEN &&
    view.getUint8(from + 7) === HYPHEN &&
    view.getUint8(from + 10) === LETTER_T &&
    view.getUint8(from + 13) === COLON &&
    view.getUint8(from + 16) === COLON
  );
}

/** The number that the digits in `[from, end)` write; -1 if one of them is no digit. */
function digits(view: DataView, from: number, end: number): number {
  let number = 0;
  for (let at = from; at < end; at++) {
    const digit = view.getUint8(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** The whole milliseconds of the fraction of a second in `[from, end)`, 0 to 9 digits; negative if one is none. */
function fractionOf(view: DataView, from: number, end: number): number {
  const count = end - from;
  if (count === 3) return digits(view, from, end);
  return count <= 0 ? 0 : Math.floor((digits(view, from, end) * 1000) / 10 ** count);
}

function isDate(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days from 1970-01-01 in the Gregorian calendar; years begin in March here, so that a leap day comes last. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + dayOfYear - 719_468;
}

function textOf(view: DataView, from: number, end: number): string {
  return Buffer.from(view.buffer, view.byteOffset + from, end - from).toString();
}
