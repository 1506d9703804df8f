import type { LifeResult } from './life.ts';

/** Counts by name. */
type Counts = Record<string, number>;

/** What many lives came to; plain data, so that it can pass between threads. */
export interface Summary {
  readonly lives: number;
  readonly runs: number;
  readonly events: number;
  readonly lines: number;
  readonly kills: number;
  readonly powerCuts: number;
  /** How runs ended. */
  readonly ends: Counts;
  readonly faults: Counts;
  /** Events read again, by what explains it. */
  readonly repeats: Counts;
  readonly failures: readonly Failure[];
}

/** A life in which a promise was broken. */
export interface Failure {
  readonly seed: number;
  readonly violations: readonly string[];
}

/** What no lives come to. */
export const NOTHING_YET: Summary = {
  lives: 0,
  runs: 0,
  events: 0,
  lines: 0,
  kills: 0,
  powerCuts: 0,
  ends: {},
  faults: {},
  repeats: {},
  failures: [],
};

/** Adds up two summaries. */
export function sum(one: Summary, other: Summary): Summary {
  return {
    lives: one.lives + other.lives,
    runs: one.runs + other.runs,
    events: one.events + other.events,
    lines: one.lines + other.lines,
    kills: one.kills + other.kills,
    powerCuts: one.powerCuts + other.powerCuts,
    ends: added(one.ends, other.ends),
    faults: added(one.faults, other.faults),
    repeats: added(one.repeats, other.repeats),
    failures: [...one.failures, ...other.failures],
  };
}

/** What one life comes to. */
export function summaryOf(seed: number, { world, violations }: LifeResult): Summary {
  const { runs, kills, powerCuts, ends, faults } = world.tallies;
  const streams = [...world.streams.values()];
  return {
    lives: 1,
    runs,
    events: world.org.events.length,
    lines: streams.reduce((lines, { reader }) => lines + reader.lines().length, 0),
    kills,
    powerCuts,
    ends: Object.fromEntries(ends),
    faults: Object.fromEntries(faults),
    repeats: streams
      .map(({ ledger }): Counts => Object.fromEntries(ledger.repeats))
      .reduce(added, {}),
    failures: violations.length === 0 ? [] : [{ seed, violations }],
  };
}

/** The summary as lines for a person. */
export function describe(summary: Summary): string {
  const { lives, runs, events, lines, kills, powerCuts, ends, faults, repeats, failures } = summary;
  return [
    `lives ${lives}, runs ${runs}, events ${events}, lines read ${lines}`,
    `kills ${kills}, power cuts ${powerCuts}`,
    `ends of runs: ${listed(ends)}`,
    `faults of the network: ${listed(faults)}`,
    `events read again, by what explains it: ${listed(repeats)}`,
    `lives with a broken promise: ${failures.length}`,
    ...failures
      .slice(0, 20)
      .map(({ seed, violations }) => `  seed ${seed}: ${violations[0] ?? ''}`),
  ].join('\n');
}

function added(one: Counts, other: Counts): Counts {
  const total = { ...one };
  for (const [name, count] of Object.entries(other)) total[name] = (total[name] ?? 0) + count;
  return total;
}

function listed(counts: Counts): string {
  const sorted = Object.entries(counts).sort(([, one], [, other]) => other - one);
  return sorted.length === 0
    ? 'none'
    : sorted.map(([name, count]) => `${name} ${count}`).join(', ');
}
