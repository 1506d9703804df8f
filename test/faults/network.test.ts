import { readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, inject, test } from 'vitest';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { Duration, Instant } from '../../src/domain/time.ts';
import { days, earlier, formatInstant, instant, later, seconds } from '../../src/domain/time.ts';
import { makeEvent } from '../../src/sandbox/event.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { movableClock } from '../sandbox/movable-clock.ts';
import { readLog } from '../support/installation.ts';
import type { ProgramRunEnd } from '../support/program-run.ts';
import { startProgramRun } from '../support/program-run.ts';
import type { Installation } from '../support/unpack.ts';
import { unpack } from '../support/unpack.ts';

type AtTheEnd = (cleanUp: () => Promise<void>) => void;

/** An org, an installation beside it, and their time. */
interface Stage {
  readonly sandbox: Sandbox;
  readonly clock: Clock & { move(by: Duration): void };
  readonly installation: Installation;
  /** Runs the program to its end. */
  readonly run: (...args: readonly string[]) => Promise<ProgramRunEnd>;
  /** What the log of all runs says at level warn and above, one message a line. */
  readonly warnings: () => Promise<string>;
}

const EVENTS = 8;

async function setStage(
  atTheEnd: AtTheEnd,
  {
    pageLimit = 3,
    ago = days(0),
    ...options
  }: Partial<SandboxOptions> & { pageLimit?: number; ago?: Duration } = {},
): Promise<Stage> {
  const now = earlier(systemClock.now(), ago);
  const clock = movableClock(instant(now - (now % 1000)));
  const sandbox = await startSandbox({ clock, events: EVENTS, days: 6, ...options });
  atTheEnd(() => sandbox.close());
  const installation = await unpack(inject('program'), sandbox, {
    pagination_limit: String(pageLimit),
    start_time: formatInstant(earlier(clock.now(), days(7))),
  });
  atTheEnd(() => rm(installation.folder, { recursive: true }));
  return {
    sandbox,
    clock,
    installation,
    run: async (...args) => (await startProgramRun(installation, args)).ended,
    async warnings() {
      const records = (await readLog(installation)).filter(({ level }) => level !== 'info');
      return records.map((record) => JSON.stringify(record)).join('\n');
    },
  };
}

/** The lines that the org's events make, byte for byte. */
function linesOf({ org }: Sandbox): readonly string[] {
  return org.events.map(({ json }) => json.toString('latin1'));
}

function linesIn(...ends: readonly ProgramRunEnd[]): readonly string[] {
  return ends.flatMap(({ output }) => output.toString('latin1').split('\n').slice(0, -1));
}

/** Expects these lines byte for byte; a difference in the events is told by their names, not by kilobytes. */
function expectLines(lines: readonly string[], expected: readonly string[]): void {
  const name = (line: string) => /"uuid":"([^"]*)"/.exec(line)?.[1] ?? line.slice(0, 99);
  expect(lines.map(name)).toEqual(expected.map(name));
  expect(lines.join('\n') === expected.join('\n')).toBe(true);
}

/** What is expected of a fault. The org has three pages of 3, 3 and 2 events; a fault meets the second request. */
interface Row {
  /** In the sandbox's language. */
  readonly fault: string;
  readonly args?: readonly string[];
  /** 0 unless said. */
  readonly exitCode?: number;
  /** How many events the first run brings; all unless said. */
  readonly brings?: number;
  /** What the log, and of a run that fails the line on standard error, has. */
  readonly says: string;
}

const passing: readonly Row[] = [
  { fault: '408@2', says: '408 E0000009 Request Timeout' },
  { fault: '500@2', says: '500 E0000009 Internal Server Error' },
  { fault: '500-E0000053@2', says: '500 E0000053 Internal Server Error' },
  { fault: 'html-502@2', says: ': 502 (request id ' },
  { fault: '503@2x2', says: '503 E0000010 Service is in read only mode' },
  { fault: '504@2', says: '504 E0000009 Gateway Timeout' },
  { fault: '429-concurrency@2', says: '429 E0000047 API call exceeded rate limit' },
  { fault: 'reset-before@2', says: 'Cannot reach ' },
  { fault: 'reset-in-headers@2', says: 'Cannot reach ' },
  { fault: 'reset-in-body@2', says: 'it breaks off' },
  { fault: 'truncate@2', says: 'it breaks off' },
  { fault: 'truncate-plain@2', says: 'it breaks off' },
  { fault: 'truncate-no-length@2', says: 'its gzip data is cut or damaged' },
  { fault: 'truncate-plain-no-length@2', says: 'Cannot split page:' },
  { fault: '204@2', says: ': 204 (request id ' },
  { fault: 'html-200@2', says: 'no \\"[\\" to begin with' },
  { fault: 'object-200@2', says: 'no \\"[\\" to begin with' },
  { fault: 'empty-200@2', says: 'nothing but white space' },
  { fault: 'half-event@2', says: 'no \\"]\\" to end with' },
  { fault: '400-cursor@2', says: 'The stream is past the refused link' },
  { fault: '414@2', says: 'The stream is past the refused link' },
  { fault: 'no-datex3', says: 'Okta does not tell its time (no Date)' },
];

const stopping: readonly Row[] = [
  { fault: '401@2', exitCode: 77, brings: 3, says: '401 E0000011 Invalid token provided' },
  { fault: '403@2', exitCode: 77, brings: 3, says: '403 E0000006 You do not have permission' },
  { fault: '404@2', exitCode: 78, brings: 3, says: '404 E0000007 Not found' },
  { fault: '400-cursor@2x2', exitCode: 76, brings: 3, says: '400 E0000031 Invalid search' },
  { fault: 'html-200@2x4', exitCode: 76, brings: 3, says: 'Cannot split page' },
  { fault: 'no-link@2', exitCode: 76, brings: 6, says: 'a full page has no next link' },
  { fault: 'next-other-host@2', exitCode: 76, brings: 3, says: 'http://okta.example.org' },
  { fault: 'next-other-port@2', exitCode: 76, brings: 3, says: 'it leads to ' },
  { fault: 'next-other-scheme@2', exitCode: 76, brings: 3, says: 'https://127.0.0.1' },
  { fault: '503x3', args: ['-e', '1'], exitCode: 75, brings: 0, says: 'within 1 s' },
  { fault: 'hang', args: ['-e', '1'], exitCode: 75, brings: 0, says: 'within 1 s' },
  { fault: 'slow:9000', args: ['-e', '1'], exitCode: 75, brings: 0, says: 'within 1 s' },
  { fault: '429', args: ['-e', '1'], exitCode: 75, brings: 0, says: 'within 1 s' },
];

const quiet: readonly (Omit<Row, 'says'> & { does: string })[] = [
  { fault: 'hang@2', args: ['-e', '2'], brings: 3, does: 'ends with its time' },
  { fault: 'slow:9000@2', args: ['-e', '2'], brings: 3, does: 'ends with its time' },
  { fault: '429@2', args: ['-e', '2'], brings: 3, does: 'ends with its time' },
  { fault: 'relative-link@2', does: 'follows the link' },
  { fault: 'folded-link@2', does: 'follows the link' },
  { fault: 'comma-link@2', does: 'follows the link' },
  { fault: 'duplicate-link@2', does: 'follows the link' },
  { fault: 'next-first@2', does: 'follows the link' },
  { fault: 'next-same@2', brings: 6, does: 'is at the end for now' },
  { fault: 'date-off:86400x3', does: 'goes on' },
  { fault: 'date-off:-86400x3', does: 'goes on' },
  { fault: 'bom@2', does: 'passes over the mark' },
  { fault: 'pretty@2', does: 'takes out the white space' },
];

/** Runs into the fault, and then without it: everything must be out once, as the org has it. */
async function meet({ fault, args = [] }: Omit<Row, 'says'>, atTheEnd: AtTheEnd) {
  const stage = await setStage(atTheEnd, { faults: fault });
  const first = await stage.run(...args);
  const warnings = await stage.warnings();
  const second = await stage.run();
  expect(second).toMatchObject({ exitCode: 0, stderr: '' });
  expectLines(linesIn(first, second), linesOf(stage.sandbox));
  return { ...stage, first, warnings };
}

describe('a fault that passes is waited out, said in the log, and costs nothing:', () => {
  test.concurrent.for(passing)('$fault', async (row, { onTestFinished }) => {
    const { first, warnings } = await meet(row, onTestFinished);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(linesIn(first)).toHaveLength(EVENTS);
    expect(warnings).toContain(row.says);
  });
});

describe('a fault that stays ends the run with one line, and the next run goes on:', () => {
  test.concurrent.for(stopping)(
    '$fault exits with $exitCode',
    async ({ exitCode = 0, brings = 0, says, ...row }, { onTestFinished }) => {
      const { first, warnings } = await meet(row, onTestFinished);
      expect(linesIn(first)).toHaveLength(brings);
      expect(first.exitCode).toBe(exitCode);
      expect(first.stderr).toContain(says);
      expect(first.stderr).toMatch(
        new RegExp(`^okta-collector failed \\(exit ${exitCode}\\): .*\\n$`),
      );
      expect(warnings).toContain(says);
    },
  );
});

describe('a fault that is none to the program does not make it speak:', () => {
  test.concurrent.for(quiet)(
    '$fault: it $does',
    async ({ brings = EVENTS, ...row }, { onTestFinished }) => {
      const { first } = await meet(row, onTestFinished);
      expect(first).toMatchObject({ exitCode: 0, stderr: '' });
      expect(linesIn(first)).toHaveLength(brings);
    },
  );
});

describe('an odd event comes out as it came in, and once:', () => {
  test.concurrent.for([
    'no-uuid',
    'no-published',
    'escaped-names',
    'invalid-utf8',
    'big-event:70',
    'big-event:5000',
  ])('%s', async (fault, { onTestFinished }) => {
    const stage = await setStage(onTestFinished, { pageLimit: 1000, faults: `${fault}x3` });
    const { sandbox } = stage;
    const [first, second] = [await stage.run(), await stage.run()];
    const { url = '', headers } = sandbox.requests[0] ?? {};
    const { authorization = '' } = headers ?? {};
    const answer = await fetch(sandbox.url + url, { headers: { authorization } });
    const body = Buffer.from(await answer.arrayBuffer()).toString('latin1');
    expect(sandbox.requests).toHaveLength(3);
    expectLines(linesIn(first, second), body.slice(1, -1).split(/(?<=\}),(?=\{"actor":)/));
    expect(linesIn(first)).toHaveLength(EVENTS);
    expect(linesIn(first).join() === linesOf(sandbox).join()).toBe(false);
    for (const end of [first, second]) expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    const long = 'An event is longer than Sumo Logic takes in one message';
    if (fault.startsWith('big')) expect(await stage.warnings()).toContain(long);
    else expect(await stage.warnings()).toBe('');
  });
});

test.concurrent(
  '10,000 events come although 1,000 were asked for: all are written, once',
  async ({ onTestFinished }) => {
    const faults = 'page-size:10000';
    const stage = await setStage(onTestFinished, { events: 10_500, pageLimit: 1000, faults });
    stage.clock.move(seconds(120));
    const [first, second] = [await stage.run(), await stage.run()];
    expectLines(linesIn(first), linesOf(stage.sandbox));
    expect(second).toMatchObject({ exitCode: 0, output: Buffer.alloc(0) });
  },
);

test.concurrent(
  'a redirect is not followed, and the token does not go there',
  async ({ onTestFinished }) => {
    const elsewhere = await setStage(onTestFinished);
    const fault = `redirect:${elsewhere.sandbox.url}/api/v1/logs@2`;
    const { first } = await meet({ fault }, onTestFinished);
    expect(first.exitCode).toBe(76);
    expect(first.stderr).toContain(`302 redirect to "${elsewhere.sandbox.url}"`);
    expect(linesIn(first)).toHaveLength(3);
    expect(elsewhere.sandbox.requests).toEqual([]);
  },
);

test.concurrent(
  'a rate limit is waited out until its reset, and nobody hears of it',
  async ({ onTestFinished }) => {
    const { run, sandbox, clock, warnings } = await setStage(onTestFinished, { faults: '429@3' });
    // The first request opens the window of a minute; near its end the wait is short.
    await fetch(`${sandbox.url}/api/v1/logs`);
    clock.move(seconds(59));
    const first = await run();
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expectLines(linesIn(first), linesOf(sandbox));
    expect(await warnings()).toContain('429 E0000047');
  },
);

test.concurrent(
  'a stored link that is refused is told of; what it hid comes, and nothing twice',
  async ({ onTestFinished }) => {
    const { run, sandbox, clock, warnings } = await setStage(onTestFinished);
    const first = await run();
    sandbox.org.append(makeEvent(9, EVENTS, earlier(clock.now(), seconds(70))));
    sandbox.misbehave('400-cursor');
    const second = await run();
    expect(second).toMatchObject({ exitCode: 0, stderr: '' });
    expectLines(linesIn(first, second), linesOf(sandbox));
    const said = await warnings();
    expect(said).toContain('Cannot go on from the stored link');
    expect(said).toContain('the stream is read again from an earlier time');
    expect(said).toMatch(/"from":"[^"]+Z","message":"Cannot go on/);
    expect(said).toMatch(/"dropped_as_delivered_before":\d+,"message":"The stream is past/);
  },
);

/** The program's own clock cannot be moved back, and the later one of both clocks is what it keeps. */
async function setTipReachedAt({ checkpoint }: Installation, moment: Instant): Promise<void> {
  const text = await readFile(checkpoint, 'utf8');
  await writeFile(checkpoint, text.replace(/"tip_reached_at":\d+/, `"tip_reached_at":${moment}`));
}

describe('a position left alone for', () => {
  test.concurrent('61 days is warned of, and gone on from', async ({ onTestFinished }) => {
    const { run, sandbox, clock, warnings, installation } = await setStage(onTestFinished, {
      ago: days(61),
    });
    const first = await run();
    const left = await warnings();
    clock.move(days(61));
    await setTipReachedAt(installation, earlier(clock.now(), days(61)));
    sandbox.org.append(makeEvent(9, EVENTS, earlier(clock.now(), days(1))));
    const second = await run();
    expect(second).toMatchObject({ exitCode: 0, stderr: '' });
    expectLines(linesIn(first, second), linesOf(sandbox));
    expect(left).not.toContain(' behind; Okta keeps events for 90 days');
    expect(await warnings()).toMatch(
      /The stream is 61 days.* behind; Okta keeps events for 90 days/,
    );
  });

  test.concurrent(
    '91 days has left a gap, which is named; what Okta still has comes',
    async ({ onTestFinished }) => {
      const { run, sandbox, clock, warnings, installation } = await setStage(onTestFinished, {
        ago: days(91),
      });
      const first = await run();
      const before = linesOf(sandbox);
      const reached = clock.now();
      sandbox.org.append(makeEvent(9, EVENTS, later(reached, seconds(3600))));
      clock.move(days(91));
      await setTipReachedAt(installation, reached);
      const kept = makeEvent(9, EVENTS + 1, earlier(clock.now(), days(1)));
      sandbox.org.append(kept);
      const second = await run();
      expect(second).toMatchObject({ exitCode: 0, stderr: '' });
      expectLines(linesIn(first), before);
      expectLines(linesIn(second), [kept.json.toString('latin1')]);
      const gap = (await readLog(installation)).findLast(({ message }) =>
        String(message).startsWith('Gap: Okta no longer has the events of this time'),
      );
      const oldest = earlier(clock.now(), days(90));
      expect(gap?.['from']).toBe(formatInstant(reached));
      expect(Date.parse(String(gap?.['to']))).toBeGreaterThanOrEqual(oldest);
      expect(await warnings()).toContain('Gap');
    },
  );
});
