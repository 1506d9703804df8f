import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { wat } from '../rules/wat-plugin.js';

const run = promisify(execFile);

/** What the simulation says, and how it ends. */
interface Said {
  readonly exitCode: number;
  readonly stdout: string;
}

/** Builds the simulation and runs it on all cores, as `npm run simulate` does. */
export async function runSimulation(...options: string[]): Promise<Said> {
  const folder = await mkdtemp(join(tmpdir(), 'simulation-'));
  try {
    const file = join(folder, 'simulate.mjs');
    const bundle = await rolldown({
      input: join(import.meta.dirname, 'simulate.ts'),
      platform: 'node',
      plugins: [wat()],
    });
    await bundle.write({ file });
    const { stdout } = await run(process.execPath, [file, ...options]);
    return { exitCode: 0, stdout };
  } catch (error) {
    if (!(error instanceof Error) || !('stdout' in error) || !('code' in error)) throw error;
    return { exitCode: Number(error.code), stdout: String(error.stdout) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
