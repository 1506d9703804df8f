import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { Window } from '../../src/domain/time.ts';
import { days, earlier, formatInstant, hours, minutes, seconds } from '../../src/domain/time.ts';
import { manifestPath } from '../../src/output/manifest.ts';
import { makeEvent } from '../../src/sandbox/event.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { isJsonObject, parseJson } from '../../src/state/json-shape.ts';
import { acquireRunLock } from '../../src/state/run-lock.ts';
import type { Installation } from '../support/installation.ts';
import { install, readSummaries } from '../support/installation.ts';
import { collect, startCollector } from '../support/program.ts';
import type { OpenOrg } from './open-org.ts';
import { addEvents, eventsOfWindow, eventsUpToHorizon, openOrg } from './open-org.ts';
import { expectPrinted, uuidsIn, uuidsOf } from './printed.ts';

function bounds({ since, until }: Window): readonly string[] {
  return ['backfill', '--quiet', '--start', formatInstant(since), '--end', formatInstant(until)];
}

/** All that the org has, up to the last hour. */
function history({ clock }: OpenOrg, length = 7): Window {
  return { since: earlier(clock.now(), days(length)), until: earlier(clock.now(), hours(1)) };
}

/** The state files of the backfills of an installation. */
async function stateFiles({ folder }: Installation): Promise<readonly string[]> {
  const names = await readdir(join(folder, 'data'));
  return names.filter((name) => name.includes('.backfill-'));
}

/** The events of day files, in order of the days; and the names of all that is in the folder. */
async function readDays(folder: string): Promise<{ events: Buffer; names: readonly string[] }> {
  const names = (await readdir(folder)).toSorted();
  const files = names.filter((name) => /^\d{4}-\d\d-\d\d\.ndjson(\.gz)?$/.test(name));
  const bodies = await Promise.all(files.map((name) => readFile(join(folder, name))));
  const plain = bodies.map((body) => (body[0] === 0x1f ? gunzipSync(body) : body));
  return { events: Buffer.concat(plain), names };
}

test('a backfill prints its window in order, in parallel, and leaves the live stream alone', async () => {
  const org = await openOrg({ events: 3000 });
  const installation = await install(org.sandbox, { pagination_limit: '20' });
  const window = history(org);
  const { exitCode, stdout, stderr } = await collect(installation, ...bounds(window));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expectPrinted(stdout, eventsOfWindow(org.sandbox.org, window));
  await expect(stat(installation.checkpoint)).rejects.toThrow('ENOENT');
  const starts = org.sandbox.requests.filter(({ url }) => !url.includes('after='));
  expect(starts.length).toBeGreaterThan(1);
});

test('a quiet org costs one request, however long the window', async () => {
  const org = await openOrg({ events: 500, days: 80 });
  const installation = await install(org.sandbox);
  const window = history(org, 89);
  const { stdout } = await collect(installation, ...bounds(window));
  expectPrinted(stdout, eventsOfWindow(org.sandbox.org, window));
  expect(org.sandbox.requests).toHaveLength(1);
});

test('the same command asks nothing once it is finished, until it is forgotten', async () => {
  const org = await openOrg({ events: 300 });
  const { sandbox } = org;
  const installation = await install(sandbox);
  const command = bounds(history(org));
  await collect(installation, ...command);
  const before = sandbox.requests.length;
  expect((await collect(installation, ...command)).stdout).toHaveLength(0);
  expect(sandbox.requests).toHaveLength(before);

  const listed = (await collect(installation, 'backfill', '--list')).stdout.toString();
  expect(listed).toMatch(/^[0-9a-f]{8} {2}finished, \d+ events\n.*\n.*--start 20.*, to stdout\n$/);
  const forgotten = await collect(installation, 'backfill', '--forget', listed.slice(0, 8));
  expect(forgotten.exitCode).toBe(0);
  expect(await stateFiles(installation)).toEqual([]);
  expect((await collect(installation, ...command)).stdout.length).toBeGreaterThan(0);
  expect((await collect(installation, 'backfill', '--forget', '00000000')).exitCode).toBe(64);
});

test('"now" is the time of the first start, and of the org', async () => {
  const org = await openOrg({ events: 400, eventsPerMinute: 2 }, hours(3));
  const { sandbox, clock } = org;
  const installation = await install(sandbox);
  const command = ['backfill', '--quiet', '--start', '90d', '--end', 'now'];
  const first = await collect(installation, ...command);
  expect(first.exitCode).toBe(0);
  const visible = eventsUpToHorizon(org);
  expect(uuidsIn(first.stdout).toSorted()).toEqual(uuidsOf(visible).toSorted());
  clock.move(hours(1));
  expect((await collect(installation, ...command)).stdout).toHaveLength(0);
  const ends = (await readSummaries(installation)).map(({ stream, ended }) => [stream, ended]);
  expect(ends).toEqual([
    ['backfill', 'window finished'],
    ['backfill', 'window was finished before'],
  ]);
});

test('stopped by a signal, the same command goes on with the next page', async () => {
  const org = await openOrg({ events: 2000 });
  // The first run may end before its twelfth request: then it is one of the second that is not answered.
  const settings = { pagination_limit: '50', request_timeout_seconds: '2' };
  const installation = await install(org.sandbox, settings);
  const window = history(org);
  org.sandbox.misbehave('hang@12');
  const running = startCollector(installation, bounds(window));
  await running.printed(200);
  running.kill('SIGTERM');
  const first = await running.ended;
  expect({ exitCode: first.exitCode, stderr: first.stderr }).toEqual({ exitCode: 0, stderr: '' });
  const listed = (await collect(installation, 'backfill', '--list')).stdout.toString();
  expect(listed).toMatch(/ \d+\.\d % of the time covered, [\d,]+ events\n/);
  const second = await collect(installation, ...bounds(window));
  expectPrinted(
    Buffer.concat([first.stdout, second.stdout]),
    eventsOfWindow(org.sandbox.org, window),
  );
});

test('a time budget ends it if one is given, and only then', async () => {
  const org = await openOrg({ events: 600 });
  const installation = await install(org.sandbox, { max_runtime_seconds: '1' });
  const window = history(org);
  org.sandbox.misbehave('slow:2');
  const { exitCode, stdout } = await collect(installation, ...bounds(window));
  expect(exitCode).toBe(0);
  expectPrinted(stdout, eventsOfWindow(org.sandbox.org, window));
  org.sandbox.misbehave('hang');
  const limited = await collect(installation, ...bounds(history(org, 3)), '-e', '1');
  expect(limited.exitCode).toBe(75);
});

test.each([{ form: [] }, { form: ['--gzip'] }])(
  'each day has a file of its own $form, which running again leaves as it is',
  async ({ form }) => {
    const org = await openOrg({ events: 1500 });
    const installation = await install(org.sandbox, { pagination_limit: '40' });
    const folder = join(installation.folder, 'days');
    const window = history(org);
    const command = [...bounds(window), '--output-dir', folder, ...form];
    const { exitCode, stdout, stderr } = await collect(installation, ...command);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toHaveLength(0);
    const { events, names } = await readDays(folder);
    expectPrinted(events, eventsOfWindow(org.sandbox.org, window));
    expect(names.filter((name) => name.includes('draft'))).toEqual([]);
    await expectManifest(folder, names);
    const times = await Promise.all(names.map((name) => stat(join(folder, name))));
    expect((await collect(installation, ...command)).exitCode).toBe(0);
    const after = await Promise.all(names.map((name) => stat(join(folder, name))));
    expect(after.map(({ mtimeMs }) => mtimeMs)).toEqual(times.map(({ mtimeMs }) => mtimeMs));
  },
);

/** Expects it to list all other files by their SHA-256. */
async function expectManifest(folder: string, names: readonly string[]): Promise<void> {
  const manifest = parseJson(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const listed: readonly unknown[] =
    isJsonObject(manifest) && Array.isArray(manifest['days']) ? manifest['days'] : [];
  const hashes = new Map(listed.filter(isJsonObject).map((day) => [day['file'], day['sha256']]));
  for (const name of names.filter((one) => one !== 'manifest.json')) {
    const hash = createHash('sha256').update(await readFile(join(folder, name)));
    expect(hashes.get(name)).toBe(hash.digest('hex'));
  }
}

test('an unordered backfill prints each event once', async () => {
  const org = await openOrg({ events: 2000 });
  const installation = await install(org.sandbox, { pagination_limit: '20' });
  const window = history(org);
  const { exitCode, stdout } = await collect(installation, ...bounds(window), '--unordered');
  expect(exitCode).toBe(0);
  const all = uuidsOf(eventsOfWindow(org.sandbox.org, window));
  expect(uuidsIn(stdout).toSorted()).toEqual(all.toSorted());
});

test('with --until-live it and the live stream have each event once, late ones included', async () => {
  const org = await openOrg({ events: 800 });
  const { sandbox, clock } = org;
  const start = earlier(clock.now(), days(3));
  const installation = await install(sandbox, { start_time: String(start) });
  const live = [(await collect(installation, '--quiet')).stdout];
  const published = earlier(start, seconds(20));
  sandbox.org.append(makeEvent(7, 9001, published), { persisted: clock.now() });
  addEvents(sandbox.org, 3, earlier(start, minutes(2)), seconds(1));
  clock.move(minutes(5));
  live.push((await collect(installation, '--quiet')).stdout);
  const command = ['backfill', '--quiet', '--start', '90d', '--until-live'];
  const { exitCode, stdout } = await collect(installation, ...command);
  expect(exitCode).toBe(0);
  const all = uuidsOf(eventsUpToHorizon(org));
  expect(uuidsIn(Buffer.concat([...live, stdout])).toSorted()).toEqual(all.toSorted());
  expect(uuidsIn(stdout)).not.toContain(makeEvent(7, 9001, published).uuid);
});

test('the last minutes before the live stream wait until that has shown what came late', async () => {
  const org = await openOrg({ events: 300 }, hours(1));
  const { sandbox, clock } = org;
  const installation = await install(sandbox, { start_time: String(clock.now()) });
  addEvents(sandbox.org, 20, earlier(clock.now(), minutes(15)), minutes(1));
  const live = [(await collect(installation, '--quiet')).stdout];
  const command = ['backfill', '--quiet', '--start', '90d', '--until-live'];
  const printed = [(await collect(installation, ...command)).stdout];
  clock.move(minutes(12));
  live.push((await collect(installation, '--quiet')).stdout);
  printed.push((await collect(installation, ...command)).stdout);
  const ends = (await readSummaries(installation)).map(({ stream, ended }) => [stream, ended]);
  expect(ends.filter(([stream]) => stream === 'backfill')).toEqual([
    ['backfill', 'window waits for its end'],
    ['backfill', 'window finished'],
  ]);
  const all = uuidsOf(eventsUpToHorizon(org));
  expect(uuidsIn(Buffer.concat([...live, ...printed])).toSorted()).toEqual(all.toSorted());
});

test('with nothing before the live stream it says where that began', async () => {
  const { sandbox, clock } = await openOrg({ events: 30 });
  const start = earlier(clock.now(), days(3));
  const installation = await install(sandbox, { start_time: String(start) });
  await collect(installation, '--quiet');
  const command = ['backfill', '--quiet', '--start', '2d', '--until-live'];
  const { exitCode, stderr } = await collect(installation, ...command);
  expect(exitCode).toBe(64);
  expect(stderr).toContain(`the live stream began at ${formatInstant(start)}, and nothing lies`);
});

test('a dry run tells what it would take, and delivers and stores nothing', async () => {
  const org = await openOrg({ events: 30_000 });
  const installation = await install(org.sandbox, { pagination_limit: '100' });
  const { exitCode, stdout } = await collect(
    installation,
    ...bounds({ since: earlier(org.clock.now(), days(6)), until: history(org).until }),
    '--dry-run',
  );
  expect(exitCode).toBe(0);
  const told = stdout.toString();
  const [, events = ''] = /events +about ([\d,]+)/.exec(told) ?? [];
  expect(Number(events.replaceAll(',', ''))).toBeGreaterThan(15_000);
  expect(Number(events.replaceAll(',', ''))).toBeLessThan(60_000);
  expect(told).toContain('By 12 pages');
  expect(org.sandbox.requests).toHaveLength(12);
  expect(await stateFiles(installation)).toEqual([]);
});

test('a dry run that is not answered in time does not pass for one that was', async () => {
  const { sandbox, clock } = await openOrg({ events: 10 });
  const installation = await install(sandbox);
  sandbox.misbehave('hang');
  const start = formatInstant(earlier(clock.now(), days(5)));
  const command = ['backfill', '--start', start, '--end', 'now', '--dry-run', '-e', '1', '--quiet'];
  const { exitCode, stdout, stderr } = await collect(installation, ...command);
  expect({ exitCode, stdout: stdout.toString() }).toEqual({ exitCode: 75, stdout: '' });
  expect(stderr).toContain('Cannot finish the estimate: time budget over');
});

test('two at a time are not let onto the same backfill', async () => {
  const org = await openOrg({ events: 400 });
  const installation = await install(org.sandbox, { pagination_limit: '20' });
  const command = bounds(history(org));
  const running = startCollector(installation, command, { stalled: true });
  await running.hasPrinted();
  const second = await collect(installation, ...command);
  expect(second.exitCode).toBe(75);
  expect(second.stderr).toContain(`process ${running.pid}`);
  running.read();
  expect((await running.ended).exitCode).toBe(0);
});

test('a folder of day files is locked before it is looked at', async () => {
  const org = await openOrg({ events: 50 });
  const installation = await install(org.sandbox);
  const folder = join(installation.folder, 'days');
  await mkdir(folder);
  await writeFile(manifestPath(folder), 'what another backfill is writing');
  const command = [...bounds(history(org)), '--output-dir', folder];
  const path = manifestPath(folder);
  const lock = await acquireRunLock({ path, budget: minutes(1), clock: systemClock });
  const early = await collect(installation, ...command);
  await lock.release();
  const late = await collect(installation, ...command);
  expect([early.exitCode, late.exitCode]).toEqual([75, 74]);
  expect(late.stderr).toContain('manifest.json');
  expect(org.sandbox.requests).toHaveLength(0);
});

test.each([
  { args: ['--end', 'now'], exitCode: 64, says: 'a backfill needs --start, and --end' },
  { args: ['--start', '9d'], exitCode: 64, says: 'a backfill needs --start, and --end' },
  {
    args: ['--start', '9d', '--end', 'now', '--unordered', '--output-dir', 'x'],
    exitCode: 64,
    says: '--unordered makes no sense with --output-dir',
  },
  { args: ['--start', '9d', '--end', 'now', '--gzip'], exitCode: 64, says: '--gzip needs' },
  { args: ['--start', '9d', '--end', 'now', '--output-dir', ''], exitCode: 64, says: 'no folder' },
  { args: ['--start', '9d', '--end', '9999-12-31'], exitCode: 64, says: 'more than a year ahead' },
  { args: ['--start', '9d', '--end', 'now', '--parallel', '17'], exitCode: 64, says: '1 to 16' },
  { args: ['--start', '2015-01-01', '--end', '2015-02-01'], exitCode: 64, says: '90 days only' },
  { args: ['--start', 'soon', '--end', 'now'], exitCode: 64, says: '--start "soon" is not a time' },
  { args: ['--start', '5s', '--end', 'now'], exitCode: 64, says: '--end "now" ends the window' },
  {
    args: ['--start', '1d', '--end', '2d'],
    exitCode: 64,
    says: 'Let the start be earlier than the end\n',
  },
  { args: ['--start', '9d', '--until-live'], exitCode: 73, says: 'there is no live stream yet' },
])('refuses $args before it asks anything', async ({ args, exitCode, says }) => {
  const { sandbox } = await openOrg();
  const installation = await install(sandbox);
  const ended = await collect(installation, 'backfill', '--quiet', ...args);
  expect(ended.stderr).toContain(says);
  expect(ended.exitCode).toBe(exitCode);
  expect(ended.stdout).toHaveLength(0);
  expect(sandbox.requests).toHaveLength(0);
  expect(await stateFiles(installation)).toEqual([]);
});

// Node's own way of making a folder never ends there, and takes no signal.
test.runIf(process.platform === 'linux')(
  'a folder that the system makes nowhere is refused',
  async () => {
    const org = await openOrg({ events: 50 });
    const installation = await install(org.sandbox);
    const command = [...bounds(history(org)), '--output-dir', '/proc/nothing/days'];
    const { exitCode, stderr } = await collect(installation, ...command);
    expect(stderr).toContain('Cannot make the folder "/proc/nothing/days": it does not exist');
    expect(exitCode).toBe(74);
  },
);

const stretch = (since: number, until: number): string => JSON.stringify({ since, until });

test('a state file that cannot be trusted stops it, and is left as it is', async () => {
  const org = await openOrg({ events: 50 });
  const installation = await install(org.sandbox);
  const command = bounds(history(org));
  await collect(installation, ...command);
  const [name = ''] = await stateFiles(installation);
  const path = join(installation.folder, 'data', name);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const text = await readFile(path, 'utf8');
  for (const spoiled of [
    text.slice(0, 40),
    text.replace('"version":1', '"version":2'),
    text.replace(org.sandbox.url, 'https://other.okta.com'),
    text.replace('"open":[]', `"open":[${stretch(2, 3)},${stretch(1, 2)}]`),
  ]) {
    await writeFile(path, spoiled);
    const { exitCode, stderr } = await collect(installation, ...command);
    expect(exitCode).toBe(73);
    expect(stderr).toContain(name);
    expect(await readFile(path, 'utf8')).toBe(spoiled);
  }
});

/** How many requests were refused because there were too many. */
function refused({ requests }: Sandbox): number {
  return requests.filter(({ status }) => status === 429).length;
}

test('it takes no more than its share of the rate limit', async () => {
  const org = await openOrg({ events: 900, rateLimit: 40 });
  const installation = await install(org.sandbox, { pagination_limit: '20' });
  const running = startCollector(installation, [...bounds(history(org)), '--parallel', '8']);
  await running.printed(300);
  running.kill('SIGTERM');
  expect((await running.ended).exitCode).toBe(0);
  expect(refused(org.sandbox)).toBe(0);
  expect(org.sandbox.requests.length).toBeLessThanOrEqual(20);
});
