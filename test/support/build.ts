import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder that holds the program as it is shipped: bin, dist and package.json. */
    readonly program: string;
  }
}

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the program once for all test files, apart from `dist`, so that tests run what the sources say. */
export default async function build(project: TestProject): Promise<() => Promise<void>> {
  const program = await mkdtemp(join(tmpdir(), 'okta-collector-program-'));
  const remove = (): Promise<void> => rm(program, { recursive: true });
  try {
    await buildInto(program);
  } catch (error) {
    await remove();
    throw error;
  }
  project.provide('program', program);
  return remove;
}

async function buildInto(folder: string): Promise<void> {
  const rolldown = join(repository, 'node_modules', 'rolldown', 'bin', 'cli.mjs');
  const config = join('test', 'rules', 'bundle.config.js');
  const args = [rolldown, '--config', config, '--dir', join(folder, 'dist')];
  await promisify(execFile)(process.execPath, args, { cwd: repository });
  for (const part of ['bin', 'package.json']) {
    await cp(join(repository, part), join(folder, part), { recursive: true });
  }
}
