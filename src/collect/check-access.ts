import type { Checkpoint, CheckpointStore } from '../domain/checkpoint.ts';
import type { Clock } from '../domain/clock.ts';
import { exitCodeOf } from '../domain/exit-code.ts';
import { isFailure } from '../domain/failure.ts';
import type { Finding } from '../domain/finding.ts';
import type { SystemLog } from '../domain/system-log.ts';
import type { Instant } from '../domain/time.ts';
import {
  between,
  days,
  describeDuration,
  earlier,
  formatInstant,
  minutes,
} from '../domain/time.ts';

/** A difference beyond this points to a clock that nobody sets. */
const CLOCK_TOLERANCE = minutes(1);

/** Looks whether the position can be read and asks Okta for one event; resolves with what was found, in that order. */
export async function checkAccess(
  systemLog: SystemLog,
  checkpoints: CheckpointStore<Checkpoint>,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  return [
    await finding(async () => positionText(await checkpoints.load())),
    ...(await oktaFindings(systemLog, clock, signal)),
  ];
}

async function oktaFindings(
  systemLog: SystemLog,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const since = earlier(clock.now(), days(1));
  let serverTime: Instant | undefined;
  const access = await finding(async () => {
    for await (const page of systemLog.pages({ kind: 'since', since }, signal)) {
      serverTime = page.serverTime;
      return page.events.length > 0
        ? 'Okta answers, and the credentials may read the System Log'
        : 'Okta answers; it shows no event of the last day, which is rare: see whether the role may read all events';
    }
    return 'Okta answers';
  });
  return serverTime === undefined ? [access] : [access, clockFinding(serverTime, clock.now())];
}

function clockFinding(serverTime: Instant, now: Instant): Finding {
  const difference = between(serverTime, now);
  if (Math.abs(difference) <= CLOCK_TOLERANCE) {
    return {
      exitCode: 0,
      text: 'The clock of this machine agrees with that of Okta',
      hint: undefined,
    };
  }
  const how = difference > 0 ? 'ahead of' : 'behind';
  return {
    exitCode: 0,
    text: `The clock of this machine is ${describeDuration(difference)} ${how} that of Okta`,
    hint: 'Collection goes by the time of Okta; set the clock all the same, for logs and certificates go by it',
  };
}

function positionText(found: Awaited<ReturnType<CheckpointStore<Checkpoint>['load']>>): string {
  if (found === undefined)
    return 'There is no checkpoint yet: the first run begins at start_time, or 7 days ago';
  const { checkpoint, writer } = found;
  if (checkpoint.stream === 'window')
    return 'The window was begun by an earlier run, which is gone on with';
  const { tipReachedAt: tip, start } = checkpoint;
  const reached =
    tip === undefined
      ? `begun at ${formatInstant(start)}`
      : `last read to its end at ${formatInstant(tip)}`;
  return `The checkpoint of ${writer} is understood: a stream ${reached}`;
}

async function finding(look: () => Promise<string>): Promise<Finding> {
  try {
    return { exitCode: 0, text: await look(), hint: undefined };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { exitCode: exitCodeOf(error), text: error.message, hint: error.hint };
  }
}
