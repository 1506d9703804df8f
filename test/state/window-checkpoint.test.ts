import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CheckpointStore, WindowCheckpoint } from '../../src/domain/checkpoint.ts';
import { instant } from '../../src/domain/time.ts';
import type { Window } from '../../src/domain/time.ts';
import { createLiveCheckpointStore } from '../../src/state/live-checkpoint.ts';
import { systemDisk } from '../../src/state/system-disk.ts';
import { createWindowCheckpointStore, windowPath } from '../../src/state/window-checkpoint.ts';
import { freshFolder } from './folder.ts';
import {
  clockAt,
  link,
  liveAt,
  NOON,
  ORG,
  START_OF_WINDOW,
  sumoJanusFile,
  WINDOW,
} from './samples.ts';

const halfway: WindowCheckpoint = {
  ...START_OF_WINDOW,
  askedSince: instant(WINDOW.since + 1000),
  askedUntil: instant(WINDOW.since + 2000),
  link: link('half'),
  remembered: [{ id: 'one', published: instant(WINDOW.since) }],
};

describe('windowPath', () => {
  test('is beside the live file, named for the bounds, and ends alike', () => {
    expect(windowPath(join('data', 'okta_checkpoint.dat'), WINDOW)).toBe(
      join('data', 'okta_checkpoint.window-20261117T000000.000Z-20261117T072000.000Z.dat'),
    );
    expect(windowPath(join('data', 'position'), WINDOW)).toBe(
      join('data', 'position.window-20261117T000000.000Z-20261117T072000.000Z'),
    );
  });
});

describe('createWindowCheckpointStore', () => {
  test.each([
    ['not begun', START_OF_WINDOW],
    ['half read', halfway],
    ['finished', { ...halfway, finished: true }],
  ])('loads a window that is %s as it was committed', async (_, checkpoint) => {
    const { store } = await place();
    await save(store, checkpoint);
    expect(await store.load()).toEqual({ checkpoint, writer: 'okta-collector' });
  });

  test('writes the bounds as SumoJanus does', async () => {
    const { store, livePath } = await place();
    await save(store, halfway);
    expect(JSON.parse(await readFile(windowPath(livePath, WINDOW), 'utf8'))).toMatchObject({
      start_time: WINDOW.since,
      end_time: WINDOW.until,
      checkpoint_url: link('half'),
      okta_collector: { finished: false, saved_at: NOON },
    });
  });

  test('leaves the live stream and other windows alone', async () => {
    const { store, livePath } = await place();
    const live = createLiveCheckpointStore({
      disk: systemDisk,
      path: livePath,
      org: ORG,
      clock: clockAt(NOON),
    });
    const next = storeOf(livePath, { since: WINDOW.until, until: instant(WINDOW.until + 1) });
    await (await live.prepare(liveAt('live'))).commit();
    await save(store, halfway);
    expect((await live.load())?.checkpoint).toEqual(liveAt('live'));
    expect(await next.load()).toBeUndefined();
  });

  test('goes on from the window that SumoJanus was at work on, and leaves its file as it is', async () => {
    const { store, livePath } = await place(sumoJanusFile('bounded'));
    const loaded = await store.load();
    expect(loaded).toMatchObject({
      writer: 'SumoJanus',
      checkpoint: {
        stream: 'window',
        window: WINDOW,
        askedSince: WINDOW.since,
        askedUntil: WINDOW.until,
        finished: false,
      },
    });
    expect(loaded?.checkpoint.link).toMatch(/&after=4000$/);
    expect(loaded?.checkpoint.remembered).toHaveLength(7);
    await save(store, halfway);
    expect((await store.load())?.checkpoint).toEqual(halfway);
    expect(await readFile(livePath, 'utf8')).toBe(sumoJanusFile('bounded'));
  });

  test('begins with a window that SumoJanus was about to begin with', async () => {
    const { store } = await place(
      sumoJanusFile('bounded').replace(/"checkpoint_url":"[^"]*"/, '"checkpoint_url":""'),
    );
    expect((await store.load())?.checkpoint).toMatchObject({
      link: undefined,
      askedSince: WINDOW.since,
      askedUntil: WINDOW.since,
    });
  });

  test.each([
    ['of another window', sumoJanusFile('bounded').replace('1794900000000', '1794900000001')],
    ['of the live stream', sumoJanusFile('polling')],
    ['that is torn', sumoJanusFile('bounded').slice(0, 300)],
    ['that is empty', ''],
  ])('begins anew beside a live file %s', async (_, text) => {
    const { store } = await place(text);
    expect(await store.load()).toBeUndefined();
  });

  test('refuses a window that SumoJanus read from another org', async () => {
    const { store, livePath } = await place(sumoJanusFile('bounded').replace('acme', 'other'));
    await expect(store.load()).rejects.toThrow(
      `"${livePath}": its link leads to "https://other.okta.com`,
    );
  });

  test.each([
    ['of another window', '1794900000000', '1794900000001', 'it belongs to the window from'],
    [
      'of the live stream',
      `"end_time":${WINDOW.until}`,
      '"end_time":0',
      'it belongs to the live stream',
    ],
    ['with a damaged member', '"finished":false', '"finished":0', 'okta_collector'],
    ['of another org', 'acme', 'other', 'it belongs to "https://other.okta.com"'],
  ])('refuses a file of its own that is %s', async (_, from, to, said) => {
    const { store, livePath } = await place();
    await save(store, halfway);
    const path = windowPath(livePath, WINDOW);
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll(from, to));
    await expect(store.load()).rejects.toThrow(said);
  });

  test('says so early when the folder is missing', async () => {
    const folder = join(await freshFolder(), 'missing');
    const store = storeOf(join(folder, 'okta.dat'), WINDOW);
    await expect(store.load()).rejects.toThrow(`there is no folder "${folder}"`);
    await mkdir(folder);
    expect(await store.load()).toBeUndefined();
  });
});

async function place(
  liveText?: string,
): Promise<{ store: CheckpointStore<WindowCheckpoint>; livePath: string }> {
  const livePath = join(await freshFolder(), 'okta.dat');
  if (liveText !== undefined) await writeFile(livePath, liveText);
  return { store: storeOf(livePath, WINDOW), livePath };
}

function storeOf(livePath: string, window: Window): CheckpointStore<WindowCheckpoint> {
  return createWindowCheckpointStore({
    disk: systemDisk,
    livePath,
    org: ORG,
    window,
    clock: clockAt(NOON),
  });
}

async function save(
  store: CheckpointStore<WindowCheckpoint>,
  checkpoint: WindowCheckpoint,
): Promise<void> {
  const prepared = await store.prepare(checkpoint);
  await prepared.commit();
}
