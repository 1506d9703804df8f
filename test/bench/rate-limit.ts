/**
 * How the program lives with a rate limit of 60 requests a minute: one collector with a backlog of
 * 200,000 events, then two of two installations beside each other with 60,000 each, then a backfill of
 * 120,000 beside a live stream that runs every 20 seconds. The real program against the embedded org;
 * prints a table of requests a minute for each, and takes about ten minutes.
 */
import { rm } from 'node:fs/promises';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { Instant } from '../../src/domain/time.ts';
import { earlier, formatInstant, minutes, seconds } from '../../src/domain/time.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startProgramRun } from '../support/program-run.ts';
import type { Installation } from '../support/unpack.ts';
import { unpack } from '../support/unpack.ts';

const LIMIT = 60;
const RESERVE = 0.1;
/** What a backfill leaves of the limit to all others. */
const LEFT_BY_BACKFILL = 0.5;
const BETWEEN_RUNS = seconds(20);

const areKept = [
  await isKept(1, 200_000),
  await isKept(2, 60_000),
  await isKeptByBackfill(120_000),
];
process.exitCode = areKept.every(Boolean) ? 0 : 1;

/** Whether so many collectors got all events without being refused. */
async function isKept(collectors: number, events: number): Promise<boolean> {
  const sandbox = await startSandbox({ clock: systemClock, events, rateLimit: LIMIT });
  const arrivals = watch(sandbox);
  const start = systemClock.now();
  const lines = await Promise.all(Array.from({ length: collectors }, () => collect(sandbox)));
  const end = systemClock.now();
  await sandbox.close();
  const refused = sandbox.requests.filter(({ status }) => status === 429).length;
  print(`${collectors} collector(s), ${events} events each, ${LIMIT} requests a minute granted`);
  print(table(arrivals(), start, end, LIMIT - Math.ceil(LIMIT * RESERVE)));
  print(`events a minute: ${Math.round((collectors * events) / ((end - start) / 60_000))}`);
  print(`requests: ${sandbox.requests.length}, answered by 429: ${refused}\n`);
  return refused === 0 && lines.every((count) => count === events);
}

/** Whether a backfill of so many events got all of them without anybody being refused, and no run of the live stream beside it was late. */
async function isKeptByBackfill(events: number): Promise<boolean> {
  const clock = systemClock;
  const sandbox = await startSandbox({ clock, events, eventsPerMinute: 300, rateLimit: LIMIT });
  const arrivals = watch(sandbox);
  const installation = await unpack(process.cwd(), sandbox, { start_time: '10m' });
  const start = clock.now();
  const until = earlier(start, minutes(30));
  const over = new AbortController();
  const live = liveRuns(installation, over.signal);
  const bounds = ['--start', '8d', '--end', formatInstant(until)];
  const backfill = await (await startProgramRun(installation, ['backfill', ...bounds])).ended;
  const end = clock.now();
  over.abort();
  const took = await live;
  await sandbox.close();
  await rm(installation.folder, { recursive: true });
  const { requests, org } = sandbox;
  const refused = requests.filter(({ status }) => status === 429).length;
  const isBounded = (index: number): boolean => requests[index]?.url.includes('until=') === true;
  const bounded = arrivals().filter((_, index) => isBounded(index));
  const expected = org.events.filter(({ published }) => published < until).length;
  const lines = countLines(backfill.output);
  print(`a backfill of ${lines} events beside a live stream, ${LIMIT} requests a minute granted`);
  print(table(bounded, start, end, LIMIT * LEFT_BY_BACKFILL));
  print(
    `runs of the live stream: ${took.length}, the longest took ${(Math.max(...took) / 1000).toFixed(1)} s of ` +
      `${BETWEEN_RUNS / 1000}; its requests: ${requests.length - bounded.length}`,
  );
  print(`requests: ${requests.length}, answered by 429: ${refused}`);
  return refused === 0 && lines === expected && took.every((time) => time < BETWEEN_RUNS);
}

/** Starts a scheduled run every 20 seconds until it is over; gives how long each took, in milliseconds, without end for one that failed. */
async function liveRuns(installation: Installation, over: AbortSignal): Promise<number[]> {
  const took: number[] = [];
  while (!over.aborted) {
    const next = systemClock.sleep(BETWEEN_RUNS, over).catch(() => undefined);
    const start = systemClock.now();
    const { exitCode } = await (await startProgramRun(installation)).ended;
    took.push(exitCode === 0 ? systemClock.now() - start : Infinity);
    await next;
  }
  return took;
}

/** The number of lines that a run writes. */
async function collect({ url, token }: Sandbox): Promise<number> {
  const installation = await unpack(process.cwd(), { url, token }, { start_time: '8d' });
  const { exitCode, output, stderr } = await (await startProgramRun(installation)).ended;
  await rm(installation.folder, { recursive: true });
  if (exitCode !== 0) print(`exit code ${String(exitCode)}: ${stderr}`);
  return countLines(output);
}

function countLines(output: Buffer): number {
  let lines = 0;
  for (let at = output.indexOf(10); at !== -1; at = output.indexOf(10, at + 1)) lines += 1;
  return lines;
}

/** Notes when requests come, to a twentieth of a second; the result gives the times and stops watching. */
function watch({ requests }: Sandbox): () => readonly Instant[] {
  const arrivals: Instant[] = [];
  const timer = setInterval(() => {
    while (arrivals.length < requests.length) arrivals.push(systemClock.now());
  }, 50);
  return () => {
    clearInterval(timer);
    return arrivals;
  };
}

function table(arrivals: readonly Instant[], start: Instant, end: Instant, usable: number): string {
  const rows = Array.from({ length: Math.ceil((end - start) / 60_000) }, (_, minute) => {
    const count = arrivals.filter((at) => Math.floor((at - start) / 60_000) === minute).length;
    const share = `${((count / usable) * 100).toFixed(0)} %`;
    return [minute + 1, count, share].map((cell) => String(cell).padStart(10)).join('');
  });
  return ['    minute  requests     share of what is left to it', ...rows].join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
