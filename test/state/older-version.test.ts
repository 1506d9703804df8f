import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLiveCheckpointStore } from '../../src/state/live-checkpoint.ts';
import { systemDisk } from '../../src/state/system-disk.ts';
import { freshFolder } from './folder.ts';
import { clockAt, link, NOON, ORG } from './samples.ts';

/** A file to the letter as the first version that kept its own member wrote it. */
const FIRST =
  `{"start_time":${NOON - 1000},"checkpoint_url":"${link('a')}","end_time":0,` +
  `"last_read_events":[{"uuid":"u1","time":${NOON - 500}},{"uuid":"u2","time":0}],` +
  `"okta_collector":{"version":1,"org":"${ORG}","saved_at":${NOON},` +
  `"held_pages":[{"link":"${link('a')}","quiet_since":${NOON - 10}}],` +
  `"tip_reached_at":${NOON - 5},"newest_published":${NOON - 500},"checkpoint_url":"${link('a')}"}}`;

async function load(text: string) {
  const path = join(await freshFolder(), 'okta.dat');
  await writeFile(path, text);
  const clock = clockAt(NOON);
  return createLiveCheckpointStore({ disk: systemDisk, clock, org: ORG, path }).load();
}

test('a checkpoint of the first version is gone on from, with all it says', async () => {
  expect(await load(FIRST)).toMatchObject({
    writer: 'okta-collector',
    checkpoint: {
      start: NOON - 1000,
      link: link('a'),
      held: [{ link: link('a'), quietSince: NOON - 10 }],
      remembered: [
        { id: 'u1', published: NOON - 500 },
        { id: 'u2', published: undefined },
      ],
      tipReachedAt: NOON - 5,
      newestPublished: NOON - 500,
    },
  });
});

test('a checkpoint with a member that only a later build of the same version knows is read, too', async () => {
  const text = FIRST.replace('"version":1,', '"version":1,"unheard_of":{"a":[1]},');
  expect(await load(text)).toMatchObject({ writer: 'okta-collector' });
});

test('a checkpoint of a newer version is refused in so many words', async () => {
  await expect(load(FIRST.replace('"version":1,', '"version":2,'))).rejects.toThrow(
    'a newer version of okta-collector wrote it',
  );
});
