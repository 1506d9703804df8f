/**
 * How the program lives with a rate limit of 60 requests a minute: one collector with a backlog of
 * 200,000 events, then two of two installations beside each other with 60,000 each. The real program
 * against the embedded org; prints a table of requests a minute for each, and takes about six minutes.
 */
import { rm } from 'node:fs/promises';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { Instant } from '../../src/domain/time.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startProgramRun } from '../support/program-run.ts';
import { unpack } from '../support/unpack.ts';

const LIMIT = 60;
const RESERVE = 0.1;

process.exitCode = (await isKept(1, 200_000)) && (await isKept(2, 60_000)) ? 0 : 1;

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
  print(table(arrivals(), start, end));
  print(`events a minute: ${Math.round((collectors * events) / ((end - start) / 60_000))}`);
  print(`requests: ${sandbox.requests.length}, answered by 429: ${refused}\n`);
  return refused === 0 && lines.every((count) => count === events);
}

/** The number of lines that a run writes. */
async function collect({ url, token }: Sandbox): Promise<number> {
  const installation = await unpack(process.cwd(), { url, token }, { start_time: '8d' });
  const { exitCode, output, stderr } = await (await startProgramRun(installation)).ended;
  await rm(installation.folder, { recursive: true });
  if (exitCode !== 0) print(`exit code ${String(exitCode)}: ${stderr}`);
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

function table(arrivals: readonly Instant[], start: Instant, end: Instant): string {
  const usable = LIMIT - Math.ceil(LIMIT * RESERVE);
  const rows = Array.from({ length: Math.ceil((end - start) / 60_000) }, (_, minute) => {
    const count = arrivals.filter((at) => Math.floor((at - start) / 60_000) === minute).length;
    const share = `${((count / usable) * 100).toFixed(0)} %`;
    return [minute + 1, count, share].map((cell) => String(cell).padStart(10)).join('');
  });
  return ['    minute  requests     share of what the reserve leaves', ...rows].join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
