import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { pageOf, textOf } from './page-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'okta-collector-output-'));
const source = fileURLToPath(new URL('./programs/write-lines.ts', import.meta.url));
const program = join(folder, 'write-lines.mjs');

beforeAll(async () => {
  const bundle = await rolldown({ input: source, platform: 'node' });
  await bundle.write({ file: program, format: 'esm' });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a shell command in which `$RUN` is the program that delivers pages. */
function start(command: string) {
  const child = spawn('/bin/bash', ['-o', 'pipefail', '-c', command], {
    cwd: folder,
    env: { ...process.env, RUN: `${process.execPath} ${program}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return { child, stdout: child.stdout, stderr: child.stderr };
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function run(command: string) {
  const { child, ...streams } = start(command);
  const [stdout, stderr] = await Promise.all([text(streams.stdout), text(streams.stderr)]);
  await exited(child);
  return { exitCode: child.exitCode, stdout, stderr: stderr.trim().split('\n') };
}

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('a pipe', () => {
  test('gets every byte of pages far larger than it holds, in order', async () => {
    const { exitCode, stdout } = await run('$RUN 3 20000 | cat');
    expect(exitCode).toBe(0);
    expect(stdout).toBe([0, 1, 2].map((page) => textOf(pageOf(20_000, page))).join(''));
  });

  test('whose reader goes away fails the delivery and does not kill the process', async () => {
    const { exitCode, stdout, stderr } = await run('$RUN 50 20000 | head -1');
    expect(exitCode).toBe(74);
    expect(stdout).toBe(textOf(pageOf(20_000).slice(0, 1)));
    expect(stderr.at(-1)).toBe('Cannot write events: the reader has closed standard output');
    expect(stderr).not.toContain('delivered page 49');
  });

  test('whose reader has gone before the first page fails the delivery', async () => {
    const { exitCode, stderr } = await run('mkfifo gone; (exec 3<gone) & exec >gone; wait; $RUN');
    expect(exitCode).toBe(74);
    expect(stderr.at(-1)).toBe('Cannot write events: the reader has closed standard output');
  });
});

describe('a reader that takes nothing', () => {
  test('lets the process end once it is abandoned, and the page is not delivered', async () => {
    const command = 'mkfifo stuck; exec $RUN 1 20000 abandon 3<>stuck >stuck';
    const { exitCode, stderr } = await run(command);
    expect(exitCode).toBe(74);
    expect(stderr).toEqual([
      'asked for page 0',
      'Cannot write events: the reader of standard output has stopped taking them',
    ]);
  });

  test('lets the process end as well if it should read standard error too', async () => {
    const command = 'mkfifo both; exec $RUN 1 20000 abandon 3<>both >both 2>&1';
    expect((await run(command)).exitCode).toBe(74);
  });

  test('at a socket lets the process end as well', async () => {
    const { child } = start('exec $RUN 1 20000 abandon');
    await exited(child);
    expect(child.exitCode).toBe(74);
  });
});

describe('a regular file', () => {
  test('gets every byte', async () => {
    const { exitCode } = await run('$RUN 2 20000 > events');
    expect(exitCode).toBe(0);
    expect(read('events')).toBe(textOf(pageOf(20_000, 0)) + textOf(pageOf(20_000, 1)));
  });

  test('with a torn last line gets it ended before the first page, and only there', async () => {
    writeFileSync(join(folder, 'torn'), '{"whole":1}\n{"torn":"in the mid');
    await run('$RUN 2 3 >> torn');
    const pages = textOf(pageOf(3, 0)) + textOf(pageOf(3, 1));
    expect(read('torn')).toBe(`{"whole":1}\n{"torn":"in the mid\n${pages}`);
  });

  test('whose last line is whole is only added to', async () => {
    writeFileSync(join(folder, 'whole'), '{"whole":1}\n');
    await run('$RUN 1 1 >> whole');
    expect(read('whole')).toBe(`{"whole":1}\n${textOf(pageOf(1))}`);
  });

  test('with a torn last line is left alone as long as there is nothing to write', async () => {
    writeFileSync(join(folder, 'idle'), '{"torn');
    const { exitCode } = await run('$RUN 1 0 >> idle');
    expect(exitCode).toBe(0);
    expect(read('idle')).toBe('{"torn');
  });

  test('that takes only the first part of a page fails the delivery', async () => {
    const { exitCode, stderr } = await run('ulimit -f 8; exec $RUN 1 1000 > limited');
    expect(exitCode).toBe(74);
    expect(read('limited')).toHaveLength(8192);
    expect(stderr).toEqual([
      'asked for page 0',
      'Cannot write events: the file behind standard output has reached the size allowed',
    ]);
  });

  test('that was cut in the middle of a line goes on with a line of its own', async () => {
    await run('ulimit -f 1; exec $RUN 1 1000 > resumed');
    await run('$RUN 1 1 >> resumed');
    const torn = textOf(pageOf(1000)).slice(0, 1024);
    expect(read('resumed')).toBe(`${torn}\n${textOf(pageOf(1))}`);
  });
});

describe('anything else', () => {
  test('/dev/full fails the delivery', async () => {
    const { exitCode, stderr } = await run('$RUN > /dev/full');
    expect(exitCode).toBe(74);
    expect(stderr.at(-1)).toBe('Cannot write events: the disk behind standard output is full');
  });

  test('/dev/null takes everything', async () => {
    expect((await run('$RUN 2 20000 > /dev/null')).exitCode).toBe(0);
  });

  test('standard output that is closed is refused before anything is asked for', async () => {
    const { exitCode, stderr } = await run('$RUN >&-');
    expect(exitCode).toBe(74);
    expect(stderr).toEqual(['Cannot write events: standard output is closed']);
  });

  test('standard output that is open for reading only fails the delivery', async () => {
    writeFileSync(join(folder, 'read-only'), '');
    const { exitCode, stderr } = await run('$RUN 1< read-only');
    expect(exitCode).toBe(74);
    expect(stderr.at(-1)).toBe('Cannot write events: standard output is closed');
  });
});
