import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { repository, toolFile } from './places.ts';

/** Where the program meets Node itself. What is left out says nothing of Node, or takes minutes. */
const PARTS = [
  'test/collect',
  'test/config',
  'test/okta',
  'test/output',
  'test/sandbox',
  'test/state',
  'test/faults/network',
  'test/e2e/live',
  'test/e2e/network',
  'test/e2e/windows',
  'test/e2e/wrapper',
];

interface Ended {
  readonly failed: boolean;
  readonly printed: string;
}

/** Runs the tests with a Node that was installed; what they print has no colours. */
function runTests(bin: string): Promise<Ended> {
  const vitest = 'node_modules/vitest/vitest.mjs';
  const args = [vitest, 'run', '--config', 'test/rules/vitest.config.ts', ...PARTS];
  const { PATH = '', HOME = '' } = process.env;
  const environment = { PATH: `${bin}${delimiter}${PATH}`, HOME, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(
      `${bin}/node`,
      args,
      { cwd: repository, env: environment },
      (error, stdout, stderr) => {
        resolve({ failed: error !== null, printed: stdout + stderr });
      },
    );
  });
}

test.each(['node-24', 'node-26'])('the tests of what meets Node hold on %s', async (name) => {
  const { failed, printed } = await runTests(toolFile(name, 'bin'));
  expect(failed, printed).toBe(false);
  expect(printed).toMatch(/Tests {2}[\d]{3,} passed/);
});
