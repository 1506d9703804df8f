import type { TimeBound } from '../../src/domain/time.ts';
import { days, instant, minutes, seconds } from '../../src/domain/time.ts';
import type { Chance } from './chance.ts';
import type { DiskTrouble } from './disk.ts';
import { OUTAGES } from './faults.ts';
import type { Mood } from './network.ts';
import type { RunPlan } from './run.ts';

/** What is set up for a while, and what kind of a life it is. */
export interface Setup {
  limit: number;
  settle: RunPlan['settle'];
  start: TimeBound | undefined;
  /** Which clock can be wrong in this life: with both wrong there is no telling what time it is. */
  readonly wrongClock: 'none' | 'machine' | 'server';
  /** How likely an exchange goes wrong. */
  readonly faults: number;
  /** How likely a run is struck by something. */
  readonly blows: number;
}

/** A setup as chance wills. */
export function chooseSetup(chance: Chance, now: number): Setup {
  return {
    limit: chooseLimit(chance),
    settle: chooseSettle(chance),
    start: chooseStart(chance, now),
    wrongClock: chance.one(['none', 'none', 'machine', 'server']),
    faults: chance.one([0, 0.05, 0.2]),
    blows: chance.one([0.1, 0.4]),
  };
}

/** Small, so that pages are many. */
export function chooseLimit(chance: Chance): number {
  return chance.happens(0.8) ? chance.whole(3, 6) : chance.whole(7, 20);
}

/** Long enough for Okta's order to settle. */
export function chooseSettle(chance: Chance): RunPlan['settle'] {
  return seconds(chance.one([60, 60, 30, 120, 300]));
}

export function chooseStart(chance: Chance, now: number): TimeBound | undefined {
  if (chance.happens(0.5)) return undefined;
  const by = chance.whole(0, 10 * 24) * 3_600_000;
  if (chance.happens(0.5)) return { kind: 'moment', at: instant(now - by) };
  return { kind: 'ago', by: minutes(by / 60_000) };
}

/** How the next run goes. */
export function choosePlan(chance: Chance, setup: Setup, stream: 'live' | 'window'): RunPlan {
  const isPolling = stream === 'live' && chance.happens(0.2);
  const interval = chance.one([5, 10, 30, 60]);
  const isStruck = chance.happens(setup.blows);
  return {
    limit: setup.limit,
    settle: setup.settle,
    start: setup.start,
    pollInterval: isPolling ? seconds(interval) : undefined,
    budget: isPolling ? seconds(interval * chance.whole(2, 7) + 5) : minutes(chance.one([5, 30])),
    mood: chooseMood(chance, setup),
    reader: chance.happens(isStruck ? 0.25 : 0)
      ? { kind: chance.one(['closes', 'is stuck']), after: chance.whole(0, 3000) }
      : undefined,
    disk: isStruck ? chooseDisk(chance) : { kind: 'none' },
    fate: isStruck ? chooseFate(chance) : undefined,
  };
}

/** A run that nothing befalls, as the last ones of a life are. */
export function calmPlan(setup: Setup): RunPlan {
  return {
    limit: setup.limit,
    settle: setup.settle,
    start: setup.start,
    pollInterval: undefined,
    budget: minutes(30),
    mood: { faults: 0, oddDates: false, outage: undefined },
    reader: undefined,
    disk: { kind: 'none' },
    fate: undefined,
  };
}

function chooseMood(chance: Chance, { faults, wrongClock }: Setup): Mood {
  const names = Object.keys(OUTAGES).filter(isOutage);
  return {
    faults: faults > 0 && chance.happens(0.05) ? 0.6 : faults,
    oddDates: wrongClock === 'server',
    outage:
      faults > 0 && chance.happens(0.05) ? names[chance.whole(0, names.length - 1)] : undefined,
  };
}

function isOutage(name: string): name is keyof typeof OUTAGES {
  return name in OUTAGES;
}

function chooseDisk(chance: Chance): DiskTrouble {
  const kind = chance.number();
  if (kind < 0.8) return { kind: 'none' };
  return kind < 0.9 ? { kind: 'read-only' } : { kind: 'full', bytesLeft: chance.whole(0, 800) };
}

function chooseFate(chance: Chance): RunPlan['fate'] {
  const step = Math.floor(2 ** (chance.number() * 9));
  return { step, kind: chance.one(['kill', 'kill', 'power cut', 'signal']) };
}

/** How far a machine's clock is off, in milliseconds. */
export function chooseOffset(chance: Chance, { wrongClock }: Setup): number {
  const small = chance.whole(-1500, 1500);
  if (wrongClock !== 'machine') return small;
  return small + chance.one([0, minutes(3), minutes(-3), days(1), days(-1), days(-9000)]);
}

/** How long nobody starts a run, in milliseconds. */
export function chooseGap(chance: Chance): number {
  const kind = chance.number();
  if (kind < 0.35) return chance.whole(1000, 90_000);
  if (kind < 0.8) return chance.whole(minutes(4), minutes(6));
  if (kind < 0.95) return chance.whole(minutes(20), minutes(300));
  return kind < 0.998 ? chance.whole(days(1) / 4, days(3)) : chance.whole(days(40), days(120));
}
