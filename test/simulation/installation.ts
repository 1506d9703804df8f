import type { Chance } from './chance.ts';
import { Timeline } from './clock.ts';
import type { Mutation } from './mutation.ts';
import { SimulatedDisk } from './disk.ts';
import { Ledger } from './ledger.ts';
import { LogsEndpoint } from './logs-endpoint.ts';
import type { OrgEvent } from './org-event.ts';
import type { Place } from './org.ts';
import { Org } from './org.ts';
import type { Machine, Process } from './process.ts';
import type { Reader } from './stdout.ts';
import { createOutputFile, createPipes } from './stdout.ts';
import type { Window } from '../../src/domain/time.ts';

/** The live stream's checkpoint file. */
export const LIVE_PATH = '/data/okta.dat';

/** A time in which a stream was read on from one beginning. */
export interface Epoch {
  /** Events persisted from here on belong to it; `undefined` until it has begun. */
  floor: number | undefined;
  /** When runs began and ended that went well and came to the tip. */
  readonly visits: { readonly began: number; readonly ended: number }[];
}

/** A stream of the installation, and the account of it. */
export interface Stream {
  readonly path: string;
  readonly window: Window | undefined;
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly epochs: Epoch[];
  /** Who has changed the checkpoint file since the last run. */
  touchedBy: 'nobody' | 'operator' | 'SumoJanus';
  /** Events up to these were SumoJanus's to read. */
  readonly leftToSumoJanus: Place[];
  /** What each run was given by the org, to see whether it kept the order. */
  readonly served: Map<number, readonly (readonly OrgEvent[])[]>;
  /** Of a window: when it was first asked for, and when it was found finished. */
  firstAsked: number | undefined;
  finishedAt: number | undefined;
  /** The shortest settling time that it was read with. */
  leastSettle: number;
  /** How many runs were cut short while they could be writing. */
  interruptions: number;
}

/** Counts over a life. */
export interface Tallies {
  runs: number;
  kills: number;
  powerCuts: number;
  readonly ends: Map<string, number>;
  readonly faults: Map<string, number>;
}

/** Everything that a life is played with. */
export interface Installation {
  readonly chance: Chance;
  readonly timeline: Timeline;
  readonly machine: Machine;
  readonly disk: SimulatedDisk;
  readonly org: Org;
  readonly endpoint: LogsEndpoint;
  readonly streams: Map<string, Stream>;
  readonly alive: Set<Process>;
  readonly locks: Set<string>;
  readonly newMutation: () => Mutation;
  readonly tallies: Tallies;
  readonly violations: string[];
  /** Says what happens, for whoever replays a life. */
  readonly tell: (text: string) => void;
}

const BIRTH = Date.UTC(2026, 10, 15, 12);

/** An installation on its first day. */
export function createInstallation(
  chance: Chance,
  newMutation: () => Mutation,
  tell: (text: string) => void,
): Installation {
  const timeline = new Timeline(BIRTH + chance.whole(0, 86_400_000));
  const org = new Org(chance.fork());
  return {
    chance,
    timeline,
    machine: { offset: 0 },
    disk: new SimulatedDisk(),
    org,
    endpoint: new LogsEndpoint(org),
    streams: new Map(),
    alive: new Set(),
    locks: new Set(),
    newMutation,
    tallies: { runs: 0, kills: 0, powerCuts: 0, ends: new Map(), faults: new Map() },
    violations: [],
    tell: (text) => {
      tell(`${new Date(timeline.now).toISOString()} ${text}`);
    },
  };
}

/** The stream with that file; a new one if there is none yet. */
export function streamAt(
  { streams, chance }: Installation,
  path: string,
  window: Window | undefined,
): Stream {
  const found = streams.get(path);
  if (found !== undefined) return found;
  const stream: Stream = {
    path,
    window,
    reader: chance.happens(0.5) ? createPipes(chance.fork()) : createOutputFile(chance.fork()),
    ledger: new Ledger(),
    epochs: [],
    touchedBy: 'nobody',
    leftToSumoJanus: [],
    served: new Map(),
    firstAsked: undefined,
    finishedAt: undefined,
    leastSettle: Number.POSITIVE_INFINITY,
    interruptions: 0,
  };
  streams.set(path, stream);
  return stream;
}

/** Cuts the power of the whole machine. */
export function cutPower({ alive, disk, streams, chance, tallies }: Installation): void {
  tallies.powerCuts += 1;
  for (const process of alive) process.die();
  disk.cutPower(chance);
  for (const { reader } of streams.values()) reader.cutPower();
}
