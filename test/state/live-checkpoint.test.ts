import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckpointStore, LiveCheckpoint } from '../../src/domain/checkpoint.ts';
import { CheckpointError } from '../../src/domain/failure.ts';
import { instant } from '../../src/domain/time.ts';
import { createLiveCheckpointStore } from '../../src/state/live-checkpoint.ts';
import { systemDisk } from '../../src/state/system-disk.ts';
import { freshFolder } from './folder.ts';
import { clockAt, link, liveAt, NOON, ORG, sumoJanusFile } from './samples.ts';

describe('createLiveCheckpointStore', () => {
  test('loads what was committed, every member of it', async () => {
    const { store } = await place();
    await save(store, liveAt('one'));
    expect(await store.load()).toEqual({ checkpoint: liveAt('one'), writer: 'okta-collector' });
  });

  test('does not wait for a writer if the path is a pipe', async () => {
    const { store, path } = await place();
    execFileSync('mkfifo', [path]);
    await expect(store.load()).rejects.toThrow('it is a pipe, and no file');
  });

  test('loads a stream of which no page has been read', async () => {
    const { store } = await place();
    const first: LiveCheckpoint = {
      ...liveAt('none'),
      link: undefined,
      held: [],
      remembered: [],
      ahead: 0,
      tipReachedAt: undefined,
      newestPublished: undefined,
      handOver: undefined,
    };
    await save(store, first);
    expect((await store.load())?.checkpoint).toEqual(first);
  });

  test('keeps any id and any time of a remembered event', async () => {
    const { store } = await place();
    const published = fc.option(fc.integer({ min: 1 }).map(instant), { nil: undefined });
    const remembered = fc.array(fc.record({ id: fc.string({ unit: 'binary' }), published }));
    await fc.assert(
      fc.asyncProperty(remembered, async (entries) => {
        await save(store, { ...liveAt('one'), remembered: entries, ahead: 0 });
        expect((await store.load())?.checkpoint.remembered).toEqual(entries);
      }),
      { numRuns: 50 },
    );
  });

  test('goes on from a file of ours that says nothing of a hand-over', async () => {
    const { store, path } = await place();
    await save(store, liveAt('one'));
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/"hand_over":\{.*?\},/u, ''));
    expect(await store.load()).toEqual({
      checkpoint: { ...liveAt('one'), handOver: undefined },
      writer: 'okta-collector',
    });
  });

  test('takes all that is remembered for ahead of the position if a file of ours does not tell', async () => {
    const { store, path } = await place();
    await save(store, liveAt('one'));
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"ahead":2,', ''));
    expect(await store.load()).toEqual({
      checkpoint: { ...liveAt('one'), ahead: 3 },
      writer: 'okta-collector',
    });
  });

  test.each([
    ['more than there are', '"ahead":4'],
    ['less than none', '"ahead":-1'],
    ['half an event', '"ahead":0.5'],
  ])('refuses a file that has %s ahead', async (_, ahead) => {
    const { store, path } = await place();
    await save(store, liveAt('one'));
    await writeFile(path, (await readFile(path, 'utf8')).replace('"ahead":2', ahead));
    await expect(store.load()).rejects.toThrow('its okta_collector member is not as');
  });

  test('puts a prepared checkpoint in force only when it is committed', async () => {
    const { store } = await place();
    await save(store, liveAt('one'));
    await store.prepare(liveAt('two'));
    expect((await store.load())?.checkpoint).toEqual(liveAt('one'));
  });

  test.each(['', ' \n', '\uFEFF'])(
    'takes a missing file and one of %j for a first run',
    async (text) => {
      const { store, path } = await place();
      expect(await store.load()).toBeUndefined();
      await writeFile(path, text);
      expect(await store.load()).toBeUndefined();
    },
  );
});

describe('a file that SumoJanus wrote', () => {
  test('has come no further than now, though an event in it says so', async () => {
    const entries = [NOON - 5000, NOON + 31_536_000_000].map((time) => ({
      uuid: `at ${time}`,
      time,
    }));
    const { store } = await place(
      JSON.stringify({
        start_time: NOON - 86_400_000,
        checkpoint_url: link('one'),
        end_time: 0,
        last_read_events: entries,
      }),
    );
    expect((await store.load())?.checkpoint.newestPublished).toBe(NOON - 5000);
  });

  test('is gone on from, its link byte for byte and its events by time', async () => {
    const { store } = await place(sumoJanusFile('polling'));
    const loaded = await store.load();
    expect(loaded).toMatchObject({
      writer: 'SumoJanus',
      checkpoint: {
        stream: 'live',
        start: 1794738713141,
        link: `${ORG}/api/v1/logs?sortOrder=ASCENDING&limit=100&since=2026-11-15T10%3A31%3A53.141Z&after=2000`,
        held: [],
        tipReachedAt: undefined,
        newestPublished: 1794702606000,
        handOver: undefined,
      },
    });
    expect(loaded?.checkpoint.remembered.map(({ id }) => id.slice(-4))).toEqual([
      '1800',
      '1801',
      '1802',
      '1803',
      '1804',
      '1805',
      '1806',
    ]);
  });

  test('without a link begins at its start', async () => {
    const { store } = await place(
      '{"end_time":0,"checkpoint_url":"","last_read_events":[],"start_time":5}',
    );
    expect((await store.load())?.checkpoint).toMatchObject({
      start: 5,
      link: undefined,
      newestPublished: undefined,
    });
  });

  test('is what we write: four members, each event with a time, ours beside them', async () => {
    const { store, path } = await place();
    await save(store, liveAt('one'));
    const written: unknown = JSON.parse(await readFile(path, 'utf8'));
    expect(written).toEqual({
      start_time: NOON - 1000,
      checkpoint_url: link('one'),
      end_time: 0,
      last_read_events: [
        { uuid: 'one-late', time: NOON + 7 },
        { uuid: 'one-early', time: NOON + 3 },
        { uuid: 'one-undated', time: 0 },
      ],
      okta_collector: {
        version: 1,
        org: ORG,
        saved_at: NOON,
        held_pages: [
          { link: link('one'), quiet_since: NOON + 1 },
          { link: link('one-b'), quiet_since: NOON + 2 },
        ],
        ahead: 2,
        tip_reached_at: NOON + 9,
        newest_published: NOON + 7,
        hand_over: { since: NOON - 1000, delivered_from_before: ['one-late'], unrecorded: 2 },
        checkpoint_url: link('one'),
      },
    });
  });

  test('is recognised by a link that our member does not name', async () => {
    const { store, path } = await place();
    await save(store, liveAt('one'));
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(link('one'), link('moved-on')));
    const loaded = await store.load();
    expect(loaded?.writer).toBe('SumoJanus');
    expect(loaded?.checkpoint).toMatchObject({ link: link('moved-on'), held: [] });
  });
});

describe('a file that cannot be trusted', () => {
  const polling = sumoJanusFile('polling');
  const own = (members: string): string =>
    `{"start_time":5,"end_time":0,"checkpoint_url":"","last_read_events":[],` +
    `"okta_collector":{"checkpoint_url":"",${members}}}`;
  const spoiledHandOvers = [
    '1',
    '{}',
    '{"since":1,"unrecorded":0}',
    '{"since":1,"delivered_from_before":[2],"unrecorded":0}',
    '{"since":1,"delivered_from_before":[]}',
  ];

  test.each([
    ['torn', polling.slice(0, -40), 'not a whole JSON object'],
    ['another JSON', '[]', 'not a whole JSON object'],
    ['without start', polling.replace('start_time', 'begin'), 'start_time'],
    ['with a start in words', polling.replace('1794738713141', '"today"'), 'start_time'],
    ['without end', polling.replace('end_time', 'end'), 'end_time'],
    ['without link', polling.replace('checkpoint_url', 'url'), 'checkpoint_url'],
    ['without events', polling.replace('last_read_events', 'events'), 'last_read_events'],
    [
      'with an event without time',
      polling.replace('"time":1794702600000', '"t":1'),
      'last_read_events',
    ],
    [
      'with a fraction of a millisecond',
      polling.replace('1794702600000', '1.5'),
      'last_read_events',
    ],
    ['of another org', polling.replace('acme', 'other'), '"https://other.okta.com/api/v1/logs"'],
    [
      'of another port',
      polling.replace('okta.com', 'okta.com:8443'),
      '"https://acme.okta.com:8443/',
    ],
    ['without encryption', polling.replace('https', 'http'), '"http://acme.okta.com/api/v1/logs"'],
    ['of another path', polling.replace('/api/v1/logs', '/api/v1/users'), '/api/v1/users"'],
    ['of no address', polling.replace(ORG, ''), 'no address'],
    [
      'of a fixed window',
      sumoJanusFile('bounded'),
      'from 2026-11-17T00:00:00.000Z to 2026-11-17T07:20:00.000Z',
    ],
    ['of a newer version', own('"version":2'), 'newer version'],
    ['of no version', own('"version":"1"'), 'okta_collector'],
    [
      'for another org',
      own('"version":1,"org":"https://other.okta.com"'),
      '"https://other.okta.com"',
    ],
    ['for no org', own('"version":1'), 'okta_collector'],
    ['without held pages', own(`"version":1,"org":"${ORG}"`), 'okta_collector'],
    ...spoiledHandOvers.map((json): [string, string, string] => [
      `with a hand-over of ${json}`,
      own(`"version":1,"org":"${ORG}","held_pages":[],"hand_over":${json}`),
      'okta_collector',
    ]),
    [
      'with a held page of no link',
      own(`"version":1,"org":"${ORG}","held_pages":[{}]`),
      'okta_collector',
    ],
    [
      'with a held page of another org',
      own(
        `"version":1,"org":"${ORG}","held_pages":[{"link":"https://other.okta.com/api/v1/logs","quiet_since":1}]`,
      ),
      'https://other.okta.com',
    ],
    [
      'whose held page is not where the stream stands',
      own(
        `"version":1,"org":"${ORG}","held_pages":[{"link":"${ORG}/api/v1/logs","quiet_since":1}]`,
      ),
      'okta_collector',
    ],
  ])('%s is refused, with a way out, and left as it is', async (_, text, said) => {
    const { store, path } = await place(text);
    const error = await rejectionOf(store.load());
    expect(error.message).toContain(`Cannot go on from the checkpoint "${path}": `);
    expect(error.message).toContain(said);
    expect(error.hint).toMatch(/^[A-Z].*[^.]$/);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('that is torn can be gone on from without a gap, and how is said', async () => {
    const { store } = await place(polling.slice(0, -40));
    const { hint } = await rejectionOf(store.load());
    expect(hint).toContain('`okta-collector checkpoint set --since` begin where `status` says');
  });

  test('in a missing folder is refused before anything is read', async () => {
    const folder = join(await freshFolder(), 'missing');
    const error = await rejectionOf(storeAt(join(folder, 'okta.dat')).load());
    expect(error.message).toContain(`there is no folder "${folder}"`);
  });

  test('that is a folder is refused', async () => {
    const { store, path, folder } = await place();
    await mkdir(path);
    expect((await rejectionOf(store.load())).message).toBe(
      `Cannot read the checkpoint "${path}": it is a folder`,
    );
    expect(await readdir(folder)).toEqual(['okta.dat']);
  });
});

async function place(
  text?: string,
): Promise<{ store: CheckpointStore<LiveCheckpoint>; path: string; folder: string }> {
  const folder = await freshFolder();
  const path = join(folder, 'okta.dat');
  if (text !== undefined) await writeFile(path, text);
  return { store: storeAt(path), path, folder };
}

function storeAt(path: string): CheckpointStore<LiveCheckpoint> {
  return createLiveCheckpointStore({ disk: systemDisk, path, org: ORG, clock: clockAt(NOON) });
}

async function save(
  store: CheckpointStore<LiveCheckpoint>,
  checkpoint: LiveCheckpoint,
): Promise<void> {
  const prepared = await store.prepare(checkpoint);
  await prepared.commit();
}

async function rejectionOf(work: Promise<unknown>): Promise<CheckpointError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CheckpointError) return error;
  throw new Error('no CheckpointError', { cause: error });
}
