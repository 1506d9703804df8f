import { fileURLToPath } from 'node:url';
import type { ConfigChoice } from '../cli/config-options.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/config.ts';
import type { ErrorOutput } from '../output/error-output.ts';
import type { RunLog } from '../output/log.ts';
import { tellFailure } from './tell-failure.ts';
import { openLog, openLogBeside } from './world.ts';

/** The program's own folder: the bundle lies in a folder of it. */
const INSTALLATION = fileURLToPath(new URL('..', import.meta.url));

/** Work that is done with a configuration and its log; resolves with the exit code. */
type ConfiguredWork = (config: Config, log: RunLog) => Promise<number>;

/** Loads the configuration, opens its log and works with both; resolves with the exit code, whatever happens. */
export async function withConfig(
  choice: ConfigChoice,
  stderr: ErrorOutput,
  work: ConfiguredWork,
): Promise<number> {
  let config: Config;
  try {
    config = await loadConfig({
      ...choice,
      environment: process.env,
      workingFolder: workingFolder(),
      installation: INSTALLATION,
      now: systemClock.now(),
    });
  } catch (error) {
    const log = choice.quiet ? openLogBeside(INSTALLATION) : undefined;
    return tellFailure(error, choice.quiet, stderr, log);
  }
  const log = openLog(config, choice.quiet, stderr);
  logWarningsOfNode(log);
  try {
    for (const warning of config.warnings) log.warn(warning);
    return await work(config, log);
  } catch (error) {
    return tellFailure(error, choice.quiet, stderr, log);
  } finally {
    const problem = choice.quiet ? undefined : log.problem();
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
