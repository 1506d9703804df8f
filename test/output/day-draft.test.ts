import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { DayDraft } from '../../src/output/day-draft.ts';

const member = gzipSync('{"uuid":"1","published":"2026-11-15T12:00:00.000Z"}\n');

async function draftOf(bytes: Buffer): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'draft-')), 'day.gz.draft');
  await writeFile(path, bytes);
  return path;
}

test('goes on behind the gzip that is there', async () => {
  const bytes = Buffer.concat([member, member]);
  const draft = await DayDraft.goOn(await draftOf(bytes), true, bytes.length);
  expect(draft.contents()).toMatchObject({ events: 2, bytes: bytes.length });
});

test('does not go on behind zeros, after which nobody would read on', async () => {
  const bytes = Buffer.concat([member, Buffer.alloc(100), member]);
  const path = await draftOf(bytes);
  await expect(DayDraft.goOn(path, true, bytes.length)).rejects.toThrow(
    `Cannot go on with "${path}": something stands behind its gzip`,
  );
  expect((await stat(path)).size).toBe(bytes.length);
});
