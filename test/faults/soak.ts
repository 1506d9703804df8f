/**
 * Lets the real program live beside an org for some minutes: scheduled runs every few seconds into a
 * pipe and into a file, events coming live and out of order, faults and SIGKILL by chance. At the end
 * one table; the exit code is 1 if a promise was broken.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { Duration } from '../../src/domain/time.ts';
import { earlier, instant, later, milliseconds, minutes, seconds } from '../../src/domain/time.ts';
import { drawNumber, drawsFor, pick } from '../../src/sandbox/chance.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startProgramRun } from '../support/program-run.ts';
import type { Installation } from '../support/unpack.ts';
import { unpack } from '../support/unpack.ts';
import type { TellingClock } from './kill-at.ts';
import { killedAt, tellingClock } from './kill-at.ts';
import { createLedger } from './ledger.ts';
import { PeakMemory } from './peak-memory.ts';
import type { Customer } from './soak-account.ts';
import { account, count } from './soak-account.ts';
import type { SoakCounts } from './soak-report.ts';
import { isKept, noCounts, report } from './soak-report.ts';

const SETTLE = seconds(4);
/** Below the settling time, as near the tip of a real log. */
const DISORDER = milliseconds(1500);
const PAGE_LIMIT = 20;
const EVENTS_PER_MINUTE = 300;
const BETWEEN_RUNS = seconds(1);
const LONGEST_RUN_SECONDS = 10;
const KILL_SHARE = 0.6;

/** Those that leave events as they are: an event whose bytes change between two answers is another event. */
const faults =
  `400-cursor 401 403 404 408 414 429 429-concurrency 500 500-E0000053 html-502 503x2 504
  204 html-200 object-200 empty-200 half-event truncate truncate-no-length truncate-plain
  truncate-plain-no-length reset-before reset-in-headers reset-in-body hang slow:20 slow:200 no-link
  relative-link folded-link comma-link duplicate-link next-first next-same next-other-host
  next-other-port next-other-scheme redirect:http://127.0.0.1:9/ no-date bom pretty page-size:3
  page-size:40`.split(/\s+/);

const options = parseArgs({
  options: { minutes: { type: 'string', default: '2' }, seed: { type: 'string' } },
}).values;
const seed = Number(options.seed ?? systemClock.now() % 1_000_000);
await soak(minutes(Number(options.minutes)));

async function soak(length: Duration): Promise<void> {
  const clock = tellingClock();
  const sandbox = await startSandbox({
    clock,
    seed,
    events: 2000,
    days: 1,
    eventsPerMinute: EVENTS_PER_MINUTE,
    disorder: DISORDER,
    rateLimit: 1e6,
  });
  const customers = [await settleIn(sandbox, false), await settleIn(sandbox, true)];
  const counts = noCounts(seed, length);
  const over = AbortSignal.timeout(length);
  await Promise.all([
    misbehave(sandbox, counts, over),
    ...customers.map((customer, index) => liveOn(customer, clock, counts, over, index)),
  ]);
  await finish(sandbox, customers, counts);
  for (const { installation } of customers) await rm(installation.folder, { recursive: true });
  await sandbox.close();
  process.stdout.write(report(counts));
  process.exitCode = isKept(counts) ? 0 : 1;
}

async function settleIn(sandbox: Sandbox, intoFile: boolean): Promise<Customer> {
  const installation = await unpack(join(import.meta.dirname, '../..'), sandbox, {
    pagination_limit: String(PAGE_LIMIT),
    settle_seconds: String(SETTLE / 1000),
    max_runtime_seconds: String(LONGEST_RUN_SECONDS),
    start_time: '2d',
  });
  const file = intoFile ? join(installation.folder, 'events.json') : undefined;
  if (file !== undefined) await writeFile(file, '');
  return {
    installation,
    file,
    ledger: createLedger(sandbox.org, intoFile),
    mayComeAgain: new Set(),
    newestRead: instant(0),
    readAgain: undefined,
    logs: [],
  };
}

/** Orders a fault for the next request, and the next fault once that has come. */
async function misbehave(sandbox: Sandbox, counts: SoakCounts, over: AbortSignal): Promise<void> {
  for (let ordered = 0; !over.aborted; ordered += 1) {
    const draw = drawsFor(seed, ordered);
    const fault = pick(draw, faults);
    const [, name = '', times = ''] = /^(.*?)(x\d)?$/.exec(fault) ?? [];
    const at = sandbox.requests.length + 1;
    sandbox.misbehave(`${name}@${at}${times}`);
    count(counts.faults, fault.replace(/:.*/, ''));
    await received(sandbox, at, over);
    await pause(drawNumber(draw, 500, 4000));
  }
}

async function received({ requests }: Sandbox, number: number, over: AbortSignal): Promise<void> {
  while (requests.length < number && !over.aborted) await pause(100);
}

/** A scheduled run every few seconds, some of them killed. */
async function liveOn(
  customer: Customer,
  clock: TellingClock,
  counts: SoakCounts,
  over: AbortSignal,
  index: number,
): Promise<void> {
  for (let run = 0; !over.aborted; run += 1) {
    const draw = drawsFor(seed + 1 + index, run);
    await runOnce(customer, counts, draw() < KILL_SHARE ? { clock, draw } : undefined);
    await pause(draw() * 2 * BETWEEN_RUNS);
  }
}

async function runOnce(
  customer: Customer,
  counts: SoakCounts,
  kill?: { readonly clock: TellingClock; readonly draw: () => number },
): Promise<void> {
  const { installation, file } = customer;
  const startedAt = systemClock.now();
  const run = await startProgramRun(installation, [], file);
  const memory = new PeakMemory(run.pid);
  const end =
    kill === undefined
      ? await run.ended
      : await killedAt({ run, installation, file, clock: kill.clock, latest: 3 }, kill.draw);
  const peakKilobytes = memory.stop();
  const lasted = (systemClock.now() - startedAt) / 1000;
  if (lasted > counts.longestRun.seconds) counts.longestRun = { seconds: lasted, peakKilobytes };

  account(customer, counts, end, await logOf(installation, run.pid));
}

/** The lines that one run has written to the log. */
async function logOf({ log }: Installation, pid: number): Promise<string> {
  const lines = (await readFile(log, 'utf8').catch(() => '')).split('\n');
  return lines.filter((line) => line.includes(`"pid":${pid},`)).join('\n');
}

/** Two clean runs for each, and then the truth: what was to be seen and settled before the first one. */
async function finish(
  sandbox: Sandbox,
  customers: readonly Customer[],
  counts: SoakCounts,
): Promise<void> {
  await drainFaults(sandbox);
  const until = systemClock.now();
  await pause(SETTLE + DISORDER);
  for (const customer of customers) {
    for (const pass of [1, 2]) {
      if (pass === 2) await pause(SETTLE);
      await runOnce(customer, counts);
    }
  }
  const truth = sandbox.org.events.filter(
    ({ published, visible }) => published <= until && visible <= later(until, SETTLE),
  );
  counts.events = truth.length;
  for (const { ledger } of customers) counts.lost += ledger.missing(truth).length;
}

/** Takes the faults that nobody has met. */
async function drainFaults({ url, token }: Sandbox): Promise<void> {
  const since = new Date(earlier(systemClock.now(), minutes(1))).toISOString();
  const headers = { authorization: `SSWS ${token}` };
  let clean = 0;
  while (clean < 3) {
    const answer = await fetch(`${url}/api/v1/logs?limit=1&since=${since}`, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(2000),
    }).catch(() => undefined);
    clean = answer?.status === 200 ? clean + 1 : 0;
  }
}
