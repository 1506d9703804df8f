import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Duration, Instant } from '../../src/domain/time.ts';
import {
  earlier,
  formatInstant,
  later,
  milliseconds,
  minutes,
  seconds,
} from '../../src/domain/time.ts';
import { arrivals } from '../../src/sandbox/arrivals.ts';
import { makeEvent } from '../../src/sandbox/event.ts';
import type { Org } from '../../src/sandbox/org.ts';
import type { Installation } from '../support/installation.ts';
import { install, readSummaries } from '../support/installation.ts';
import { collect, startCollector } from '../support/program.ts';
import type { OpenOrg } from './open-org.ts';
import { addEvents, eventsUpToHorizon, openOrg } from './open-org.ts';
import { expectPrinted, uuidsIn, uuidsOf } from './printed.ts';

/** Runs once, silently; gives what was printed. */
async function collectQuietly(installation: Installation): Promise<Buffer> {
  const { exitCode, stdout, stderr } = await collect(installation, '--quiet');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

/** Runs after each of these moves of the clock; gives all that was printed. */
async function collectAfter(
  { clock }: OpenOrg,
  installation: Installation,
  moves: readonly Duration[],
): Promise<Buffer> {
  const printed: Buffer[] = [];
  for (const move of moves) {
    clock.move(move);
    printed.push(await collectQuietly(installation));
  }
  return Buffer.concat(printed);
}

/** Expects every event up to the horizon once, and none twice, whatever their order. */
function expectOnce(stdout: Buffer, org: OpenOrg): void {
  const lines = stdout.toString().split('\n').slice(0, -1);
  const events = eventsUpToHorizon(org).map(({ json }) => json.toString());
  expect(uuidsIn(stdout).toSorted()).toEqual(uuidsOf(eventsUpToHorizon(org)).toSorted());
  expect(lines.toSorted()).toEqual(events.toSorted());
}

/** Adds all that arrives in so long, as restless as a busy org: late, out of order, at the same millisecond. */
function addArrivals(org: Org, from: Instant, span: Duration): void {
  const coming = arrivals({
    seed: 3,
    firstIndex: 100_000,
    from,
    spacing: milliseconds(1500),
    disorder: seconds(8),
  });
  for (const { event, arrival } of coming) {
    if (event.published > later(from, span)) return;
    org.append(event, arrival);
  }
}

test('what arrives late, out of order and at the same millisecond is printed once over many runs', async () => {
  const org = await openOrg();
  const start = org.clock.now();
  const installation = await install(org.sandbox, {
    start_time: formatInstant(earlier(start, minutes(1))),
    pagination_limit: '40',
  });
  addArrivals(org.sandbox.org, start, minutes(25));
  const moves = Array.from({ length: 14 }, (_, run) => seconds(20 + ((run * 53) % 140)));
  const printed = await collectAfter(org, installation, moves);
  // Some events come ten minutes late; then each page held is left, if it stays quiet.
  const rest = await collectAfter(org, installation, Array(6).fill(minutes(8)) as Duration[]);
  expectOnce(Buffer.concat([printed, rest]), org);
  expect(eventsUpToHorizon(org)).toHaveLength(org.sandbox.org.events.length);

  const before = org.sandbox.requests.length;
  expect(await collectQuietly(installation)).toHaveLength(0);
  expect(org.sandbox.requests).toHaveLength(before + 1);
});

test('a run that is caught up costs one request, whether or not there is anything new', async () => {
  const org = await openOrg({ events: 100 });
  const { sandbox, clock } = org;
  const installation = await install(sandbox);
  await collectQuietly(installation);
  addEvents(sandbox.org, 60, clock.now(), seconds(20));
  for (let run = 0; run < 6; run += 1) {
    clock.move(minutes(5));
    const before = sandbox.requests.length;
    await collectQuietly(installation);
    expect(sandbox.requests).toHaveLength(before + 1);
  }
  const summaries = await readSummaries(installation);
  expect(summaries.at(-1)).toMatchObject({ caught_up: true, requests: 1, events: 0 });
  expect(summaries.map(({ events }) => Number(events)).reduce((sum, events) => sum + events)).toBe(
    160,
  );
});

test('an event younger than the horizon is left to a later run, and those around it are not', async () => {
  const org = await openOrg();
  const { sandbox, clock } = org;
  const installation = await install(sandbox);
  const now = clock.now();
  const persisted = earlier(now, seconds(30));
  const [old, young, late] = [300, 40, 290].map((age, index) =>
    makeEvent(4, 1000 + index, earlier(now, seconds(age))),
  );
  if (!old || !young || !late) throw new Error('three events');
  sandbox.org.append(old);
  sandbox.org.append(young, { persisted });
  sandbox.org.append(late, { persisted });
  expectPrinted(await collectQuietly(installation), [old, late]);
  clock.move(seconds(30));
  expectPrinted(await collectQuietly(installation), [young]);
});

test('a late event that sorts into a full page held is printed, and what it pushes onto the next page is not printed again', async () => {
  const org = await openOrg();
  const { sandbox, clock } = org;
  const installation = await install(sandbox, { pagination_limit: '10' });
  const start = earlier(clock.now(), minutes(5));
  addEvents(sandbox.org, 15, start, seconds(10));
  const before = await collectQuietly(installation);
  expectPrinted(before, eventsUpToHorizon(org));

  const late = makeEvent(4, 1000, later(start, seconds(33)));
  sandbox.org.append(late, { visible: clock.now() });
  clock.move(seconds(5));
  expectPrinted(await collectQuietly(installation), [late]);
  clock.move(minutes(5));
  expect(await collectQuietly(installation)).toHaveLength(0);
});

test('events of one millisecond that a page ends between are all printed once', async () => {
  const org = await openOrg();
  const { sandbox, clock } = org;
  const installation = await install(sandbox, { pagination_limit: '7' });
  addEvents(sandbox.org, 40, earlier(clock.now(), minutes(2)), milliseconds(0));
  const first = await collectQuietly(installation);
  addEvents(sandbox.org, 40, clock.now(), milliseconds(0));
  const rest = await collectAfter(org, installation, [minutes(2), minutes(2)]);
  expectPrinted(Buffer.concat([first, rest]), sandbox.org.events);
});

test('a link that Okta refuses is replaced by an earlier start, and what was printed is not printed again', async () => {
  const org = await openOrg({ events: 100 });
  const { sandbox, clock } = org;
  const installation = await install(sandbox);
  const before = await collectQuietly(installation);
  addEvents(sandbox.org, 20, clock.now(), seconds(5));
  clock.move(minutes(5));
  sandbox.misbehave('400-cursor');
  const after = await collectQuietly(installation);
  expectPrinted(Buffer.concat([before, after]), sandbox.org.events);
});

test('an empty checkpoint file is a first run', async () => {
  const org = await openOrg({ events: 10 });
  const installation = await install(org.sandbox);
  await writeFile(installation.checkpoint, '');
  expectPrinted(await collectQuietly(installation), eventsUpToHorizon(org));
});

test('with poll_interval_seconds a run looks again until its time is up, and ends well', async () => {
  const org = await openOrg({ events: 30 });
  const { sandbox, clock } = org;
  const installation = await install(sandbox, { poll_interval_seconds: '1' });
  const running = startCollector(installation, ['--quiet', '-e', '3']);
  await running.printed(eventsUpToHorizon(org).length);
  addEvents(sandbox.org, 20, clock.now(), seconds(1));
  clock.move(minutes(2));
  const { exitCode, stdout, stderr } = await running.ended;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expectPrinted(stdout, eventsUpToHorizon(org));
  expect(await readSummaries(installation)).toMatchObject([{ ended: 'time budget over' }]);
});
