import type { Command } from '../cli/command-line.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { Config } from '../config/config.ts';
import { isFailure } from '../domain/failure.ts';
import type { ErrorOutput } from '../output/error-output.ts';
import type { RunLog } from '../output/log.ts';
import { realStatePath } from '../state/real-state-path.ts';
import { acquireRunLock } from '../state/run-lock.ts';
import { windowPath } from '../state/window-checkpoint.ts';
import { check } from './check.ts';
import { run } from './run.ts';
import { withConfig } from './with-config.ts';

/** Collects, or with `-s` looks whether it could; resolves with the exit code, whatever happens. */
export function collectCommand(
  command: Extract<Command, { kind: 'collect' }>,
  stderr: ErrorOutput,
  print: (text: string) => void,
): Promise<number> {
  return withConfig(command, stderr, (config, log) =>
    command.check ? check(config, log, print) : runAlone(config, log, command.quiet),
  );
}

/** Runs, unless another run is at work on the stream; between scheduled runs that is nothing to alarm anybody with. */
async function runAlone(config: Config, log: RunLog, quiet: boolean): Promise<number> {
  const { window, maxRuntime } = config;
  // A save renames over the path: that must be the file itself, and not a link to it.
  const streamPosPath = await realStatePath(config.streamPosPath);
  const path = window === undefined ? streamPosPath : windowPath(streamPosPath, window);
  try {
    const lock = await acquireRunLock({ path, budget: maxRuntime, clock: systemClock });
    await run({ ...config, streamPosPath }, log).finally(() => lock.release());
  } catch (error) {
    const isHarmless = isFailure(error) && error.kind === 'busy' && !error.overdue;
    if (!(isHarmless && quiet && window === undefined)) throw error;
    log.info(error.message);
  }
  return 0;
}
