import type {
  CheckpointStore,
  HeldPage,
  LiveCheckpoint,
  LoadedCheckpoint,
} from '../domain/checkpoint.ts';
import type { Clock } from '../domain/clock.ts';
import type { Disk } from '../domain/disk.ts';
import { newestPublished } from '../domain/page.ts';
import type { Instant } from '../domain/time.ts';
import { formatInstant } from '../domain/time.ts';
import { formatHandOver, parseHandOver } from './hand-over-json.ts';
import type { JsonObject } from './json-shape.ts';
import { isCount, isInstant, isJsonObject, isOptionalInstant } from './json-shape.ts';
import { readCheckpoint } from './read-checkpoint.ts';
import { createReplacer } from './replace-file.ts';
import type { CheckpointFile } from './sumojanus-format.ts';
import { formatCheckpointFile } from './sumojanus-format.ts';
import type { OrgFile } from './trusted-checkpoint.ts';
import { damagedOwn, distrust, OWN_VERSION, trusted, trustedLink } from './trusted-checkpoint.ts';

interface LiveStoreOptions extends OrgFile {
  readonly disk: Disk;
  readonly clock: Clock;
}

const WAYS_OUT =
  'or move it away to start afresh at start_time, or let `okta-collector checkpoint set --since` begin where `status` says that the stream was read up to';

/**
 * The live stream's checkpoint, in a file that SumoJanus can read and go on from, and we from
 * SumoJanus's. Loading never changes the file.
 */
export function createLiveCheckpointStore(
  options: LiveStoreOptions,
): CheckpointStore<LiveCheckpoint> {
  const { disk, path, clock } = options;
  const place = { ...options, waysOut: WAYS_OUT };
  const replace = createReplacer(disk, path);
  return {
    async load() {
      const file = await readCheckpoint(disk, place);
      return file && liveCheckpoint(file, place);
    },
    prepare: (checkpoint) => replace(formatLive(checkpoint, options.org, clock.now())),
  };
}

function liveCheckpoint(
  file: CheckpointFile,
  place: LiveStoreOptions,
): LoadedCheckpoint<LiveCheckpoint> {
  if (file.end !== undefined) throw belongsToWindow(file.start, file.end, place.path);
  const { link, remembered, own } = trusted(file, place);
  const position = { stream: 'live', start: file.start, link, remembered } as const;
  if (own !== undefined) {
    return {
      writer: 'okta-collector',
      checkpoint: { ...position, ...parseOwn(own, position, place) },
    };
  }
  return {
    writer: 'SumoJanus',
    checkpoint: {
      ...position,
      held: [],
      ahead: remembered.length,
      tipReachedAt: undefined,
      // One event with an odd clock must not stand for how far the stream has come.
      newestPublished: newestPublished(remembered, place.clock.now()),
      // Neither when its first request began nor which late events it printed is known.
      handOver: undefined,
    },
  };
}

type OwnMembers = Omit<LiveCheckpoint, 'stream' | 'start' | 'link' | 'remembered'>;

function parseOwn(
  own: JsonObject,
  { link, remembered }: Pick<LiveCheckpoint, 'link' | 'remembered'>,
  place: OrgFile,
): OwnMembers {
  const { held_pages: pages, tip_reached_at: tip, newest_published: published } = own;
  if (!Array.isArray(pages) || !isOptionalInstant(tip) || !isOptionalInstant(published)) {
    throw damagedOwn(place);
  }
  const held = pages.map((page) => parseHeldPage(page, place));
  if (held.length > 0 && held[0]?.link !== link) throw damagedOwn(place);
  // Where the file does not tell what is ahead of the position, all of it may be.
  const { ahead = remembered.length } = own;
  if (!isCount(ahead) || ahead > remembered.length) throw damagedOwn(place);
  const handOver = parseHandOver(own['hand_over']);
  if (handOver === 'damaged') throw damagedOwn(place);
  return { held, ahead, tipReachedAt: tip, newestPublished: published, handOver };
}

function parseHeldPage(page: unknown, place: OrgFile): HeldPage {
  if (!isJsonObject(page)) throw damagedOwn(place);
  const { link, quiet_since: quietSince } = page;
  if (typeof link !== 'string' || !isInstant(quietSince)) throw damagedOwn(place);
  return { link: trustedLink(link, place), quietSince };
}

function formatLive(checkpoint: LiveCheckpoint, org: string, savedAt: Instant): string {
  const {
    start,
    link = '',
    remembered,
    ahead,
    held,
    tipReachedAt,
    newestPublished,
    handOver,
  } = checkpoint;
  return formatCheckpointFile(
    { start, end: undefined, link, remembered },
    {
      version: OWN_VERSION,
      org,
      saved_at: savedAt,
      held_pages: held.map((page) => ({ link: page.link, quiet_since: page.quietSince })),
      ahead,
      tip_reached_at: tipReachedAt,
      newest_published: newestPublished,
      hand_over: handOver && formatHandOver(handOver),
    },
  );
}

function belongsToWindow(start: Instant, end: Instant, path: string): Error {
  return distrust(
    path,
    `it belongs to a fixed window, from ${formatInstant(start)} to ${formatInstant(end)}`,
    'Set start_time and end_time to that window to finish it, or move the file away to start afresh at start_time',
  );
}
