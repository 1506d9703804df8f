import type { Duration, Instant, Window } from './time.ts';
import { between, instant, later, milliseconds } from './time.ts';

/** One page that was asked for to see how dense the events are. */
export interface Probe {
  /** The part of the whole that it stands for. */
  readonly stratum: Window;
  /** From when to when its events are complete. */
  readonly seen: Window;
  readonly events: number;
  /** As it came over the wire. */
  readonly bytes: number;
  /** `undefined` if a wait was part of it. */
  readonly took: Duration | undefined;
}

/** What a backfill would take. */
export interface Estimate {
  /** How many probes it rests on. */
  readonly probes: number;
  /** Whether nothing was left to guess: the probes have seen everything. */
  readonly isExact: boolean;
  readonly events: number;
  /** By so much may it be off either way, roughly: a standard error. */
  readonly eventsOff: number;
  readonly requests: number;
  readonly receivedBytes: number;
  readonly time: Duration;
  /** Whether it is the rate limit that it has to wait for, and not the answers. */
  readonly isLimited: boolean;
}

/** What decides how long requests take. */
export interface Means {
  /** Events to a page. */
  readonly pageLimit: number;
  readonly parallel: number;
  /** `undefined`: not told. */
  readonly requestsAMinute: number | undefined;
}

/** Steps of the golden ratio fall on all times of the day and of the week alike. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Where to look: one moment in each of `count` parts of a window, the first one at its start. */
export function placesToProbe(
  { since, until }: Window,
  count: number,
): readonly { readonly stratum: Window; readonly at: Instant }[] {
  const length = milliseconds(between(since, until) / count);
  const border = (index: number): Instant => instant(Math.round(since + index * length));
  return Array.from({ length: count }, (_, index) => {
    const stratum = { since: border(index), until: border(index + 1) };
    const at = later(stratum.since, milliseconds(Math.floor(((index * GOLDEN) % 1) * length)));
    return { stratum, at };
  });
}

/** What the probes say of the whole; each stands for the part that it lies in. */
export function estimateOf(probes: readonly Probe[], window: Window, means: Means): Estimate {
  const [first] = probes;
  const isExact = first?.seen.since === window.since && first.seen.until >= window.until;
  const parts = probes.map(eventsInStratum);
  const events = isExact ? first.events : sum(parts);
  const seen = sum(probes.map((probe) => probe.events));
  const receivedBytes = seen === 0 ? 0 : (sum(probes.map(({ bytes }) => bytes)) * events) / seen;
  // Of each slice the last page is seldom full; a slice has eight pages or more.
  const pages = Math.ceil(events / means.pageLimit);
  const requests = isExact ? 1 : Math.ceil(pages * (means.parallel === 1 ? 1 : 17 / 16)) + 1;
  const answers = probes.flatMap((probe) => probe.took ?? []);
  const took = sum(answers) / Math.max(answers.length, 1);
  const byAnswers = (requests * took) / means.parallel;
  const byLimit =
    means.requestsAMinute === undefined ? 0 : (requests * 60_000) / means.requestsAMinute;
  return {
    probes: probes.length,
    isExact,
    events: Math.round(events),
    eventsOff: isExact ? 0 : Math.round(deviation(parts) * Math.sqrt(parts.length)),
    requests,
    receivedBytes: Math.round(receivedBytes),
    time: milliseconds(Math.max(byAnswers, byLimit)),
    isLimited: byLimit > byAnswers,
  };
}

/** As many as there would be if all of its part were as dense as what was seen. */
function eventsInStratum({ stratum, seen, events }: Probe): number {
  return (
    (events * between(stratum.since, stratum.until)) / Math.max(between(seen.since, seen.until), 1)
  );
}

function deviation(values: readonly number[]): number {
  if (values.length < 2) return sum(values);
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
