import type { ConfigChoice } from '../cli/config-options.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/config.ts';
import type { ErrorOutput } from '../output/error-output.ts';
import type { RunLog } from '../output/log.ts';
import { INSTALLATION, workingFolder } from './installation.ts';
import { tellFailure } from './tell-failure.ts';
import { openLog, openLogBeside } from './world.ts';

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
    config = await readConfig(choice);
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

/** The configuration that was chosen, from all places where it can be set. Rejects with a `ConfigError`. */
export function readConfig(choice: ConfigChoice): Promise<Config> {
  return loadConfig({
    ...choice,
    environment: process.env,
    workingFolder: workingFolder(),
    installation: INSTALLATION,
    now: systemClock.now(),
  });
}

/** What Node itself has to say would go to standard error, where a quiet run says nothing. */
function logWarningsOfNode(log: RunLog): void {
  process.removeAllListeners('warning').on('warning', ({ message }) => {
    log.warn(message);
  });
}
