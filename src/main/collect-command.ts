import { fileURLToPath } from 'node:url';
import type { Command } from '../cli/command-line.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/config.ts';
import { isFailure } from '../domain/failure.ts';
import type { ErrorOutput } from '../output/error-output.ts';
import type { RunLog } from '../output/log.ts';
import { realStatePath } from '../state/real-state-path.ts';
import { acquireRunLock } from '../state/run-lock.ts';
import { windowPath } from '../state/window-checkpoint.ts';
import { check } from './check.ts';
import { run } from './run.ts';
import { tellFailure } from './tell-failure.ts';
import { openLog, openLogBeside } from './world.ts';

/** The program's own folder: the bundle lies in a folder of it. */
const INSTALLATION = fileURLToPath(new URL('..', import.meta.url));

/** Collects, or with `-s` looks whether it could; resolves with the exit code, whatever happens. */
export async function collectCommand(
  command: Extract<Command, { kind: 'collect' }>,
  stderr: ErrorOutput,
  print: (text: string) => void,
): Promise<number> {
  let config: Config;
  try {
    config = await loadConfig({
      ...command,
      environment: process.env,
      workingFolder: workingFolder(),
      installation: INSTALLATION,
      now: systemClock.now(),
    });
  } catch (error) {
    const log = command.quiet ? openLogBeside(INSTALLATION) : undefined;
    return tellFailure(error, command.quiet, stderr, log);
  }
  const log = openLog(config, command.quiet, stderr);
  logWarningsOfNode(log);
  try {
    for (const warning of config.warnings) log.warn(warning);
    if (command.check) return await check(config, log, print);
    return await runAlone(config, log, command.quiet);
  } catch (error) {
    return tellFailure(error, command.quiet, stderr, log);
  } finally {
    const problem = command.quiet ? undefined : log.problem();
    if (problem !== undefined) stderr.write(`${problem}\n`);
  }
}

/** A working directory that was deleted under us is no reason not to run. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return INSTALLATION;
  }
}

/** What Node itself has to say would go to standard error, where a quiet run says nothing. */
function logWarningsOfNode(log: RunLog): void {
  process.removeAllListeners('warning').on('warning', ({ message }) => {
    log.warn(message);
  });
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
