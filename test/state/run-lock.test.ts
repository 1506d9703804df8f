import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { BusyError, CheckpointError } from '../../src/domain/failure.ts';
import type { Instant } from '../../src/domain/time.ts';
import { later, milliseconds, minutes, seconds } from '../../src/domain/time.ts';
import { lockAddress } from '../../src/state/lock-address.ts';
import { realStatePath } from '../../src/state/real-state-path.ts';
import { acquireRunLock } from '../../src/state/run-lock.ts';
import { freshFolder } from './folder.ts';
import type { Said } from './hold-lock.ts';
import { clockAt, NOON } from './samples.ts';

let program: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'okta-collector-lock-'));
  program = join(folder, 'hold-lock.mjs');
  const input = new URL('hold-lock.ts', import.meta.url).pathname;
  const bundle = await rolldown({ input, platform: 'node' });
  await bundle.write({ file: program });
  await bundle.close();
});

afterAll(() => rm(join(program, '..'), { recursive: true }));

describe('acquireRunLock', () => {
  test('has exactly one winner of eight processes that start at once, ten times over', async () => {
    const path = await statePath();
    const children = await Promise.all(Array.from({ length: 8 }, () => start(path)));
    for (let round = 0; round < 10; round += 1) {
      const said = await Promise.all(children.map((child) => child.tell('acquire')));
      const winners = children.filter((_, index) => said[index]?.said === 'held');
      expect(winners).toHaveLength(1);
      for (const one of said) {
        if (one.said === 'busy') expect(one).toMatchObject({ overdue: false });
      }
      await winners[0]?.tell('release');
    }
  });

  test('names the process that holds the stream, and since when', async () => {
    const path = await statePath();
    const holder = await start(path);
    await holder.tell('acquire');
    const error = await busyAt(path, NOON);
    expect(error.message).toMatch(
      new RegExp(`^Cannot start on "${path}": process ${holder.pid} .* since \\d{4}-.*Z$`),
    );
  });

  test('is free as soon as its holder has been killed', async () => {
    const path = await statePath();
    const holder = await start(path);
    await holder.tell('acquire');
    await holder.kill();
    await (await acquire(path)).release();
  });

  test('calls a holder overdue that has been stopped and does not answer', async () => {
    const path = await statePath();
    const holder = await start(path);
    await holder.tell('acquire');
    process.kill(holder.pid, 'SIGSTOP');
    const error = await busyAt(path, NOON);
    expect(error.overdue).toBe(true);
    expect(error.message).toContain(`process ${holder.pid} that holds it does not answer`);
  });

  test('calls a holder overdue that does not answer as one', async () => {
    const path = await statePath();
    const stranger = createServer((caller) => caller.end('hello\n'));
    stranger.listen(lockAddress(await realStatePath(path), process.platform));
    await once(stranger, 'listening');
    onTestFinished(() => void stranger.close());
    expect((await busyAt(path, NOON)).overdue).toBe(true);
  });

  test('calls a holder overdue half a minute after its budget', async () => {
    const path = await statePath();
    const lock = await acquire(path);
    const limit = later(later(NOON, minutes(1)), seconds(30));
    expect((await busyAt(path, limit)).overdue).toBe(false);
    const late = await busyAt(path, later(limit, milliseconds(1)));
    expect(late.overdue).toBe(true);
    expect(late.message).toContain('should have ended by 2026-11-15T12:01:00.000Z');
    await lock.release();
  });

  test('keeps nobody alive, even while somebody stays connected', async () => {
    const path = await statePath();
    const holder = await start(path);
    await holder.tell('acquire');
    const address = lockAddress(await realStatePath(path), process.platform) ?? '';
    const caller = connect({ path: address, allowHalfOpen: true });
    onTestFinished(() => void caller.destroy());
    await once(caller, 'data');
    expect(await holder.endInput()).toBe(0);
  });

  test('is released even while somebody stays connected', async () => {
    const path = await statePath();
    const lock = await acquire(path);
    const address = lockAddress(await realStatePath(path), process.platform) ?? '';
    const caller = connect({ path: address, allowHalfOpen: true });
    onTestFinished(() => void caller.destroy());
    await once(caller, 'data');
    await lock.release();
    await (await acquire(path)).release();
  });

  test('tries again when the holder ends instead of answering', async () => {
    const path = await statePath();
    const ending = createServer((caller) => {
      caller.destroy();
      ending.close();
    });
    ending.listen(lockAddress(await realStatePath(path), process.platform));
    await once(ending, 'listening');
    await (await acquire(path)).release();
  });

  test('is one lock however the file is named, before and after it exists', async () => {
    const folder = await freshFolder();
    const path = join(folder, 'okta.dat');
    await symlink(folder, join(folder, 'folder-link'));
    await symlink(path, join(folder, 'file-link'));
    const lock = await acquire(path);
    await busyAt(join(folder, 'folder-link', 'okta.dat'), NOON);
    await writeFile(path, '');
    await busyAt(join(folder, 'folder-link', 'okta.dat'), NOON);
    await busyAt(join(folder, 'file-link'), NOON);
    await (await acquire(join(folder, 'okta.window.dat'))).release();
    await lock.release();
    await (await acquire(path)).release();
  });

  test('names a folder that is missing', async () => {
    const folder = join(await freshFolder(), 'missing');
    const work = acquire(join(folder, 'okta.dat'));
    await expect(work).rejects.toThrow(CheckpointError);
    await expect(work).rejects.toThrow(`there is no folder "${folder}"`);
  });
});

describe('lockAddress', () => {
  test('is an abstract socket on Linux, short enough for one', () => {
    const address = lockAddress('/data/okta.dat', 'linux') ?? '';
    expect(address).toMatch(/^\0okta-collector-[0-9a-f]{64}$/);
    expect(address.length).toBeLessThan(108);
  });

  test('is a pipe on Windows, whose paths have no case', () => {
    const address = lockAddress('C:\\Data\\okta.dat', 'win32');
    expect(address).toMatch(/^\\\\\.\\pipe\\okta-collector-[0-9a-f]{64}$/);
    expect(lockAddress('c:\\data\\OKTA.dat', 'win32')).toBe(address);
  });

  test('is nothing elsewhere', () => {
    expect(lockAddress('/data/okta.dat', 'darwin')).toBeUndefined();
  });
});

async function statePath(): Promise<string> {
  return join(await freshFolder(), 'okta.dat');
}

function acquire(path: string): ReturnType<typeof acquireRunLock> {
  return acquireRunLock({ path, budget: minutes(1), clock: clockAt(NOON) });
}

async function busyAt(path: string, moment: Instant): Promise<BusyError> {
  const error = await acquireRunLock({ path, budget: minutes(1), clock: clockAt(moment) }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof BusyError) return error;
  throw new Error('not busy', { cause: error });
}

interface Child {
  readonly pid: number;
  tell(command: 'acquire' | 'release'): Promise<Said>;
  /** Resolves to the exit code. */
  endInput(): Promise<unknown>;
  kill(): Promise<void>;
}

async function start(path: string): Promise<Child> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    process.execPath,
    [program, path],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const hear = async (): Promise<Said> => {
    const line = await lines.next();
    return JSON.parse(String(line.value)) as Said;
  };
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  await hear();
  return {
    pid: child.pid ?? 0,
    tell(command) {
      child.stdin.write(`${command}\n`);
      return hear();
    },
    async endInput() {
      child.stdin.end();
      await ended;
      return child.exitCode;
    },
    kill,
  };
}
