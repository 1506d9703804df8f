import { randomInt } from 'node:crypto';
import { stopSignal } from '../clock/stop-signal.ts';
import { systemClock } from '../clock/system-clock.ts';
import { check as checkWorld } from '../collect/check.ts';
import type { Config } from '../config/config.ts';
import type { Finding } from '../domain/finding.ts';
import { remark, works } from '../domain/finding.ts';
import type { Machine } from '../domain/looks.ts';
import { Stop } from '../domain/stop.ts';
import { createAccess } from '../okta/look-at-access.ts';
import { createWay } from '../okta/look-at-way.ts';
import { createTransport } from '../okta/transport.ts';
import { withoutEcho } from '../okta/without-echo.ts';
import { findingText } from '../output/check-text.ts';
import { describeOutput } from '../output/describe-output.ts';
import type { RunLog } from '../output/log.ts';
import { lookAtLock } from '../state/look-at-lock.ts';
import { freeBytes, lookAtState, writtenAt } from '../state/look-at-state.ts';
import { windowPath } from '../state/window-checkpoint.ts';
import { openCredentials } from './credentials.ts';
import { unfinished } from './unfinished.ts';
import { version } from './version.ts';
import { liveCheckpoints, scheduledLog, windowCheckpoints } from './world.ts';

const stdout = 1;

/** Looks at all that a run depends on and prints it for a person, line by line. Resolves with the exit code of the first fault. */
export async function check(
  config: Config,
  log: RunLog,
  print: (text: string) => void,
): Promise<number> {
  const findings = await findAll(config, log, (finding) => {
    print(findingText(finding));
  });
  return exitCodeOfFirst(findings);
}

/** Looks at all that a run depends on, and tells each finding as soon as it is there. Rejects with a `TransientError` if it is stopped. */
export async function findAll(
  config: Config,
  log: RunLog,
  tell: (finding: Finding) => void,
): Promise<readonly Finding[]> {
  const stop = stopSignal(config.maxRuntime, systemClock);
  const transport = createTransport(config.network);
  const findings: Finding[] = [];
  const found = (finding: Finding): void => {
    findings.push(finding);
    tell(finding);
  };
  try {
    found(configFinding(config));
    const { proxy } = config.network;
    const world = {
      machine: machineOf(config),
      checkpoints: checkpointsOf(config),
      way: createWay(config.org, config.network),
      proxy,
      access: openAccess(config, log, withoutEcho(transport.exchange)),
      signer: config.credential.kind === 'api token' ? 'API token' : 'service app',
      clock: systemClock,
      signal: stop.signal,
    };
    for await (const finding of checkWorld(world)) found(finding);
  } catch (error) {
    throw error instanceof Stop ? unfinished('the check', error) : error;
  } finally {
    stop.cancel();
    await transport.close();
  }
  return findings;
}

/** What a run would end with. */
export function exitCodeOfFirst(findings: readonly Finding[]): number {
  return findings.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0;
}

function configFinding({ file, warnings }: Config): Finding {
  const text = `It is complete (${file === undefined ? 'environment and options' : `"${file}"`})`;
  return warnings.length === 0
    ? works('Configuration', text)
    : remark('Configuration', text, warnings.join('; '));
}

function machineOf(config: Config): Machine {
  const { streamPosPath, window } = config;
  const path = window === undefined ? streamPosPath : windowPath(streamPosPath, window);
  return {
    lookAtState: () => lookAtState(streamPosPath, scheduledLog(config)),
    savedAt: () => writtenAt(path),
    freeBytes: () => freeBytes(streamPosPath),
    lookAtLock: () => lookAtLock(path),
    describeOutput: () => describeOutput(stdout),
  };
}

function checkpointsOf(config: Config) {
  const { window } = config;
  return window === undefined ? liveCheckpoints(config) : windowCheckpoints(config, window);
}

function openAccess(config: Config, log: RunLog, exchange: Parameters<typeof withoutEcho>[0]) {
  const means = {
    userAgent: `okta-collector/${version}`,
    exchange,
    chance: (): number => randomInt(2 ** 32) / 2 ** 32,
  };
  const credentials = openCredentials(config, log, means);
  return createAccess({ ...means, org: config.org, credentials, clock: systemClock, log });
}
