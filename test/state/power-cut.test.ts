import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { CheckpointStore, LiveCheckpoint } from '../../src/domain/checkpoint.ts';
import type { Disk } from '../../src/domain/disk.ts';
import { createLiveCheckpointStore } from '../../src/state/live-checkpoint.ts';
import { createCrashingDisk, PowerCut } from './crashing-disk.ts';
import { clockAt, liveAt, NOON, ORG } from './samples.ts';

const saves = [liveAt('one'), liveAt('two'), liveAt('three')];

describe('a power cut between any two calls of three saves', () => {
  test('leaves the checkpoint in force whole, and a committed one for good', async () => {
    const { cuts, wrong } = await sweep((disk) => disk);
    expect(wrong).toEqual([]);
    expect(cuts).toBeGreaterThan(3 * 6);
  });

  test.each([
    ['the fsync of the draft is left out', withoutFileSync],
    ['the draft is renamed before its fsync', renamingFirst],
    ['the fsync of the folder is left out', withoutFolderSync],
    ['the file is written in place', inPlace],
  ])('is seen to do harm when %s', async (_, breakIt) => {
    const { wrong } = await sweep(breakIt);
    expect(wrong.length).toBeGreaterThan(0);
  });
});

/** Cuts the power before each call in turn, and loads from every disk that a restart can find. */
async function sweep(wrap: (disk: Disk) => Disk): Promise<{ cuts: number; wrong: unknown[] }> {
  const wrong: unknown[] = [];
  for (let cuts = 0; ; cuts += 1) {
    const machine = createCrashingDisk(new Map(), cuts);
    const { allowed, isDone } = await saveUntilPowerCut(storeOn(wrap(machine.disk)));
    for (const image of machine.aftermaths()) {
      const found = await storeOn(createCrashingDisk(image, Infinity).disk)
        .load()
        .then((loaded) => loaded?.checkpoint, String);
      if (!allowed.some((one) => isDeepStrictEqual(one, found))) wrong.push({ cuts, image, found });
    }
    if (isDone) return { cuts, wrong };
  }
}

/** What a restart may find: a prepared checkpoint not yet, one being committed perhaps, a committed one only. */
async function saveUntilPowerCut(
  store: CheckpointStore<LiveCheckpoint>,
): Promise<{ allowed: (LiveCheckpoint | undefined)[]; isDone: boolean }> {
  let allowed: (LiveCheckpoint | undefined)[] = [undefined];
  try {
    for (const checkpoint of saves) {
      const prepared = await store.prepare(checkpoint);
      allowed.push(checkpoint);
      await prepared.commit();
      allowed = [checkpoint];
    }
    return { allowed, isDone: true };
  } catch (error) {
    if (error instanceof PowerCut) return { allowed, isDone: false };
    throw error;
  }
}

function storeOn(disk: Disk): CheckpointStore<LiveCheckpoint> {
  return createLiveCheckpointStore({
    disk,
    path: '/state/okta.dat',
    org: ORG,
    clock: clockAt(NOON),
  });
}

function withoutFileSync(disk: Disk): Disk {
  return {
    ...disk,
    create: async (path, ownedLike) => ({
      ...(await disk.create(path, ownedLike)),
      sync: () => Promise.resolve(),
    }),
  };
}

function renamingFirst(disk: Disk): Disk {
  let syncDraft = (): Promise<void> => Promise.resolve();
  return {
    ...disk,
    async create(path, ownedLike) {
      const file = await disk.create(path, ownedLike);
      syncDraft = () => file.sync();
      return { ...file, sync: () => Promise.resolve() };
    },
    async rename(from, to) {
      await disk.rename(from, to);
      await syncDraft();
    },
  };
}

function withoutFolderSync(disk: Disk): Disk {
  return { ...disk, syncFolder: () => Promise.resolve() };
}

function inPlace(disk: Disk): Disk {
  return {
    ...disk,
    create: (path, ownedLike) => disk.create(path.replace('.draft', ''), ownedLike),
    rename: () => Promise.resolve(),
  };
}
