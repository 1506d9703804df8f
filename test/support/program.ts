import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Installation } from './installation.ts';

/** How a process ended, and what it had to say. */
export interface Ended {
  /** `undefined` if a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A process at work, which ends with its test at the latest. */
export interface Running {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Resolves once it has ended, even if some of its output was not read. */
  readonly exited: Promise<unknown>;
  /** Resolves once standard output has brought so many lines; rejects if it ends before. */
  printed(lines: number): Promise<void>;
  /** Resolves once there is something on standard output, and leaves it there. */
  hasPrinted(): Promise<void>;
  /** Begins to read standard output. */
  read(): void;
  /** Closes standard output as a reader that goes away does. */
  hangUp(): void;
  /** Resolves once it has ended and all output that anybody takes was read. */
  readonly ended: Promise<Ended>;
}

interface StartOptions {
  readonly folder: string;
  /** All variables there are; by default `PATH` only. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether standard output is left unread until `read` is called. */
  readonly stalled?: boolean;
}

/** Starts a process whose standard input is empty and whose output goes to pipes. */
export function start(
  command: string,
  args: readonly string[],
  { folder, environment = { PATH: process.env['PATH'] ?? '' }, stalled = false }: StartOptions,
): Running {
  const child = spawn(command, args, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { stdout, stderr } = child;
  const output = { chunks: new Array<Buffer>(), lines: 0, errors: '' };
  const exited = once(child, 'exit');
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    stdout.destroy();
    await closed;
  });
  stderr.setEncoding('utf8').on('data', (text: string) => (output.errors += text));
  const read = (): void => {
    stdout.on('data', (chunk: Buffer) => {
      output.chunks.push(chunk);
      output.lines += chunk.filter((byte) => byte === 0x0a).length;
    });
    stdout.resume();
  };
  if (!stalled) read();
  return {
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    exited,
    read,
    hangUp: () => void stdout.destroy(),
    printed: (lines) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.lines < lines) return;
          stdout.off('data', look);
          resolve();
        };
        stdout.on('data', look).once('end', () => {
          reject(new Error(`only ${output.lines} lines: ${output.errors}`));
        });
        look();
      }),
    async hasPrinted() {
      await once(stdout, 'readable');
    },
    ended: closed.then(() => ({
      exitCode: child.exitCode ?? undefined,
      stdout: Buffer.concat(output.chunks),
      stderr: output.errors,
    })),
  };
}

/** Starts `okta-collector` from the folder that it is installed in. */
export function startCollector(
  { folder }: Installation,
  args: readonly string[] = [],
  options: Omit<StartOptions, 'folder'> = {},
): Running {
  const program = join(folder, 'bin', 'okta-collector');
  return start(process.execPath, [program, ...args], { folder, ...options });
}

/** Runs `okta-collector` to its end. */
export function collect(installation: Installation, ...args: readonly string[]): Promise<Ended> {
  return startCollector(installation, args).ended;
}

/** Runs a line of bash to its end, in which `collector` is the program. */
export function shell({ folder }: Installation, line: string): Promise<Ended> {
  const program = join(folder, 'bin', 'okta-collector');
  const script = `collector() { exec '${process.execPath}' '${program}' "$@"; }\n${line}`;
  return start('/bin/bash', ['-c', script], { folder }).ended;
}
