import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Installation } from './unpack.ts';

/** How a run ended, and what it has brought. */
export interface ProgramRunEnd {
  /** `undefined` if a signal ended it. */
  readonly exitCode: number | undefined;
  /** What this run wrote, and not what was in the file before. */
  readonly output: Buffer;
  readonly stderr: string;
}

/** A run of the program at work. */
export interface ProgramRun {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Standard output; `undefined` if it goes to a file. */
  readonly stdout: Readable | undefined;
  readonly ended: Promise<ProgramRunEnd>;
}

/**
 * Starts a quiet run whose events go to a pipe, or are appended to a file.
 * Belongs to no test: whoever starts it sees to its end.
 */
export async function startProgramRun(
  { folder }: Installation,
  args: readonly string[] = [],
  file?: string,
): Promise<ProgramRun> {
  const target = file === undefined ? undefined : await appendTo(file);
  const program = join(folder, 'bin', 'okta-collector');
  const child = spawn(process.execPath, [program, ...args, '--quiet'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', target?.descriptor ?? 'pipe', 'pipe'],
  });
  const { pid = 0, stdout, stderr } = child;
  const output = collect(stdout);
  const errors = collect(stderr);
  const closed = once(child, 'close');
  await target?.close();
  return {
    pid,
    kill: (signal) => void child.kill(signal),
    stdout: stdout ?? undefined,
    ended: closed.then(async () => ({
      exitCode: child.exitCode ?? undefined,
      output: (await target?.added()) ?? Buffer.concat(output),
      stderr: Buffer.concat(errors).toString(),
    })),
  };
}

async function appendTo(file: string) {
  const handle = await open(file, 'a');
  const { size } = await handle.stat();
  return {
    descriptor: handle.fd,
    close: () => handle.close(),
    added: async () => (await readFile(file)).subarray(size),
  };
}

/** The chunks of a stream; complete once it has closed. */
function collect(stream: Readable | null): readonly Buffer[] {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return chunks;
}
