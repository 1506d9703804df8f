import { resolve } from 'node:path';
import type { BackfillManner } from '../cli/backfill-options.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { Config } from '../config/config.ts';
import type { BackfillSink } from '../domain/backfill-sink.ts';
import type { Window } from '../domain/time.ts';
import { days } from '../domain/time.ts';
import { DayFiles } from '../output/day-files.ts';
import type { RunLog } from '../output/log.ts';
import { manifestPath } from '../output/manifest.ts';
import { openStdout } from '../output/open-stdout.ts';
import { createStdoutSink } from '../output/stdout-sink.ts';
import { idOfBackfill } from '../state/backfill-file.ts';
import type { BackfillRequest } from '../state/backfill-json.ts';
import { acquireRunLock } from '../state/run-lock.ts';
import { workingFolder } from './installation.ts';

/** Where the events of a backfill go. */
export interface BackfillOutput {
  /** For a window, once that is known; the one before is done with. */
  openSink(window: Window): Promise<BackfillSink>;
  /** Gives up on a reader that takes nothing, so that the process can end. */
  abandon(): void;
  /** Lets others write there. */
  release(): Promise<void>;
}

/** A backfill has no time budget by which a hanging one could be told. */
export const LOCK_BUDGET = days(366);

/** Standard output, or a folder of day files. Throws an `OutputError` if standard output is closed. */
export function openBackfillOutput(
  { org }: Config,
  request: BackfillRequest,
  { outputDir, isCompressed }: BackfillManner,
  log: RunLog,
): BackfillOutput {
  if (outputDir === undefined) return toStdout(log);
  const folder = resolve(workingFolder(), outputDir);
  const options = { folder, isCompressed, org, log, backfill: idOfBackfill(request) };
  return toFolder((window) => new DayFiles({ ...options, window }), manifestPath(folder));
}

/** A pipe takes nothing back, and a file of whoever calls is not ours to cut. */
function toStdout(log: RunLog): BackfillOutput {
  const output = openStdout(log);
  const sink: BackfillSink = {
    ...createStdoutSink(output),
    resume: () => Promise.resolve(),
    marks: () => undefined,
    completeUntil: () => Promise.resolve(),
  };
  return {
    openSink: () => Promise.resolve(sink),
    abandon: () => {
      output.abandon();
    },
    release: () => Promise.resolve(),
  };
}

/**
 * The folder belongs to this process from `resume` on, which makes it if need be: before its manifest
 * is read, or a day that another backfill completes meanwhile would be struck off the list again.
 */
function toFolder(open: (window: Window) => DayFiles, lockPath: string): BackfillOutput {
  let lock: { release(): Promise<void> } | undefined;
  const sinkOf = (files: DayFiles): BackfillSink => ({
    async resume(saved) {
      files.makeFolder();
      lock ??= await acquireRunLock({ path: lockPath, budget: LOCK_BUDGET, clock: systemClock });
      await files.resume(saved);
    },
    deliver: (events) => files.deliver(events),
    marks: () => files.marks(),
    completeUntil: (moment) => files.completeUntil(moment),
  });
  return {
    openSink: (window) => Promise.resolve(sinkOf(open(window))),
    abandon: () => undefined,
    release: async () => lock?.release(),
  };
}
