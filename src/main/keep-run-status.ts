import { systemClock } from '../clock/system-clock.ts';
import { keepStatus } from '../collect/keep-status.ts';
import type { RunReport } from '../collect/keep-status.ts';
import type { Config } from '../config/config.ts';
import type { LogFields } from '../domain/log.ts';
import type { RunLog } from '../output/log.ts';
import { createStatusFile } from '../state/status-file.ts';
import { systemDisk } from '../state/system-disk.ts';

/** Does a run of the live stream, and keeps in the status file what it tells its log and how it ends. */
export function keepRunStatus(
  { org, streamPosPath }: Config,
  log: RunLog,
  run: (log: RunLog) => Promise<void>,
): Promise<void> {
  const store = createStatusFile(systemDisk, streamPosPath);
  return keepStatus({ org, store, clock: systemClock, log }, (report) =>
    run(overheard(log, report)),
  );
}

/** The same log, with somebody who listens. */
function overheard(log: RunLog, report: RunReport): RunLog {
  const heard = (level: 'info' | 'warn' | 'error') => {
    return (message: string, fields?: LogFields): void => {
      log[level](message, fields);
      report.recorded(message, fields);
    };
  };
  return {
    ...log,
    info: heard('info'),
    warn: heard('warn'),
    error: heard('error'),
    summary(summary) {
      log.summary(summary);
      report.summed(summary);
    },
  };
}
