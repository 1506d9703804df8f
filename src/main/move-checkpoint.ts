import { systemClock } from '../clock/system-clock.ts';
import { Refusal } from '../config/key.ts';
import { readStart } from '../config/time-bound.ts';
import { isFailure, UsageError } from '../domain/failure.ts';
import { beginning } from '../domain/held-pages.ts';
import { readUpToOf } from '../domain/read-up-to.ts';
import { RETENTION } from '../domain/retention.ts';
import type { Instant } from '../domain/time.ts';
import { earlier, formatInstant, minutes, momentOf } from '../domain/time.ts';
import { printable } from '../output/printable.ts';
import { copyCheckpoint, moveCheckpoint } from '../state/checkpoint-backup.ts';
import { acquireRunLock } from '../state/run-lock.ts';
import { systemDisk } from '../state/system-disk.ts';
import type { ConfiguredStream } from './configured-stream.ts';
import { loadCheckpoint } from './configured-stream.ts';
import { liveCheckpoints } from './world.ts';

/**
 * Lets the next run of the live stream begin at a time; resolves with what was done and what follows.
 * Rejects with a `BusyError` while a run is at work, and with a `UsageError` if the time makes no sense.
 */
export async function setCheckpoint(stream: ConfiguredStream, text: string): Promise<string> {
  const { config, path } = stream;
  const now = systemClock.now();
  const since = readSince(text, now);
  if (config.window !== undefined) {
    throw new UsageError('Cannot set where a window goes on: end_time is set', {
      hint: 'Take end_time out to set the live stream, or reset the window to have it once more',
    });
  }
  return alone(path, async () => {
    const reached = await reachedBefore(stream);
    const replacement = await liveCheckpoints(config).prepare(beginning(since).checkpoint);
    const backup = await copyCheckpoint(systemDisk, path, now);
    await replacement.commit();
    return [
      `The next run begins at ${formatInstant(since)}.`,
      'All that Okta has persisted since then comes, what was collected before included.',
      ...skipped(reached, since),
      ...kept(backup),
      '',
    ].join('\n');
  });
}

/** Moves the checkpoint away, whatever is in it; resolves with what was done and what follows. Rejects with a `BusyError` while a run is at work. */
export async function resetCheckpoint({ config, path }: ConfiguredStream): Promise<string> {
  return alone(path, async () => {
    const backup = await moveCheckpoint(systemDisk, path, systemClock.now());
    if (backup === undefined) return `There is no checkpoint "${printable(path)}".\n`;
    const begin =
      config.window === undefined
        ? 'The next run is a first one: it begins at start_time, or 7 days ago.\n' +
          'All that Okta has persisted since then comes, what was collected before included.'
        : 'The next run begins the window anew: all its events come once more.';
    return [begin, ...kept(backup), ''].join('\n');
  });
}

async function alone(path: string, work: () => Promise<string>): Promise<string> {
  const lock = await acquireRunLock({ path, budget: minutes(1), clock: systemClock });
  return work().finally(() => lock.release());
}

function readSince(text: string, now: Instant): Instant {
  const since = momentOf(readBound(text), now);
  if (since > now) {
    throw new UsageError(`Cannot begin at "${text}": it is in the future`, {
      hint: `Give a time up to now, which is ${formatInstant(now)}`,
    });
  }
  if (since < earlier(now, RETENTION)) {
    throw new UsageError(`Cannot begin at "${text}": Okta keeps events for 90 days only`, {
      hint: 'Give a later time; --since 90d is the earliest',
    });
  }
  return since;
}

function readBound(text: string): ReturnType<typeof readStart> {
  try {
    return readStart(text.trim());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new UsageError(`Cannot begin at "${text}": it ${error.reason}`, { hint: error.remedy });
  }
}

/** How far the stream has come; `undefined` if nobody can tell. */
async function reachedBefore(stream: ConfiguredStream): Promise<Instant | undefined> {
  try {
    const found = await loadCheckpoint(stream);
    return found?.checkpoint.stream === 'live' ? readUpToOf(found.checkpoint) : undefined;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return undefined;
  }
}

function skipped(reached: Instant | undefined, since: Instant): readonly string[] {
  if (reached === undefined || reached >= since) return [];
  const bounds = `--start ${formatInstant(reached)} --end ${formatInstant(since)}`;
  return [`What lies between is left out; to collect it: okta-collector ${bounds}`];
}

function kept(backup: string | undefined): readonly string[] {
  return backup === undefined ? [] : [`As it was, it is kept in "${printable(backup)}"`];
}
