/**
 * What reading ahead in parallel is worth: the same backfill with 1, 2, 4 and 8 requests at a time,
 * of 2 million events in 89 days with dense and empty stretches, each answer after 200 ms. The real
 * program writes to a pipe; the bytes must come out in order and unchanged. Gates: 3.3 times as fast
 * with 4 and 5.5 times with 8 as with 1, and at most 130 MiB. Takes about a quarter of an hour.
 * Arguments: events, latency in milliseconds, and the widths to measure, such as 1,8.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { formatInstant } from '../../src/domain/time.ts';
import { isJsonObject, parseJson } from '../../src/state/json-shape.ts';
import type { Installation } from '../support/unpack.ts';
import { unpack } from '../support/unpack.ts';
import type { LargeOrg } from './open-backfill-server.ts';
import { openLargeOrg } from './open-backfill-server.ts';

const LEAST_SPEEDUP = new Map([
  [4, 3.3],
  [8, 5.5],
]);
const MOST_MEMORY = 130;

const [events = '2000000', latency = '200', widths = '1,2,4,8'] = process.argv.slice(2);
const cache = join('node_modules', '.cache', 'bench', 'history');

const org = await openLargeOrg(cache, events, latency);
const results: Measured[] = [];
try {
  for (const width of widths.split(',')) {
    const measured = await measure(org, Number(width));
    results.push(measured);
    process.stdout.write(row(measured));
  }
} finally {
  await org.close();
}
process.exitCode = results.every(isGood) ? 0 : 1;

interface Measured {
  readonly width: number;
  /** In seconds. */
  readonly wall: number;
  /** In seconds of processor time. */
  readonly cpu: number;
  /** In MiB. */
  readonly memory: number;
  readonly requests: number;
  readonly isRight: boolean;
}

async function measure(from: LargeOrg, width: number): Promise<Measured> {
  const installation = await unpack('.', { url: from.url, token: 'bench' });
  const { since, until } = from.window;
  const bounds = ['--start', formatInstant(since), '--end', formatInstant(until)];
  const args = ['backfill', '--quiet', ...bounds, '--parallel', String(width)];
  const told = await timed(installation, args);
  const [sha256 = '', wall = '', cpu = '', system = ''] = told.split(/\s+/u);
  const memory = Number(await readFile(join(installation.folder, 'memory'), 'utf8')) / 1024;
  const requests = await requestsOf(installation);
  await rm(installation.folder, { recursive: true });
  const isRight = sha256 === from.sha256;
  return {
    width,
    wall: Number(wall),
    cpu: Number(cpu) + Number(system),
    memory,
    requests,
    isRight,
  };
}

/** What is written is hashed by a process of its own; the times are those of the program alone. */
async function timed({ folder }: Installation, args: readonly string[]): Promise<string> {
  const command = `/usr/bin/time --quiet --format '%e %U %S\\n%M' --output times node bin/okta-collector "$@"`;
  const script = `${command} | sha256sum | cut -d ' ' -f 1; head -1 times; tail -1 times > memory`;
  const child = spawn('/bin/bash', ['-c', script, 'bench', ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [told] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return told;
}

async function requestsOf({ log }: Installation): Promise<number> {
  const lines = (await readFile(log, 'utf8')).split('\n').map(parseJson);
  const ended = lines.find((line) => isJsonObject(line) && line['message'] === 'Run ended');
  return isJsonObject(ended) ? Number(ended['requests']) : NaN;
}

function speedup({ wall }: Measured): number {
  return (results.find(({ width }) => width === 1)?.wall ?? NaN) / wall;
}

function isGood(measured: Measured): boolean {
  const { width, memory, isRight } = measured;
  const isFast = !(speedup(measured) < (LEAST_SPEEDUP.get(width) ?? 0));
  return isRight && isFast && memory <= MOST_MEMORY;
}

function row(measured: Measured): string {
  const { width, wall, cpu, memory, requests, isRight } = measured;
  const times = Number.isNaN(speedup(measured))
    ? ''
    : `${speedup(measured).toFixed(2)} times as fast`;
  const order = isRight ? 'in order, byte for byte' : 'NOT THE BYTES OF THE ORG';
  return `${width} at a time: ${wall.toFixed(1)} s (cpu ${cpu.toFixed(1)} s), ${memory.toFixed(0)} MiB, ${requests} requests, ${times}; ${order}\n`;
}
