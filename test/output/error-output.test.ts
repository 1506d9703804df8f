import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'okta-collector-stderr-'));
const source = fileURLToPath(new URL('./programs/write-log.ts', import.meta.url));
const program = join(folder, 'write-log.mjs');

beforeAll(async () => {
  const bundle = await rolldown({ input: source, platform: 'node' });
  await bundle.write({ file: program, format: 'esm', codeSplitting: false });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a shell command in which `$RUN` is a program that logs to a person. */
async function run(command: string, environment: Readonly<Record<string, string>> = {}) {
  const child = spawn('/bin/bash', ['-o', 'pipefail', '-c', command], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      TZ: 'UTC',
      TERM: 'xterm-256color',
      RUN: `${process.execPath} ${program}`,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode: child.exitCode, stdout, stderr };
}

const plain = [
  '00:00:00 info  Page delivered  events=1000',
  '00:00:00 error Cannot read page "1": it is \\u{1b}[31mno JSON\\nat all',
  '',
].join('\n');

describe('openStderr', () => {
  test('writes plain lines to a pipe, and nothing on stdout', async () => {
    expect(await run('$RUN')).toEqual({ exitCode: 0, stdout: '', stderr: plain });
  });

  test('writes plain lines to a file', async () => {
    await run('$RUN 2> told');
    expect(readFileSync(join(folder, 'told'), 'utf8')).toBe(plain);
  });

  test('shows colours on a terminal', async () => {
    const { stdout } = await run('script -qec "$RUN" /dev/null');
    expect(stdout).toContain(
      '\u001b[2m00:00:00\u001b[0m \u001b[32minfo \u001b[0m Page delivered  \u001b[2mevents=1000\u001b[0m',
    );
    expect(stdout).toContain('\u001b[31merror\u001b[0m Cannot read page');
  });

  test('shows no colours on a terminal where NO_COLOR is set', async () => {
    const { stdout } = await run('script -qec "$RUN" /dev/null', { NO_COLOR: '1' });
    expect(stdout.replaceAll('\r\n', '\n')).toBe(plain);
  });

  test.each(['$RUN 2>&-', '$RUN 2> /dev/full', '$RUN 2> >(exec true)'])(
    'nobody to read it changes nothing: %s',
    async (command) => {
      expect((await run(`${command} ; exit $?`)).exitCode).toBe(0);
    },
  );
});
