import type { Disk } from '../domain/disk.ts';
import { readCheckpoint } from './read-checkpoint.ts';
import type { OrgFile } from './trusted-checkpoint.ts';
import { trusted } from './trusted-checkpoint.ts';

/**
 * The checkpoint file of a stream with the four members that SumoJanus keeps and no other, line feed
 * included; `undefined` if there is none. Rejects with a `CheckpointError` if it cannot be trusted.
 */
export async function exportCheckpoint(disk: Disk, place: OrgFile): Promise<string | undefined> {
  const file = await readCheckpoint(disk, place);
  if (file === undefined) return undefined;
  const { link = '', remembered } = trusted(file, place);
  const exported = {
    start_time: file.start,
    checkpoint_url: link,
    end_time: file.end ?? 0,
    last_read_events: remembered.map(({ id: uuid, published: time = 0 }) => ({ uuid, time })),
  };
  return `${JSON.stringify(exported)}\n`;
}
