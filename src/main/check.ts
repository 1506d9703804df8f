import { stopSignal } from '../clock/stop-signal.ts';
import { systemClock } from '../clock/system-clock.ts';
import { checkAccess } from '../collect/check-access.ts';
import type { Config } from '../config/config.ts';
import { describeFindings } from '../output/findings.ts';
import type { RunLog } from '../output/log.ts';
import { liveCheckpoints, openSystemLog, windowCheckpoints } from './world.ts';

/** Says what a run would meet: the position, Okta, the clock. Resolves with the exit code of the first fault. */
export async function check(
  config: Config,
  log: RunLog,
  print: (text: string) => void,
): Promise<number> {
  const org = openSystemLog(config, log, 1);
  const stop = stopSignal(config.maxRuntime, systemClock);
  const { window } = config;
  const checkpoints =
    window === undefined ? liveCheckpoints(config) : windowCheckpoints(config, window);
  const configuration = {
    text: `The configuration is complete (${config.file ?? 'environment and options'})`,
    exitCode: 0,
    hint: undefined,
  };
  const looking = checkAccess(org.systemLog, checkpoints, systemClock, stop.signal);
  const found = await looking.finally(async () => {
    stop.cancel();
    await org.close();
  });
  const findings = [configuration, ...found];
  print(describeFindings(findings));
  return findings.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0;
}
