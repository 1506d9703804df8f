import { basename, dirname, extname, join } from 'node:path';
import type { CheckpointStore, LoadedCheckpoint, WindowCheckpoint } from '../domain/checkpoint.ts';
import type { Clock } from '../domain/clock.ts';
import type { Disk } from '../domain/disk.ts';
import type { Instant, Window } from '../domain/time.ts';
import { formatInstant } from '../domain/time.ts';
import type { JsonObject } from './json-shape.ts';
import { isInstant } from './json-shape.ts';
import { readCheckpoint, readCheckpointText } from './read-checkpoint.ts';
import { createReplacer } from './replace-file.ts';
import type { CheckpointFile } from './sumojanus-format.ts';
import { formatCheckpointFile, parseCheckpointFile } from './sumojanus-format.ts';
import type { OrgFile } from './trusted-checkpoint.ts';
import { damagedOwn, distrust, OWN_VERSION, trusted } from './trusted-checkpoint.ts';

interface WindowStoreOptions {
  readonly disk: Disk;
  readonly livePath: string;
  readonly org: string;
  readonly window: Window;
  readonly clock: Clock;
}

/** The path of a window's checkpoint: beside the live stream's, named for the window's bounds. */
export function windowPath(livePath: string, window: Window): string {
  const ending = extname(livePath);
  const bounds = `${forFileName(window.since)}-${forFileName(window.until)}`;
  return join(dirname(livePath), `${basename(livePath, ending)}.window-${bounds}${ending}`);
}

/**
 * The checkpoint of a fixed window, in a file of its own. If that is missing and SumoJanus was at
 * work on the same window, goes on from SumoJanus's file at `livePath`, and leaves it as it is.
 */
export function createWindowCheckpointStore(
  options: WindowStoreOptions,
): CheckpointStore<WindowCheckpoint> {
  const { disk, livePath, org, window, clock } = options;
  const path = windowPath(livePath, window);
  const replace = createReplacer(disk, path);
  return {
    async load() {
      const file = await readCheckpoint(disk, { path });
      if (file !== undefined) return windowCheckpoint(file, window, { path, org });
      const left = await leftAtLivePath(disk, livePath, window);
      return left && windowCheckpoint(left, window, { path: livePath, org });
    },
    prepare: (checkpoint) => replace(formatWindow(checkpoint, org, clock.now())),
  };
}

function windowCheckpoint(
  file: CheckpointFile,
  window: Window,
  place: OrgFile,
): LoadedCheckpoint<WindowCheckpoint> {
  if (!isOf(file, window)) throw belongsElsewhere(file, place.path);
  const { link, remembered, own } = trusted(file, place);
  const position = { stream: 'window', window, link, remembered } as const;
  if (own !== undefined) {
    return { writer: 'okta-collector', checkpoint: { ...position, ...parseOwn(own, place) } };
  }
  const { since: askedSince } = window;
  // Without a link nothing of the window was read yet.
  const askedUntil = link === undefined ? askedSince : window.until;
  return {
    writer: 'SumoJanus',
    checkpoint: { ...position, askedSince, askedUntil, finished: false },
  };
}

/** Anything else at `livePath` is the live stream's affair, even if it cannot be understood. */
async function leftAtLivePath(
  disk: Disk,
  livePath: string,
  window: Window,
): Promise<CheckpointFile | undefined> {
  const text = await readCheckpointText(disk, livePath);
  const file = text === undefined ? undefined : parseCheckpointFile(text);
  if (file === undefined || 'problem' in file) return undefined;
  return isOf(file, window) ? file : undefined;
}

function isOf(file: CheckpointFile, window: Window): boolean {
  return file.start === window.since && file.end === window.until;
}

type OwnMembers = Pick<WindowCheckpoint, 'askedSince' | 'askedUntil' | 'finished'>;

function parseOwn(own: JsonObject, place: OrgFile): OwnMembers {
  const { asked_since: askedSince, asked_until: askedUntil, finished } = own;
  if (!isInstant(askedSince) || !isInstant(askedUntil) || typeof finished !== 'boolean') {
    throw damagedOwn(place);
  }
  return { askedSince, askedUntil, finished };
}

function formatWindow(checkpoint: WindowCheckpoint, org: string, savedAt: Instant): string {
  const { window, link = '', remembered, askedSince, askedUntil, finished } = checkpoint;
  return formatCheckpointFile(
    { start: window.since, end: window.until, link, remembered },
    {
      version: OWN_VERSION,
      org,
      saved_at: savedAt,
      asked_since: askedSince,
      asked_until: askedUntil,
      finished,
    },
  );
}

/** `20261115T000000.000Z`: Windows allows no colon in a file name. */
function forFileName(moment: Instant): string {
  return formatInstant(moment).replaceAll(/[-:]/g, '');
}

function belongsElsewhere({ start, end }: CheckpointFile, path: string): Error {
  const owner =
    end === undefined
      ? 'the live stream'
      : `the window from ${formatInstant(start)} to ${formatInstant(end)}`;
  return distrust(
    path,
    `it belongs to ${owner}`,
    'Move the file away: its name is that of another window',
  );
}
