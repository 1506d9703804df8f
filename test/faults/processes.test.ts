import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock/system-clock.ts';
import { earlier, hours, minutes } from '../../src/domain/time.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { acquireRunLock } from '../../src/state/run-lock.ts';
import { movableClock } from '../sandbox/movable-clock.ts';
import type { ProgramRun, ProgramRunEnd } from '../support/program-run.ts';
import { startProgramRun } from '../support/program-run.ts';
import type { Installation } from '../support/unpack.ts';
import { unpack } from '../support/unpack.ts';
import { tellingClock } from './kill-at.ts';
import { createLedger } from './ledger.ts';

const PAGE_LIMIT = 10;

interface Stage {
  readonly sandbox: Sandbox;
  readonly installation: Installation;
  /** Resolves when a further request has been received. */
  readonly asked: () => Promise<unknown>;
}

async function setStage(options: Partial<SandboxOptions> = {}): Promise<Stage> {
  const clock = tellingClock();
  const sandbox = await startSandbox({ clock, events: 100, days: 6, ...options });
  onTestFinished(() => sandbox.close());
  const installation = await unpack(inject('program'), sandbox, {
    pagination_limit: String(PAGE_LIMIT),
  });
  onTestFinished(() => rm(installation.folder, { recursive: true }));
  return { sandbox, installation, asked: () => once(clock.requests, 'request') };
}

/** Starts a run that ends with its test at the latest. */
async function start(installation: Installation): Promise<ProgramRun> {
  const run = await startProgramRun(installation);
  onTestFinished(async () => {
    run.kill('SIGKILL');
    await run.ended;
  });
  return run;
}

async function collect(installation: Installation): Promise<ProgramRunEnd> {
  return (await start(installation)).ended;
}

test('a start that finds a run long overdue fails even if it is quiet, and names the process', async () => {
  const { installation } = await setStage();
  const clock = movableClock(earlier(systemClock.now(), hours(1)));
  const lock = await acquireRunLock({ path: installation.checkpoint, budget: minutes(30), clock });
  onTestFinished(() => lock.release());
  const { exitCode, stderr, output } = await collect(installation);
  expect(exitCode).toBe(75);
  expect(stderr).toMatch(
    new RegExp(
      `^okta-collector failed .* process ${process.pid} has .* should have ended by .*\\n$`,
    ),
  );
  expect(output).toHaveLength(0);
});

test('a start that finds a run hanging fails even if it is quiet; let go on, that run loses nothing', async () => {
  const { installation, sandbox, asked } = await setStage({ faults: 'slow:100@3' });
  const hanging = await start(installation);
  for (let requests = 0; requests < 3; requests += 1) await asked();
  hanging.kill('SIGSTOP');
  const other = await collect(installation);
  expect(other.exitCode).toBe(75);
  expect(other.stderr).toContain('that holds it does not answer');
  expect(other.output).toHaveLength(0);
  hanging.kill('SIGCONT');
  const { exitCode, output } = await hanging.ended;
  expect(exitCode).toBe(0);
  const ledger = createLedger(sandbox.org, false);
  expect(ledger.take(output)).toMatchObject({ lines: 100, repeated: [], altered: [] });
});

test('a run that is told to stop while it waits for a page ends at once; the next one goes on', async () => {
  const { installation, sandbox, asked } = await setStage({ faults: 'hang@3' });
  const run = await start(installation);
  for (let requests = 0; requests < 3; requests += 1) await asked();
  run.kill('SIGTERM');
  const stopped = await run.ended;
  expect(stopped).toMatchObject({ exitCode: 0, stderr: '' });
  const ledger = createLedger(sandbox.org, false);
  const first = ledger.take(stopped.output);
  expect(first).toMatchObject({ isTorn: false, altered: [] });
  expect([PAGE_LIMIT, 2 * PAGE_LIMIT]).toContain(first.lines);
  const next = ledger.take((await collect(installation)).output);
  expect(next).toMatchObject({ lines: 100 - first.lines, repeated: [], altered: [] });
});

test('a run whose parent shell is killed goes on to its end; starts meanwhile step back', async () => {
  const { installation, sandbox, asked } = await setStage({ faults: 'slow:100@3' });
  const { shell, output } = startInShell(installation);
  for (let requests = 0; requests < 3; requests += 1) await asked();
  shell.kill('SIGKILL');
  await once(shell, 'exit');
  const meanwhile = await collect(installation);
  expect(meanwhile).toMatchObject({ exitCode: 0, stderr: '', output: Buffer.alloc(0) });
  const ledger = createLedger(sandbox.org, false);
  expect(ledger.take(await output)).toMatchObject({ lines: 100, repeated: [], altered: [] });
  const next = await collect(installation);
  expect(next).toMatchObject({ exitCode: 0, stderr: '', output: Buffer.alloc(0) });
});

test('a run whose parent shell and reader are killed ends; the next one repeats a page at most', async () => {
  const { installation, sandbox } = await setStage({ faults: 'slow:100@3' });
  const { shell, output, lines } = startInShell(installation);
  // What a reader leaves unread in its pipe when it dies is lost: it has read the pages before the slow one.
  await lines(2 * PAGE_LIMIT);
  shell.kill('SIGKILL');
  shell.stdout.destroy();
  const ledger = createLedger(sandbox.org, false);
  expect(ledger.take(await output).altered).toEqual([]);
  const next = ledger.take((await untilFree(installation)).output);
  expect(next.altered).toEqual([]);
  expect(next.repeated.length).toBeLessThanOrEqual(PAGE_LIMIT);
  expect(ledger.missing(sandbox.org.events)).toEqual([]);
});

/** Starts a quiet run as a child of a shell that waits for it; `output` is what both have written to the pipe. */
function startInShell({ folder }: Installation) {
  const program = join(folder, 'bin', 'okta-collector');
  const shell = spawn('/bin/bash', ['-c', `'${process.execPath}' '${program}' --quiet; true`], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void shell.kill('SIGKILL'));
  const chunks: Buffer[] = [];
  shell.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  // The pipe is closed once nobody holds its other end.
  const output = once(shell.stdout, 'close').then(() => Buffer.concat(chunks));
  /** Resolves once so many lines have been read. */
  const lines = async (count: number): Promise<void> => {
    while (Buffer.concat(chunks).filter((byte) => byte === 10).length < count) {
      await once(shell.stdout, 'data');
    }
  };
  return { shell, output, lines };
}

/** Runs until no other run is at work, and gives the first that was alone. */
async function untilFree(installation: Installation): Promise<ProgramRunEnd> {
  for (;;) {
    const end = await collect(installation);
    if (end.output.length > 0) return end;
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
  }
}
