import { readdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Disk } from '../domain/disk.ts';
import { backfillPath, nameBefore, readBackfill } from './backfill-file.ts';
import type { KeptBackfill } from './backfill-json.ts';
import { explained, systemCode } from './disk-error.ts';

/** A backfill that is known, by its id. */
export interface KnownBackfill extends KeptBackfill {
  readonly id: string;
}

/** The ids of all backfills kept beside a live stream's checkpoint, in order. Rejects with a `CheckpointError`. */
export async function listBackfills(livePath: string): Promise<readonly string[]> {
  const names = await explained('list', livePath, readdir(dirname(livePath)));
  const begin = nameBefore(livePath);
  return names
    .filter(
      (name) => name.startsWith(begin) && /^[0-9a-f]{8}\.json$/.test(name.slice(begin.length)),
    )
    .map((name) => name.slice(begin.length, -'.json'.length))
    .toSorted();
}

/** One of them; `undefined` if it is gone by now. Rejects with a `CheckpointError`. */
export async function findBackfill(
  disk: Disk,
  { livePath, org, id }: { livePath: string; org: string; id: string },
): Promise<KnownBackfill | undefined> {
  const kept = await readBackfill(disk, backfillPath(livePath, id), org);
  return kept && { ...kept, id };
}

/** Removes what is kept of a backfill. Rejects with a `CheckpointError`. */
export async function forgetBackfill(disk: Disk, livePath: string, id: string): Promise<void> {
  const path = backfillPath(livePath, id);
  await explained('remove', path, unlink(path));
  await explained('remove', path, ifThere(unlink(`${path}.draft`)));
  await explained('remove', path, disk.syncFolder(dirname(path)));
}

async function ifThere(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
