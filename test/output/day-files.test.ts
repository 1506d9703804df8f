import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Marks, SavedWork } from '../../src/domain/backfill-sink.ts';
import { OutputError } from '../../src/domain/failure.ts';
import type { Log } from '../../src/domain/log.ts';
import type { LogEvent } from '../../src/domain/page.ts';
import type { Window } from '../../src/domain/time.ts';
import { instant, parseInstant } from '../../src/domain/time.ts';
import { DayFiles } from '../../src/output/day-files.ts';
import { wat } from '../rules/wat-plugin.js';
import { notedLog } from '../support/noted-log.ts';
import { pageOf } from './page-of.ts';

const moment = (text: string) => parseInstant(text) ?? instant(0);
const span = (since: string, until: string): Window => ({
  since: moment(since),
  until: moment(until),
});

const WINDOW = span('2026-11-14T06:00Z', '2026-11-17');
const END = WINDOW.until;

function event(id: string, published?: string): LogEvent {
  const line = JSON.stringify({ uuid: id, ...(published !== undefined && { published }) });
  return {
    id,
    published: published === undefined ? undefined : moment(published),
    line: Buffer.from(`${line}\n`),
  };
}

const first = [event('a', '2026-11-14T08:00Z'), event('b', '2026-11-14T23:59:59.999Z')];
const second = [event('c', '2026-11-15T00:00Z'), event('d', '2026-11-15T12:00Z')];
const third = [event('e', '2026-11-15T13:00Z')];

interface OpenOptions {
  readonly isCompressed?: boolean;
  readonly window?: Window;
  readonly backfill?: string;
  readonly log?: Log;
}

interface Place {
  readonly folder: string;
  readonly open: (parts?: OpenOptions) => DayFiles;
  readonly names: () => Promise<readonly string[]>;
  readonly text: (name: string) => Promise<string>;
  readonly days: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

async function place(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'day-files-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return {
    folder,
    open: (parts = {}) =>
      new DayFiles({
        folder,
        isCompressed: false,
        backfill: 'one',
        org: 'https://acme.okta.com',
        window: WINDOW,
        log: notedLog(),
        ...parts,
      }),
    names: async () => (await readdir(folder)).toSorted(),
    text: async (name) => {
      const bytes = await readFile(join(folder, name));
      return (name.includes('.gz') ? gunzipSync(bytes) : bytes).toString();
    },
    async days() {
      const text = await readFile(join(folder, 'manifest.json'), 'utf8');
      return (JSON.parse(text) as { days: readonly Readonly<Record<string, unknown>>[] }).days;
    },
  };
}

const textOf = (...events: readonly LogEvent[]): string =>
  events.map(({ line }) => Buffer.from(line).toString()).join('');

/** What a process saves before it has completed a day. */
const saved = (marks: Marks): SavedWork => ({ marks, deliveredUntil: WINDOW.since });

async function deliverAll(files: DayFiles, marks?: Marks): Promise<void> {
  await files.resume(marks && saved(marks));
  for (const page of [first, second, third]) await files.deliver(page);
  await files.completeUntil(END);
}

async function rejectionOf(work: Promise<unknown>): Promise<OutputError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof OutputError) return error;
  throw new Error(`not an OutputError: ${String(error)}`);
}

describe.each([false, true])('DayFiles (gzip: %s)', (isCompressed) => {
  const ending = isCompressed ? '.ndjson.gz' : '.ndjson';
  const draft = (day: string) => `${day}${isCompressed ? '.gz' : ''}.one.draft`;

  test('gives each day a file, and lists what is in it and from when to when it is complete', async () => {
    const { open, names, text, days, folder } = await place();
    await deliverAll(open({ isCompressed }));
    expect(await names()).toEqual([`2026-11-14${ending}`, `2026-11-15${ending}`, 'manifest.json']);
    expect(await text(`2026-11-14${ending}`)).toBe(textOf(...first));
    expect(await text(`2026-11-15${ending}`)).toBe(textOf(...second, ...third));
    const bytes = await readFile(join(folder, `2026-11-14${ending}`));
    expect(await days()).toEqual([
      {
        day: '2026-11-14',
        since: '2026-11-14T06:00:00.000Z',
        until: '2026-11-15T00:00:00.000Z',
        file: `2026-11-14${ending}`,
        events: 2,
        first_published: '2026-11-14T08:00:00.000Z',
        last_published: '2026-11-14T23:59:59.999Z',
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
      expect.objectContaining({ day: '2026-11-15', events: 3 }),
      {
        day: '2026-11-16',
        since: '2026-11-16T00:00:00.000Z',
        until: '2026-11-17T00:00:00.000Z',
        file: null,
        events: 0,
        first_published: null,
        last_published: null,
        bytes: 0,
        sha256: null,
      },
    ]);
  });

  test('gives a file its name only when its day is complete', async () => {
    const { open, names } = await place();
    const files = open({ isCompressed });
    await files.resume(undefined);
    await files.deliver(first);
    await files.deliver(second);
    expect(await names()).toEqual([draft('2026-11-14'), draft('2026-11-15')]);
    await files.completeUntil(moment('2026-11-15T12:00Z'));
    expect(await names()).toEqual([`2026-11-14${ending}`, draft('2026-11-15'), 'manifest.json']);
  });

  test('cuts off what was delivered without its position having been saved, and sums up the file as it is then', async () => {
    const one = await place();
    const killed = one.open({ isCompressed });
    await killed.resume(undefined);
    await killed.deliver(first);
    await killed.deliver(second);
    const marks = killed.marks();
    await killed.deliver(third);

    const next = one.open({ isCompressed });
    await next.resume(saved(marks));
    expect(next.marks()).toEqual(marks);
    await next.deliver(third);
    await next.completeUntil(END);
    const other = await place();
    await deliverAll(other.open({ isCompressed }));
    expect(await one.days()).toEqual(await other.days());
    expect(await one.text(`2026-11-15${ending}`)).toBe(textOf(...second, ...third));
  });

  test('begins a draft anew that has no mark', async () => {
    const { open, names, text } = await place();
    const killed = open({ isCompressed });
    await killed.resume(undefined);
    await killed.deliver(first);
    const next = open({ isCompressed });
    await next.resume(undefined);
    expect(await names()).toEqual([]);
    await deliverAll(next);
    expect(await text(`2026-11-14${ending}`)).toBe(textOf(...first));
  });

  test('leaves a folder as it is, not even a time changed, where all days are complete', async () => {
    const { open, names, folder } = await place();
    await deliverAll(open({ isCompressed }));
    const look = async () =>
      Promise.all(
        (await names()).map(async (name) => [name, (await stat(join(folder, name))).mtimeMs]),
      );
    const before = await look();
    await deliverAll(open({ isCompressed, backfill: 'two' }));
    expect(await look()).toEqual(before);
  });

  test('writes a page that comes again after the day was completed, but not its position saved, once', async () => {
    const { open, text } = await place();
    const killed = open({ isCompressed });
    await killed.resume(undefined);
    await killed.deliver(first);
    const marks = killed.marks();
    await killed.deliver(second);
    await killed.completeUntil(moment('2026-11-15'));

    const next = open({ isCompressed });
    await next.resume(saved(marks));
    for (const page of [second, third]) await next.deliver(page);
    await next.completeUntil(END);
    expect(await text(`2026-11-14${ending}`)).toBe(textOf(...first));
    expect(await text(`2026-11-15${ending}`)).toBe(textOf(...second, ...third));
  });

  test('goes on after a crash between the manifest and the name of a file', async () => {
    const { open, folder, text, names } = await place();
    await deliverAll(open({ isCompressed }));
    const path = join(folder, `2026-11-15${ending}`);
    const bytes = await readFile(path);
    await rm(path);
    await writeFile(join(folder, draft('2026-11-15')), bytes);
    const next = open({ isCompressed });
    await next.resume(saved({ [draft('2026-11-15')]: bytes.length }));
    await next.completeUntil(END);
    expect(await names()).toEqual([`2026-11-14${ending}`, `2026-11-15${ending}`, 'manifest.json']);
    expect(await text(`2026-11-15${ending}`)).toBe(textOf(...second, ...third));
  });

  test('does not write again what was completed and then taken away', async () => {
    const { open, folder, names, days } = await place();
    const killed = open({ isCompressed });
    await killed.resume(undefined);
    await killed.deliver(first);
    const marks = killed.marks();
    await killed.completeUntil(moment('2026-11-15'));
    await rm(join(folder, `2026-11-14${ending}`));
    await deliverAll(open({ isCompressed }), marks);
    expect(await names()).toEqual([`2026-11-15${ending}`, 'manifest.json']);
    expect(await days()).toMatchObject([{ events: 2 }, { events: 3 }, { events: 0 }]);
  });

  test('does not write again what was completed in one go and then taken away', async () => {
    const { open, folder, names } = await place();
    const killed = open({ isCompressed });
    await killed.resume(undefined);
    await killed.deliver(first);
    await killed.completeUntil(moment('2026-11-15'));
    await rm(join(folder, `2026-11-14${ending}`));
    await deliverAll(open({ isCompressed }), {});
    expect(await names()).toEqual([`2026-11-15${ending}`, 'manifest.json']);
  });

  test('writes again what is not there any more if it begins anew, and lists it only then', async () => {
    const { open, folder, names, days } = await place();
    await deliverAll(open({ isCompressed }));
    await rm(join(folder, `2026-11-14${ending}`));
    const again = open({ isCompressed });
    await again.resume(undefined);
    expect(await days()).toMatchObject([{ day: '2026-11-15' }, { day: '2026-11-16' }]);
    await deliverAll(again);
    expect(await names()).toEqual([`2026-11-14${ending}`, `2026-11-15${ending}`, 'manifest.json']);
  });

  test('says nothing of days that it has left behind: their files may be shipped, and the manifest with them', async () => {
    const { open, folder, days } = await place();
    const killed = open({ isCompressed });
    await killed.resume(undefined);
    await killed.deliver([...first, ...second]);
    const marks = killed.marks();
    await killed.completeUntil(moment('2026-11-15'));
    await rm(join(folder, `2026-11-14${ending}`));
    await rm(join(folder, 'manifest.json'));
    const next = open({ isCompressed });
    await next.resume({ marks, deliveredUntil: moment('2026-11-15T12:00Z') });
    await next.deliver(third);
    await next.completeUntil(END);
    expect(await days()).toMatchObject([{ day: '2026-11-15', events: 3 }, { day: '2026-11-16' }]);
  });

  test('an event of a day that is complete goes to the day in hand, with a warning', async () => {
    const log = notedLog();
    const { open, text } = await place();
    const files = open({ isCompressed, log });
    const late = event('late', '2026-11-14T09:00Z');
    await files.resume(undefined);
    await files.deliver(first);
    await files.completeUntil(moment('2026-11-15'));
    await files.deliver([...second, late]);
    await files.completeUntil(END);
    expect(await text(`2026-11-14${ending}`)).toBe(textOf(...first));
    expect(await text(`2026-11-15${ending}`)).toBe(textOf(...second, late));
    expect(log.messages('warn')).toEqual([expect.stringContaining('their day was complete')]);
  });
});

describe('DayFiles', () => {
  test('puts an event that names no moment where the one before it went', async () => {
    const { open, text } = await place();
    const files = open();
    const undated = [event('x'), event('y'), event('z')];
    await files.resume(undefined);
    await files.deliver([event('x'), ...first]);
    const before = files.marks();
    await files.deliver([event('y'), ...second]);
    const marks = files.marks();
    expect(Object.keys(before)).toEqual(['2026-11-14.one.draft']);
    await files.deliver([event('z')]);
    expect(files.marks()['2026-11-14.one.draft']).toBe(marks['2026-11-14.one.draft']);
    const next = open();
    await next.resume(saved(marks));
    await next.deliver([event('z')]);
    await next.completeUntil(END);
    const [x, y, z] = undated.map((one) => textOf(one));
    expect(await text('2026-11-14.ndjson')).toBe(`${x}${textOf(...first)}${y}`);
    expect(await text('2026-11-15.ndjson')).toBe(`${textOf(...second)}${z}`);
  });

  test('keeps in the manifest what was taken away while later days were still to come', async () => {
    const { open, folder, days } = await place();
    const killed = open();
    await killed.resume(undefined);
    await killed.deliver(first);
    await killed.completeUntil(moment('2026-11-15'));
    await rm(join(folder, '2026-11-14.ndjson'));
    const next = open();
    await next.resume(saved(killed.marks()));
    await next.deliver(second);
    await next.completeUntil(END);
    expect(await days()).toMatchObject([{ events: 2 }, { events: 2 }, { events: 0 }]);
  });

  test('never writes over a file with other bounds, and says so before anything is asked', async () => {
    const { open, folder, names } = await place();
    await deliverAll(open());
    const before = await names();
    const other = open({ window: span('2026-11-14', '2026-11-17') });
    expect(await rejectionOf(other.resume(undefined))).toMatchObject({
      message: `Cannot write "${join(folder, '2026-11-14.ndjson')}": it holds the events from 2026-11-14T06:00:00.000Z to 2026-11-15T00:00:00.000Z, and a file is never written over`,
      hint: expect.stringContaining('--output-dir') as string,
    });
    expect(await names()).toEqual(before);
  });

  test.each([
    [
      'that the manifest does not list',
      '2026-11-16.ndjson',
      'the manifest beside it does not list it',
    ],
    ['that was changed since', '2026-11-15.ndjson', 'it has 5 bytes, and by the manifest'],
    ['of the other form', '2026-11-15.ndjson.gz', 'the manifest beside it does not list it'],
  ])('refuses to go on beside a file %s', async (_, name, said) => {
    const { open, folder } = await place();
    await deliverAll(open());
    await rm(join(folder, '2026-11-15.ndjson'));
    await writeFile(join(folder, name), 'hello');
    expect((await rejectionOf(open().resume(undefined))).message).toContain(
      `Cannot write "${join(folder, name)}": ${said}`,
    );
  });

  test.each([
    ['damaged', '{', 'it is not a manifest that this version writes'],
    ['of another version', '{"format":"okta-collector day files 2","days":[]}', 'this version'],
    [
      'of another org',
      '{"format":"okta-collector day files 1","org":"https://b.okta.com","days":[]}',
      'the files belong to "https://b.okta.com"',
    ],
    [
      'with a damaged day',
      '{"format":"okta-collector day files 1","org":"https://acme.okta.com","days":[{}]}',
      'a day of it is damaged',
    ],
  ])('refuses a manifest that is %s', async (_, text, said) => {
    const { open, folder } = await place();
    await writeFile(join(folder, 'manifest.json'), text);
    expect((await rejectionOf(open().resume(undefined))).message).toContain(said);
  });

  test('refuses to go on with a draft that has lost some of what was written to it', async () => {
    const { open, folder } = await place();
    const killed = open();
    await killed.resume(undefined);
    await killed.deliver(first);
    const path = join(folder, '2026-11-14.one.draft');
    await truncate(path, 3);
    expect((await rejectionOf(open().resume(saved(killed.marks())))).message).toMatch(
      /Cannot go on with ".*one\.draft": it has 3 bytes, and \d+ were written to it/,
    );
    await rm(path);
    expect((await rejectionOf(open().resume(saved(killed.marks())))).message).toContain(
      'does not exist',
    );
  });

  test('refuses to go on in the other form', async () => {
    const { open } = await place();
    const killed = open();
    await killed.resume(undefined);
    await killed.deliver(first);
    const { message } = await rejectionOf(
      open({ isCompressed: true }).resume(saved(killed.marks())),
    );
    expect(message).toContain('it is of another form');
  });

  test('leaves the drafts of other backfills alone', async () => {
    const { open, names } = await place();
    const one = open({ backfill: 'other' });
    await one.resume(undefined);
    await one.deliver(first);
    await open().resume(undefined);
    expect(await names()).toEqual(['2026-11-14.other.draft']);
  });

  test('names the file that has no room, and loses nothing of it', async () => {
    const { folder, text } = await place();
    const program = join(folder, 'write-day-files.mjs');
    const source = fileURLToPath(new URL('./programs/write-day-files.ts', import.meta.url));
    const bundle = await rolldown({ input: source, platform: 'node', plugins: [wat()] });
    await bundle.write({ file: program, format: 'esm' });
    const into = join(folder, 'days');
    const shell = (line: string) =>
      promisify(execFile)('/bin/bash', [
        '-c',
        `exec 2>&1; ${line}`,
        process.execPath,
        program,
        into,
      ]);

    // Room for two pages and a half.
    const failed = shell('ulimit -f 25; "$0" "$1" "$2" 0 4 {}');
    await expect(failed).rejects.toMatchObject({
      code: 74,
      stdout: `Cannot write "${join(into, '1970-01-01.one.draft')}": it has reached the size allowed\n{"1970-01-01.one.draft":20000}`,
    });
    expect((await stat(join(into, '1970-01-01.one.draft'))).size).toBeGreaterThan(20_000);
    await shell(`"$0" "$1" "$2" 2 2 '{"1970-01-01.one.draft":20000}'`);
    const expected = [0, 1, 2, 3].map((page) => textOf(...pageOf(100, page))).join('');
    expect(await text('days/1970-01-01.ndjson')).toBe(expected);
  });
});
