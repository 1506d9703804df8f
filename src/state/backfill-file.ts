import { createHash } from 'node:crypto';
import { basename, dirname, extname, join } from 'node:path';
import type { BackfillState, BackfillStore } from '../domain/backfill-state.ts';
import type { Clock } from '../domain/clock.ts';
import type { Disk } from '../domain/disk.ts';
import type { BackfillRequest, KeptBackfill } from './backfill-json.ts';
import { formatBackfill, parseBackfill } from './backfill-json.ts';
import { readCheckpointText } from './read-checkpoint.ts';
import { prepareReplacement } from './replace-file.ts';

/** Where the progress of one backfill is kept. */
export interface BackfillPlace {
  readonly livePath: string;
  readonly request: BackfillRequest;
}

/** What a backfill is called: the same for the same bounds, org and output, however often it is started. */
export function idOfBackfill({ org, start, end, output }: BackfillRequest): string {
  const text = JSON.stringify([org, start, end, output]);
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** The path of a backfill's progress: beside the live stream's checkpoint, named for its id. */
export function backfillPath(livePath: string, id: string): string {
  return join(dirname(livePath), `${nameBefore(livePath)}${id}.json`);
}

/** What the names of all backfills beside a live stream's checkpoint begin with. */
export function nameBefore(livePath: string): string {
  return `${basename(livePath, extname(livePath))}.backfill-`;
}

/** The progress of one backfill, in a file of its own. */
export function createBackfillStore({
  disk,
  clock,
  livePath,
  request,
}: BackfillPlace & { readonly disk: Disk; readonly clock: Clock }): BackfillStore {
  const path = backfillPath(livePath, idOfBackfill(request));
  return {
    load: async () => (await readBackfill(disk, path, request.org))?.state,
    prepare: (state: BackfillState) =>
      prepareReplacement(disk, path, formatBackfill({ request, state }, clock.now())),
  };
}

/** The backfill whose progress is at `path`; `undefined` if there is none. Rejects with a `CheckpointError`. */
export async function readBackfill(
  disk: Disk,
  path: string,
  org: string,
): Promise<KeptBackfill | undefined> {
  const text = await readCheckpointText(disk, path);
  return text === undefined ? undefined : parseBackfill(text, { path, org });
}
