/**
 * How the program lives with a rate limit: a backlog of 200,000 events behind 60 requests a minute,
 * read by the real program. Prints a table of requests a minute; takes about four minutes.
 */
import { rm } from 'node:fs/promises';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { Instant } from '../../src/domain/time.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startProgramRun } from '../support/program-run.ts';
import { unpack } from '../support/unpack.ts';

const EVENTS = 200_000;
const LIMIT = 60;
const RESERVE = 0.1;

const sandbox = await startSandbox({ clock: systemClock, events: EVENTS, rateLimit: LIMIT });
const { url, token } = sandbox;
const installation = await unpack(process.cwd(), { url, token }, { start_time: '8d' });
const arrivals: Instant[] = [];
const watch = setInterval(() => {
  while (arrivals.length < sandbox.requests.length) arrivals.push(systemClock.now());
}, 50);

const start = systemClock.now();
const { exitCode, output, stderr } = await (await startProgramRun(installation)).ended;
const minutes = (systemClock.now() - start) / 60_000;
clearInterval(watch);
await sandbox.close();
await rm(installation.folder, { recursive: true });

const refused = sandbox.requests.filter(({ status }) => status === 429).length;
const events = countLines(output);
const usable = LIMIT - Math.ceil(LIMIT * RESERVE);
const lines = [
  'minute  requests  share of the grant beside the reserve',
  ...Array.from({ length: Math.ceil(minutes) }, (_, minute) => {
    const count = arrivals.filter((at) => Math.floor((at - start) / 60_000) === minute).length;
    return `${String(minute + 1).padStart(6)}  ${String(count).padStart(8)}  ${((count / usable) * 100).toFixed(0)} %`;
  }),
  `exit code ${String(exitCode)} ${stderr}`,
  `${events} events in ${minutes.toFixed(1)} minutes, ${Math.round(events / minutes)} a minute`,
  `${sandbox.requests.length} requests, 429s: ${refused}`,
];
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = refused === 0 && exitCode === 0 ? 0 : 1;

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}
