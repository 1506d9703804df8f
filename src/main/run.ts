import { stopSignal } from '../clock/stop-signal.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { LiveRun } from '../collect/live-run.ts';
import { collectLive } from '../collect/live-run.ts';
import { Tally } from '../collect/tally.ts';
import type { WindowRun } from '../collect/window-run.ts';
import { collectWindow } from '../collect/window-run.ts';
import type { Config } from '../config/config.ts';
import { TransientError } from '../domain/failure.ts';
import type { RunEnd } from '../domain/run-summary.ts';
import { isCaughtUp } from '../domain/run-summary.ts';
import { Stop } from '../domain/stop.ts';
import type { RunLog } from '../output/log.ts';
import { retryWait } from '../okta/retry-policy.ts';
import { openStdout } from '../output/open-stdout.ts';
import { createStdoutSink } from '../output/stdout-sink.ts';
import { liveCheckpoints, openSystemLog, windowCheckpoints } from './world.ts';

type World = Omit<LiveRun & WindowRun, 'checkpoints' | 'window'>;

/** Collects the configured stream and sums up what was done; a run that was asked to stop has not failed. */
export async function run(config: Config, log: RunLog): Promise<void> {
  const tally = new Tally();
  const output = openStdout(log);
  const org = openSystemLog(config, log, config.pageLimit, retryWait);
  const stop = stopSignal(config.maxRuntime, systemClock);
  const sumUp = (ended: RunEnd): void => {
    const stream = config.window === undefined ? 'live' : 'window';
    log.summary({
      ...tally.counts,
      stream,
      ended,
      caughtUp: isCaughtUp(ended),
      traffic: org.traffic(),
    });
  };
  try {
    const sink = createStdoutSink(output);
    sumUp(
      await collectStream(config, {
        ...config,
        systemLog: org.systemLog,
        sink,
        clock: systemClock,
        log,
        tally,
        signal: stop.signal,
      }),
    );
  } catch (error) {
    const isStopped =
      error instanceof Stop && (error.ended === 'stopped by signal' || tally.counts.pages > 0);
    sumUp(isStopped ? error.ended : 'failed');
    if (isStopped) return;
    output.abandon();
    throw error instanceof Stop ? nothingCame(config, error) : error;
  } finally {
    stop.cancel();
    await org.close();
  }
}

function collectStream(config: Config, world: World): Promise<RunEnd> {
  const { window } = config;
  return window === undefined
    ? collectLive({ ...world, checkpoints: liveCheckpoints(config) })
    : collectWindow({ ...world, window, checkpoints: windowCheckpoints(config, window) });
}

/** The failure of a run whose time was over before anything came. */
export function nothingCame({ org, maxRuntime }: Config, cause: Stop): TransientError {
  return new TransientError(
    `Cannot read a page of "${org}" within ${maxRuntime / 1000} s: Okta does not answer or asks to wait`,
    { hint: 'The log says why; the next run goes on from here', cause },
  );
}
