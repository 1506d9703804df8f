import {
  days,
  formatInstant,
  hours,
  instant,
  minutes,
  parseInstant,
  seconds,
} from '../domain/time.ts';
import type { Duration, Instant, TimeBound } from '../domain/time.ts';
import { Refusal } from './key.ts';
import type { Origin } from './key.ts';

const forms = 'Write epoch milliseconds, a time such as 2026-11-15T10:30:00Z, or a span such as 7d';
const fixedForms =
  'Write epoch milliseconds or a time such as 2026-11-15T10:30:00Z; only the option --end takes a span';

const units = new Map<string | undefined, (count: number) => Duration>([
  ['s', seconds],
  ['m', minutes],
  ['h', hours],
  ['d', days],
  ['w', (count) => days(count * 7)],
]);

/**
 * Reads a point in time: epoch milliseconds, an ISO 8601 date or date and time (UTC unless it names a
 * zone), a span before now (`90s`, `15m`, `12h`, `7d`, `2w`), or `now`.
 */
export function readStart(text: string): TimeBound {
  if (text === 'now') return { kind: 'ago', by: seconds(0) };
  const [, count, letter] = /^(\d{1,6})([smhdw])$/u.exec(text) ?? [];
  const unit = units.get(letter);
  if (unit !== undefined) return { kind: 'ago', by: unit(Number(count)) };
  if (/^\d+$/u.test(text)) return { kind: 'moment', at: readEpochMilliseconds(text) };
  // luxon would take a time without a date as one of today.
  const at = /^\d{4}-\d\d-\d\d/u.test(text) ? parseInstant(text) : undefined;
  if (at === undefined) throw new Refusal('is not a time', forms);
  return { kind: 'moment', at };
}

/** Reads the end of a window: a point in time that, unless given by hand, stays where it is. */
export function readEnd(text: string, origin: Origin): TimeBound {
  const bound = readStart(text);
  if (bound.kind === 'ago' && origin.place !== 'option') {
    throw new Refusal(
      'moves on with the clock, so that each run would be another window',
      fixedForms,
    );
  }
  return bound;
}

function readEpochMilliseconds(text: string): Instant {
  if (text.length === 13) return instant(Number(text));
  if (text.length === 10) {
    const meant = instant(Number(text) * 1000);
    throw new Refusal(
      `looks like seconds; as epoch milliseconds it would mean ${formatInstant(instant(Number(text)))}`,
      `Write ${meant} for ${formatInstant(meant)}`,
    );
  }
  throw new Refusal(`has ${text.length} digits; epoch milliseconds have 13`, forms);
}
