import { onTestFinished } from 'vitest';
import { parseInstant } from '../../src/domain/time.ts';
import type { Instant } from '../../src/domain/time.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { movableClock } from './movable-clock.ts';

/** A moment that must be one. */
export function at(text: string): Instant {
  const moment = parseInstant(text);
  if (moment === undefined) throw new Error(`not a moment: ${text}`);
  return moment;
}

/** When the sandboxes of these tests start. */
export const start = at('2026-11-15T12:00:00.000Z');

/** A sandbox for one test, and the clock that it goes by. */
export async function running(
  options: Partial<SandboxOptions> = {},
): Promise<{ sandbox: Sandbox; clock: ReturnType<typeof movableClock> }> {
  const clock = movableClock(start);
  const sandbox = await startSandbox({ clock, ...options });
  onTestFinished(() => sandbox.close());
  return { sandbox, clock };
}
