import { stopSignal } from '../clock/stop-signal.ts';
import { systemClock } from '../clock/system-clock.ts';
import { checkAccess } from '../collect/check-access.ts';
import type { Config } from '../config/config.ts';
import { Stop } from '../domain/stop.ts';
import { neverRetry } from '../okta/retry-policy.ts';
import { describeFindings } from '../output/findings.ts';
import type { RunLog } from '../output/log.ts';
import { liveCheckpoints, openSystemLog, windowCheckpoints } from './world.ts';

/** Says what a run would meet: the position, Okta, the clock. Resolves with the exit code of the first fault. */
export async function check(
  config: Config,
  log: RunLog,
  print: (text: string) => void,
): Promise<number> {
  const org = openSystemLog(config, log, 1, neverRetry);
  const stop = stopSignal(config.maxRuntime, systemClock);
  const { window } = config;
  const checkpoints =
    window === undefined ? liveCheckpoints(config) : windowCheckpoints(config, window);
  const configuration = {
    text: `The configuration is complete (${config.file ?? 'environment and options'})`,
    exitCode: 0,
    hint: undefined,
  };
  try {
    const found = await checkAccess(org.systemLog, checkpoints, systemClock, stop.signal);
    const findings = [configuration, ...found];
    print(describeFindings(findings));
    return findings.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0;
  } catch (error) {
    if (error instanceof Stop) return 0;
    throw error;
  } finally {
    stop.cancel();
    await org.close();
  }
}
