import type { StatusChoice, StatusForm } from '../cli/status-options.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { Config } from '../config/config.ts';
import { UNHEALTHY_EXIT_CODE } from '../domain/exit-code.ts';
import { CheckpointError } from '../domain/failure.ts';
import type { KnownOfStream } from '../domain/status-health.ts';
import type { StatusReport } from '../domain/status-report.ts';
import { statusReport } from '../domain/status-report.ts';
import type { ErrorOutput } from '../output/error-output.ts';
import { statusJson } from '../output/status-json.ts';
import { statusMetrics, unknownMetrics } from '../output/status-metrics.ts';
import { statusText } from '../output/status-text.ts';
import { diagnose, systemCode } from '../state/disk-error.ts';
import { lookAtLock } from '../state/look-at-lock.ts';
import { realStatePath } from '../state/real-state-path.ts';
import { createStatusFile, statusPath } from '../state/status-file.ts';
import { systemDisk } from '../state/system-disk.ts';
import { withConfig } from './with-config.ts';
import { liveCheckpoints } from './world.ts';

const FORMATS: Readonly<Record<StatusForm, (report: StatusReport) => string>> = {
  text: statusText,
  json: statusJson,
  prometheus: statusMetrics,
};

const ABOUT_THE_LIVE_STREAM =
  'The configuration asks for a fixed window, of which there is no status: this is that of the live stream';

/** Says how collection of the live stream goes, by what lies in the state files; resolves with the exit code. */
export async function statusCommand(
  { form, ...choice }: StatusChoice,
  stderr: ErrorOutput,
  print: (text: string) => void,
): Promise<number> {
  const exitCode = await withConfig(choice, stderr, async (config, log) => {
    if (config.window !== undefined) log.warn(ABOUT_THE_LIVE_STREAM);
    const report = statusReport(config.org, await lookAtFiles(config));
    print(FORMATS[form](report));
    return report.health.complaints.length === 0 ? 0 : UNHEALTHY_EXIT_CODE;
  });
  const isAnswered = exitCode === 0 || exitCode === UNHEALTHY_EXIT_CODE;
  if (!isAnswered && form === 'prometheus') print(unknownMetrics());
  return exitCode;
}

async function lookAtFiles(config: Config): Promise<KnownOfStream> {
  const now = systemClock.now();
  const nothing = { now, status: undefined, statusError: undefined, checkpoint: undefined };
  try {
    const streamPosPath = await realStatePath(config.streamPosPath);
    const known = {
      now,
      ...(await lookAtStatus(streamPosPath)),
      lock: await lookAtLock(streamPosPath),
    };
    return { ...known, ...(await lookAtCheckpoint({ ...config, streamPosPath })) };
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    return { ...nothing, lock: 'free', checkpointError: error };
  }
}

/** One that cannot be read must not be taken for one that is not there: it may tell of failures. */
async function lookAtStatus(
  streamPosPath: string,
): Promise<Pick<KnownOfStream, 'status' | 'statusError'>> {
  try {
    const status = await createStatusFile(systemDisk, streamPosPath).load();
    return { status, statusError: undefined };
  } catch (error) {
    return { status: undefined, statusError: unreadable(statusPath(streamPosPath), error) };
  }
}

function unreadable(path: string, error: unknown): CheckpointError {
  const { state } = diagnose(systemCode(error) ?? String(error), path);
  return new CheckpointError(`Cannot read the status "${path}": ${state}`, {
    hint: 'Ask as the user that runs okta-collector, and see that this is a file of that user',
    cause: error,
  });
}

async function lookAtCheckpoint(
  config: Config,
): Promise<Pick<KnownOfStream, 'checkpoint' | 'checkpointError'>> {
  try {
    const found = await liveCheckpoints(config).load();
    return { checkpoint: found?.checkpoint, checkpointError: undefined };
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    return { checkpoint: undefined, checkpointError: error };
  }
}
