import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Instant, Window } from '../../src/domain/time.ts';
import {
  days,
  earlier,
  formatInstant,
  hours,
  later,
  milliseconds,
  minutes,
  seconds,
} from '../../src/domain/time.ts';
import { makeEvent } from '../../src/sandbox/event.ts';
import { install, readLog, readSummaries } from '../support/installation.ts';
import { collect, startCollector } from '../support/program.ts';
import { eventsOfWindow, eventsUpToHorizon, openOrg } from './open-org.ts';
import { expectPrinted, uuidsIn, uuidsOf } from './printed.ts';

function bounds({ since, until }: Window): readonly string[] {
  return ['--quiet', '--start', formatInstant(since), '--end', formatInstant(until)];
}

/** The days before the last one. */
function daysBefore(now: Instant): Window {
  return { since: earlier(now, days(4)), until: earlier(now, days(1)) };
}

test('a window is printed in full while the live stream is at work, and touches nothing of it', async () => {
  const org = await openOrg({ events: 1500 });
  const { sandbox, clock } = org;
  const installation = await install(sandbox);
  const window = daysBefore(clock.now());
  const live = startCollector(installation, ['--quiet'], { stalled: true });
  await live.hasPrinted();
  const { exitCode, stdout, stderr } = await collect(installation, ...bounds(window));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expectPrinted(stdout, eventsOfWindow(sandbox.org, window));
  await expect(stat(installation.checkpoint)).rejects.toThrow('ENOENT');

  live.read();
  const rest = await live.ended;
  expect(rest).toMatchObject({ exitCode: 0, stderr: '' });
  expectPrinted(rest.stdout, eventsUpToHorizon(org));
  const before = await readFile(installation.checkpoint);
  await collect(installation, ...bounds({ ...window, since: earlier(window.since, hours(1)) }));
  expect(await readFile(installation.checkpoint)).toEqual(before);
});

test('a finished window that is run again asks nothing, prints nothing and says so in the log', async () => {
  const { sandbox, clock } = await openOrg({ events: 50 });
  const installation = await install(sandbox);
  const window = daysBefore(clock.now());
  await collect(installation, ...bounds(window));
  const before = sandbox.requests.length;
  const { exitCode, stdout, stderr } = await collect(installation, ...bounds(window));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toHaveLength(0);
  expect(sandbox.requests).toHaveLength(before);
  expect(await readSummaries(installation)).toMatchObject([
    { stream: 'window', ended: 'window finished' },
    { stream: 'window', ended: 'window was finished before', requests: 0 },
  ]);
});

test('a window of the properties file is collected once, whatever the live stream has done', async () => {
  const { sandbox, clock } = await openOrg({ events: 50 });
  const window = daysBefore(clock.now());
  const installation = await install(sandbox, {
    start_time: String(window.since),
    end_time: String(window.until),
  });
  const first = await collect(installation, '--quiet');
  expectPrinted(first.stdout, eventsOfWindow(sandbox.org, window));
  expect((await collect(installation, '--quiet')).stdout).toHaveLength(0);
});

test('of a window that reaches into the future each run prints what lies before the horizon by then', async () => {
  const org = await openOrg({ events: 200, eventsPerMinute: 2 }, hours(2));
  const { sandbox, clock } = org;
  const installation = await install(sandbox);
  const start = clock.now();
  const window = { since: earlier(start, days(1)), until: later(start, minutes(90)) };
  const printed: Buffer[] = [];
  for (const move of [0, 30, 30, 30, 10]) {
    clock.move(minutes(move));
    const { exitCode, stdout } = await collect(installation, ...bounds(window));
    expect(exitCode).toBe(0);
    printed.push(stdout);
    const { until } = window;
    const horizon = earlier(clock.now(), seconds(60));
    const inside = { ...window, until: horizon < until ? horizon : until };
    expect(uuidsIn(Buffer.concat(printed)).toSorted()).toEqual(
      uuidsOf(eventsOfWindow(sandbox.org, inside)).toSorted(),
    );
  }
  const ends = (await readSummaries(installation)).map(({ ended }) => ended);
  const waits = 'window waits for its end';
  expect(ends).toEqual([waits, waits, waits, waits, 'window finished']);
  const told = (await readLog(installation)).find(({ read_up_to: upTo }) => upTo !== undefined);
  expect(told).toMatchObject({
    start: formatInstant(window.since),
    end: formatInstant(window.until),
    read_up_to: formatInstant(earlier(start, seconds(60))),
  });
});

test('an event at the start of a window belongs to it, and one at its end to the window behind it', async () => {
  const { sandbox, clock } = await openOrg();
  const installation = await install(sandbox);
  const middle = earlier(clock.now(), days(1));
  const [first, second] = [
    { since: earlier(middle, hours(1)), until: middle },
    { since: middle, until: later(middle, hours(1)) },
  ];
  const offsets = [-3_600_001, -3_600_000, -1, 0, 1, 3_599_999, 3_600_000];
  offsets.forEach((offset, index) => {
    sandbox.org.append(makeEvent(4, 700 + index, later(middle, milliseconds(offset))));
  });
  const { events } = sandbox.org;
  expectPrinted((await collect(installation, ...bounds(first))).stdout, events.slice(1, 3));
  expectPrinted((await collect(installation, ...bounds(second))).stdout, events.slice(3, 6));
});

test('a window that lies wholly beyond what Okta keeps is refused', async () => {
  const { sandbox } = await openOrg();
  const installation = await install(sandbox);
  const { exitCode, stdout, stderr } = await collect(
    installation,
    ...['--quiet', '--start', '2015-01-01', '--end', '2015-02-01'],
  );
  expect(exitCode).toBe(64);
  expect(stdout).toHaveLength(0);
  expect(stderr).toMatch(
    /^okta-collector failed \(exit 64\): .*--end "2015-02-01" .* Okta keeps events for 90 days only.*\n$/,
  );
  expect(sandbox.requests).toHaveLength(0);
});

test('of a window that lies partly beyond what Okta keeps the rest is printed, and the gap named', async () => {
  const { sandbox, clock } = await openOrg({ events: 60, days: 120 });
  const installation = await install(sandbox);
  const window = { since: earlier(clock.now(), days(110)), until: earlier(clock.now(), days(70)) };
  const { exitCode, stdout } = await collect(installation, ...bounds(window));
  expect(exitCode).toBe(0);
  const kept = { ...window, since: earlier(clock.now(), days(90)) };
  expectPrinted(stdout, eventsOfWindow(sandbox.org, kept));
  const gap = expect.objectContaining({
    level: 'warn',
    from: formatInstant(window.since),
  }) as unknown;
  expect(await readLog(installation)).toContainEqual(gap);
});

test('a window whose run was killed goes on where it was, and repeats a page at most', async () => {
  const { sandbox, clock } = await openOrg({ events: 700 });
  const installation = await install(sandbox, { pagination_limit: '100' });
  const window = daysBefore(clock.now());
  sandbox.misbehave('hang@3');
  const killed = startCollector(installation, bounds(window));
  await killed.printed(200);
  killed.kill('SIGKILL');
  const before = uuidsIn((await killed.ended).stdout);
  const { exitCode, stdout } = await collect(installation, ...bounds(window));
  expect(exitCode).toBe(0);
  const all = uuidsOf(eventsOfWindow(sandbox.org, window));
  const after = uuidsIn(stdout);
  expect(all.slice(-after.length)).toEqual(after);
  expect(before).toEqual(all.slice(0, 200));
  expect([all.length - 200, all.length - 100]).toContain(after.length);
});

test('the checkpoint of a window lies beside that of the live stream, named for its bounds', async () => {
  const { sandbox, clock } = await openOrg();
  const installation = await install(sandbox);
  const window = daysBefore(clock.now());
  expect((await collect(installation, ...bounds(window))).exitCode).toBe(0);
  const [since, until] = [window.since, window.until].map((moment) =>
    formatInstant(moment).replaceAll(/[-:]/g, ''),
  );
  const path = join(installation.folder, 'data', `okta_checkpoint.window-${since}-${until}.dat`);
  await expect(stat(path)).resolves.toBeDefined();
});
