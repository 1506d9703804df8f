import type { Command } from '../cli/command-line.ts';
import { stopSignal } from '../clock/stop-signal.ts';
import { systemClock } from '../clock/system-clock.ts';
import { runSandboxCommand } from '../sandbox/command.ts';

/** Runs the embedded Okta org until a signal comes. */
export async function sandboxCommand(
  command: Extract<Command, { kind: 'sandbox' }>,
  print: (text: string) => void,
): Promise<void> {
  const stop = stopSignal(undefined, systemClock);
  await runSandboxCommand(command, systemClock, print, stop.signal);
}
