import type { Command } from '../cli/command-line.ts';
import { systemClock } from '../clock/system-clock.ts';
import { isStepAside } from '../collect/keep-status.ts';
import type { Config } from '../config/config.ts';
import type { ErrorOutput } from '../output/error-output.ts';
import type { RunLog } from '../output/log.ts';
import { realStatePath } from '../state/real-state-path.ts';
import { acquireRunLock } from '../state/run-lock.ts';
import { windowPath } from '../state/window-checkpoint.ts';
import { keepRunStatus } from './keep-run-status.ts';
import { run } from './run.ts';
import { withConfig } from './with-config.ts';

/** Collects, or with `-s` looks whether it could; resolves with the exit code, whatever happens. */
export async function collectCommand(
  command: Extract<Command, { kind: 'collect' }>,
  stderr: ErrorOutput,
  print: (text: string) => void,
): Promise<number> {
  if (command.check) {
    const { checkCommand } = await import('./check-command.ts');
    return checkCommand({ ...command, json: false }, stderr, print);
  }
  return withConfig(command, stderr, (config, log) => runAlone(config, log, command.quiet));
}

/** Runs, unless another run is at work on the stream; between scheduled runs that is nothing to alarm anybody with. */
async function runAlone(chosen: Config, log: RunLog, quiet: boolean): Promise<number> {
  // A save renames over the path: that must be the file itself, and not a link to it.
  const config = { ...chosen, streamPosPath: await realStatePath(chosen.streamPosPath) };
  const { streamPosPath, window } = config;
  const path = window === undefined ? streamPosPath : windowPath(streamPosPath, window);
  const work = (workLog: RunLog): Promise<void> => runLocked(config, workLog, path);
  try {
    await (window === undefined ? keepRunStatus(config, log, work) : work(log));
  } catch (error) {
    if (!(isStepAside(error) && quiet && window === undefined)) throw error;
    log.info(error.message);
  }
  return 0;
}

async function runLocked(config: Config, log: RunLog, path: string): Promise<void> {
  const lock = await acquireRunLock({ path, budget: config.maxRuntime, clock: systemClock });
  await run(config, log).finally(() => lock.release());
}
