import { expect, test } from 'vitest';
import { controls } from './controls.ts';
import { runSimulation } from './run-simulation.ts';

test('each deliberate bug breaks its promise within 2,000 lives', async () => {
  const { exitCode, stdout } = await runSimulation('--controls', '1', '--lives', '2000');
  for (const { name } of controls) expect(stdout).toContain(name);
  expect(stdout).not.toContain('not found');
  expect(exitCode).toBe(0);
}, 600_000);
