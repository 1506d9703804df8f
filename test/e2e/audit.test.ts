import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Window } from '../../src/domain/time.ts';
import { days, earlier, formatInstant, later, minutes, seconds } from '../../src/domain/time.ts';
import { makeEvent } from '../../src/sandbox/event.ts';
import type { StoredEvent } from '../../src/sandbox/org.ts';
import type { Installation } from '../support/installation.ts';
import { install } from '../support/installation.ts';
import { collect, shell, startCollector } from '../support/program.ts';
import type { OpenOrg } from './open-org.ts';
import { eventsOfWindow, openOrg } from './open-org.ts';
import { uuidsIn, uuidsOf } from './printed.ts';

interface Collected {
  readonly org: OpenOrg;
  readonly installation: Installation;
  readonly bounds: readonly string[];
  readonly events: readonly StoredEvent[];
  /** The lines of a file that has all of them, without their line feeds. */
  readonly lines: readonly string[];
  readonly write: (name: string, lines: readonly string[]) => Promise<string>;
}

/** An org, and what a window of it was by the program's own account. */
async function collected(window?: (org: OpenOrg) => Window): Promise<Collected> {
  const org = await openOrg({ events: 1500 });
  const installation = await install(org.sandbox);
  const now = org.clock.now();
  const chosen = window?.(org) ?? { since: earlier(now, days(5)), until: earlier(now, days(1)) };
  const bounds = ['--start', formatInstant(chosen.since), '--end', formatInstant(chosen.until)];
  const { stdout } = await collect(installation, '--quiet', ...bounds);
  return {
    org,
    installation,
    bounds,
    events: eventsOfWindow(org.sandbox.org, chosen),
    lines: stdout.toString().split('\n').slice(0, -1),
    async write(name, lines) {
      const path = join(installation.folder, name);
      const text = lines.map((line) => `${line}\n`).join('');
      await writeFile(path, name.endsWith('.gz') ? gzipSync(text) : text);
      return path;
    },
  };
}

async function audit({ installation, bounds }: Collected, ...args: readonly string[]) {
  const end = await collect(installation, 'audit', '--quiet', '--json', ...bounds, ...args);
  const records = end.stdout.toString().split('\n').slice(0, -1);
  const found = records.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return { ...end, differences: found.slice(0, -1), result: found.at(-1)?.['audit'] };
}

describe('audit', () => {
  test('finds nothing where the files have each event once', async () => {
    const all = await collected();
    const { lines, write, events } = all;
    const one = await write('one.ndjson', lines.slice(700));
    const two = await write('two.ndjson.gz', lines.slice(0, 700));
    const { exitCode, stderr, differences, result } = await audit(all, one, two);
    expect({ exitCode, stderr, differences }).toEqual({ exitCode: 0, stderr: '', differences: [] });
    expect(result).toMatchObject({
      clean: true,
      in_org: events.length,
      in_files: events.length,
      of_other_times: 0,
    });
  });

  test('finds a line that was removed, doubled, altered, torn or made up, and says where', async () => {
    const all = await collected();
    const { lines, write, events } = all;
    const madeUp = makeEvent(99, 1, events[20]?.published ?? all.org.clock.now());
    const spoiled = lines.flatMap((line, at) => {
      if (at === 3) return [];
      if (at === 5) return [line, line];
      if (at === 9) return [line.replace('"eventType":', '"eventtype":')];
      if (at === 12) return [`${line} `];
      return at === 20 ? [line, madeUp.json.toString(), '{"uuid":"torn'] : [line];
    });
    const path = await write('days.ndjson', spoiled);
    const { exitCode, differences, result } = await audit(all, path);
    expect(exitCode).toBe(1);
    const at = (index: number) => events[index]?.uuid;
    expect(differences).toEqual([
      expect.objectContaining({
        difference: 'duplicated',
        uuid: at(5),
        file: path,
        line: 6,
        first_file: path,
        first_line: 5,
      }),
      { difference: 'unreadable', file: path, line: 23 },
      {
        difference: 'missing',
        uuid: at(3),
        published: formatInstant(events[3]?.published ?? madeUp.published),
      },
      expect.objectContaining({ difference: 'altered', uuid: at(9), line: 10 }),
      expect.objectContaining({ difference: 'altered', uuid: at(12), line: 13 }),
      expect.objectContaining({ difference: 'not in the org', uuid: madeUp.uuid, line: 22 }),
    ]);
    expect(result).toMatchObject({
      clean: false,
      missing: 1,
      duplicated: 1,
      altered: 2,
      not_in_the_org: 1,
      unreadable: 1,
    });
  });

  test.each([
    ['{}', undefined],
    ['{"msg":"shipper started"}', undefined],
    ['{"uuid":"11111111-2222-3333-4444-555555555555","published":"14/Nov/2026"}', '11111111-2222'],
  ])('finds the foreign line %s', async (foreign, uuid) => {
    const all = await collected();
    const path = await all.write('days.ndjson', [...all.lines, foreign]);
    const { exitCode, differences } = await audit(all, path);
    expect(exitCode).toBe(1);
    const line = all.lines.length + 1;
    expect(differences).toMatchObject([{ difference: 'not in the org', file: path, line }]);
    expect(differences[0]).not.toHaveProperty('published');
    expect(differences[0]?.['uuid']).toContain(uuid ?? '');
  });

  test('tells that something stands behind the gzip, be it zeros only', async () => {
    const all = await collected();
    const path = await all.write('days.ndjson.gz', all.lines);
    const gzip = await readFile(path);
    for (const rest of [Buffer.alloc(1), Buffer.concat([Buffer.alloc(1 << 20), gzip])]) {
      await writeFile(path, Buffer.concat([gzip, rest]));
      const { exitCode, differences, result } = await audit(all, path);
      expect(exitCode).toBe(1);
      const line = all.lines.length + 1;
      expect(differences).toEqual([{ difference: 'unreadable', file: path, line }]);
      expect(result).toMatchObject({ in_files: all.lines.length, missing: 0, unreadable: 1 });
    }
  });

  test('asks whether the files are of another org if they have nothing in common', async () => {
    const all = await collected();
    const { installation, bounds, events, org } = all;
    const line = (number: number) =>
      makeEvent(99, number, events[number]?.published ?? org.clock.now()).json.toString();
    await all.write('other.ndjson', [line(1), line(2)]);
    const args = ['audit', '--quiet', ...bounds, 'other.ndjson'];
    const other = await collect(installation, ...args);
    expect(other.stdout.toString()).toMatch(/\nNot one event of the files is of this org: .*\n$/u);
    await all.write('other.ndjson', [line(1), all.lines[0] ?? '']);
    expect((await collect(installation, ...args)).stdout.toString()).not.toContain('Not one');
  });

  test('fails if nothing of the time can be asked for, and asks nothing', async () => {
    const { sandbox, clock } = await openOrg();
    const installation = await install(sandbox);
    await writeFile(join(installation.folder, 'empty'), '');
    const now = clock.now();
    for (const [from, to, code, said] of [
      [minutes(-60), minutes(-120), 75, 'nothing of that time can be asked for yet'],
      [days(91), minutes(90 * 24 * 60 - 30), 64, 'Okta keeps events for 90 days only'],
    ] as const) {
      const bounds = ['--start', formatInstant(earlier(now, from)), '--end'];
      const args = ['audit', '--quiet', ...bounds, formatInstant(earlier(now, to)), 'empty'];
      const { exitCode, stderr, stdout } = await collect(installation, ...args);
      expect({ exitCode, stdout: stdout.toString() }).toEqual({ exitCode: code, stdout: '' });
      expect(stderr).toContain(said);
    }
    expect(sandbox.requests).toHaveLength(0);
  });

  test('says up to when it looked, and nothing of a later run', async () => {
    const all = await collected();
    await all.write('days.ndjson', all.lines);
    const bounds = [...all.bounds.slice(0, 3), 'now'];
    const { stderr } = await collect(all.installation, 'audit', ...bounds, 'days.ndjson');
    expect(stderr).toContain('the audit leaves it out');
    expect(stderr).not.toContain('later run');
  });

  test('counts events of other times, and finds no fault with them', async () => {
    const all = await collected();
    const { lines, write, bounds, events } = all;
    const path = await write('days.ndjson', lines);
    const middle = formatInstant(events[500]?.published ?? all.org.clock.now());
    const { exitCode, result } = await audit(
      { ...all, bounds: [...bounds.slice(0, 3), middle] },
      path,
    );
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({ in_files: 500, of_other_times: events.length - 500 });
  });

  test.each(['missing.ndjson', 'missing.ndjson.gz'])(
    'writes what is missing to %s, and finds nothing the next time',
    async (name) => {
      const all = await collected();
      const { lines, write, events, installation } = all;
      const holes = lines.filter((_, at) => at % 7 !== 0);
      const path = await write('days.ndjson', holes);
      const repair = join(installation.folder, name);
      expect((await audit(all, '--repair', repair, path)).exitCode).toBe(1);
      const bytes = await readFile(repair);
      const text = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      expect(uuidsIn(text)).toEqual(uuidsOf(events.filter((_, at) => at % 7 === 0)));
      expect((await audit(all, path, repair)).exitCode).toBe(0);

      const again = await collect(
        installation,
        ...['audit', '--quiet', ...all.bounds, '--repair', repair, path],
      );
      expect(again.exitCode).toBe(74);
      expect(again.stderr).toContain(`Cannot write "${repair}": it is there already`);
    },
  );

  /** An audit that has read one file, with the first line missing and the last doubled, and is at a pipe. */
  async function atPipe(all: Collected, ...args: readonly string[]) {
    const path = await all.write('days.ndjson', [...all.lines.slice(1), all.lines.at(-1) ?? '']);
    const pipe = join(all.installation.folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const command = ['audit', '--quiet', ...all.bounds, ...args, path, pipe];
    const running = startCollector(all.installation, command);
    await running.printed(1);
    return { running, pipe };
  }

  test('never writes over a file that came to be while it was at work', async () => {
    const all = await collected();
    const repair = join(all.installation.folder, 'missing.ndjson');
    const { running, pipe } = await atPipe(all, '--repair', repair);
    await writeFile(repair, 'precious\n');
    await writeFile(pipe, '');
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(74);
    expect(stderr).toContain(`The missing events are in "${repair}.draft"`);
    expect(await readFile(repair, 'utf8')).toBe('precious\n');
    expect(await readFile(`${repair}.draft`, 'utf8')).toBe(`${all.lines[0] ?? ''}\n`);
  });

  test('leaves the draft of another audit alone', async () => {
    const all = await collected();
    const draft = await all.write('missing.draft', ['precious']);
    const repair = draft.replace('.draft', '');
    const { exitCode, stderr } = await audit(all, '--repair', repair, draft);
    expect(exitCode).toBe(74);
    expect(stderr).toContain(`Cannot write "${draft}": it is there already`);
    expect(await readFile(draft, 'utf8')).toBe('precious\n');
  });

  test('ends when it is told to, though nobody writes to the pipe that it reads', async () => {
    const { running } = await atPipe(await collected());
    running.kill('SIGTERM');
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(75);
    expect(stderr).toContain('Cannot finish the audit: stopped by signal');
  });

  test('reads a pipe that somebody writes to at last', async () => {
    const all = await collected();
    const { running, pipe } = await atPipe(all);
    await writeFile(pipe, `${all.lines[0] ?? ''}\n`);
    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(1);
    expect(stdout.toString()).toMatch(/\n {2}missing +0\n {2}duplicated +1\n/u);
  });

  test('reads standard input, and writes what is missing to standard output', async () => {
    const all = await collected();
    const { lines, write, events, installation, bounds } = all;
    await write('days.ndjson', lines.slice(0, -2));
    const line = `collector audit ${bounds.join(' ')} --repair - - < days.ndjson`;
    const { exitCode, stdout, stderr } = await shell(installation, line);
    expect(exitCode).toBe(1);
    expect(uuidsIn(stdout)).toEqual(uuidsOf(events.slice(-2)));
    expect(stderr).toMatch(/\n {2}missing +2\n/u);
    expect(stderr).toContain(`missing         `);
  });

  test('finds an event that was stored too late for the window, and that the live stream gets', async () => {
    const all = await collected();
    const { lines, write, org, bounds, installation } = all;
    const path = await write('days.ndjson', lines);
    const published = earlier(org.clock.now(), days(2));
    const late = makeEvent(7, 1, published);
    org.sandbox.org.append(late, { persisted: org.clock.now() });
    org.clock.move(minutes(5));
    const { differences } = await audit(all, path);
    expect(differences).toEqual([
      { difference: 'missing', uuid: late.uuid, published: formatInstant(late.published) },
    ]);
    const live = await collect(installation, '--quiet', '--start', bounds[1] ?? '');
    expect(uuidsIn(live.stdout)).toContain(late.uuid);
  });

  test('looks at what Okta has by now of a window that is not over', async () => {
    const all = await collected();
    const { org, lines, write, events } = all;
    const { until } = { until: later(org.clock.now(), days(1)) };
    const missing = org.sandbox.org.events.filter(
      ({ published }) =>
        published >= earlier(org.clock.now(), days(1)) &&
        published < earlier(org.clock.now(), seconds(60)),
    );
    const path = await write('days.ndjson', lines);
    const bounds = [...all.bounds.slice(0, 3), formatInstant(until)];
    const { result } = await audit({ ...all, bounds }, path);
    expect(result).toMatchObject({
      in_org: events.length + missing.length,
      missing: missing.length,
      not_in_the_org: 0,
    });
  });

  test('does not give half an audit for a whole one when it is stopped', async () => {
    const all = await collected();
    const { lines, write, installation, bounds } = all;
    await write('days.ndjson', lines);
    all.org.sandbox.misbehave('hang');
    const asked = all.org.sandbox.requests.length;
    const running = startCollector(installation, ['audit', '--quiet', ...bounds, 'days.ndjson']);
    await expect.poll(() => all.org.sandbox.requests.length).toBeGreaterThan(asked);
    running.kill('SIGTERM');
    const { exitCode, stdout, stderr } = await running.ended;
    expect({ exitCode, stdout: stdout.toString() }).toEqual({ exitCode: 75, stdout: '' });
    expect(stderr).toContain('Cannot finish the audit: stopped by signal');
  });

  test.each([
    [
      'a file that is not there',
      ['gone.ndjson'],
      74,
      'Cannot read "gone.ndjson": it does not exist',
    ],
    ['a folder', ['data'], 74, 'Cannot read "data": it is a folder'],
    ['gzip that is cut off', ['cut.gz'], 74, 'Cannot read "cut.gz": its gzip is cut off'],
    ['no file at all', [], 64, "missing required argument 'files'"],
  ])('refuses %s', async (_, files, code, said) => {
    const { sandbox } = await openOrg();
    const installation = await install(sandbox);
    await writeFile(
      join(installation.folder, 'cut.gz'),
      gzipSync('{"uuid":"1"}\n').subarray(0, 20),
    );
    const { exitCode, stderr } = await collect(
      installation,
      ...['audit', '--quiet', '--start', '2d', '--end', '1d', ...files],
    );
    expect(exitCode).toBe(code);
    expect(stderr).toContain(said);
  });
});
