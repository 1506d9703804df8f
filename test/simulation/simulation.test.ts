import { expect, test } from 'vitest';
import { runSimulation } from './run-simulation.ts';

test('2,000 lives of an installation lose nothing, and repeat nothing without a reason', async () => {
  const { exitCode, stdout } = await runSimulation('--lives', '2000');
  expect(stdout).toContain('lives 2000,');
  expect(stdout).toContain('lives with a broken promise: 0');
  expect(exitCode).toBe(0);
}, 600_000);
