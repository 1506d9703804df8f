import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** What one run of a program cost. */
export interface Cost {
  /** In milliseconds, from start to end. */
  readonly wall: number;
  /** In milliseconds of processor time, of all its processes. */
  readonly cpu: number;
  /** In MiB, of its largest process. */
  readonly memory: number;
}

/** A program to measure. */
export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  /** Variables beside those that each has. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What has to be in place before each run; its time does not count. */
  readonly prepare?: () => Promise<unknown>;
}

/*
 * Bash times to the millisecond, GNU time sees the memory. The program's parents are as small as
 * they are because a process starts out with the peak of the one that it was forked from.
 */
const SCRIPT = `TIMEFORMAT='%3R %3U %3S'
time /usr/bin/time --quiet --format %M --output "$0/memory" "$@" >/dev/null 2>"$0/errors"`;

/** Runs it once, its standard output thrown away. @param folder for what is noted on the way */
export async function measure(
  { name, command, environment }: Contender,
  folder: string,
): Promise<Cost> {
  const child = spawn('/bin/bash', ['-c', SCRIPT, folder, ...command], {
    // Not where this was started: a configuration there would be found first.
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C', ...environment },
  });
  const [told] = await Promise.all([text(child.stderr), once(child, 'close')]);
  if (child.exitCode !== 0) {
    const errors = await readFile(join(folder, 'errors'), 'utf8');
    throw new Error(`${name} ended with ${String(child.exitCode)}: ${errors || told}`);
  }
  const [wall = NaN, user = NaN, system = NaN] = told.trim().split(' ').map(Number);
  const memory = Number(await readFile(join(folder, 'memory'), 'utf8')) / 1024;
  return { wall: wall * 1000, cpu: (user + system) * 1000, memory };
}

/** A run over sooner than this, in milliseconds, is mostly what else the machine does just then. */
const SOON = 1000;
const TIMES_IF_SOON = 3;

/**
 * Runs all of them in turn, round by round after one that does not count, so that whatever else the
 * machine does meets all alike. One that is over soon is run three times a round, and the middle one
 * counts.
 */
export async function measureInTurn<Name extends string>(
  contenders: readonly (Contender & { readonly name: Name })[],
  rounds: number,
  folder: string,
): Promise<ReadonlyMap<Name, readonly Cost[]>> {
  const costs = new Map<Name, Cost[]>();
  for (let round = -1; round < rounds; round++) {
    for (const contender of contenders) {
      const cost = await measureOnce(contender, folder);
      if (round >= 0) costs.set(contender.name, [...(costs.get(contender.name) ?? []), cost]);
    }
  }
  return costs;
}

/** What a contender costs in a round. */
async function measureOnce(contender: Contender, folder: string): Promise<Cost> {
  const prepared = async (): Promise<Cost> => {
    await contender.prepare?.();
    return measure(contender, folder);
  };
  const first = await prepared();
  if (first.wall >= SOON) return first;
  const all = [first];
  while (all.length < TIMES_IF_SOON) all.push(await prepared());
  return all.toSorted((one, other) => one.wall - other.wall)[1] ?? first;
}
