import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Instant } from '../../src/domain/time.ts';
import {
  days,
  earlier,
  formatInstant,
  instant,
  later,
  minutes,
  seconds,
} from '../../src/domain/time.ts';
import { makeEvent } from '../../src/sandbox/event.ts';
import type { Installation } from '../support/installation.ts';
import { install } from '../support/installation.ts';
import { collect } from '../support/program.ts';
import { openOrg } from './open-org.ts';
import { uuidsIn, uuidsOf } from './printed.ts';

interface HandOver {
  readonly since: Instant;
  readonly delivered_from_before: readonly string[];
  readonly unrecorded: number;
}

async function handOverIn({ checkpoint }: Installation): Promise<HandOver | undefined> {
  const file = JSON.parse(await readFile(checkpoint, 'utf8')) as {
    okta_collector: { hand_over?: HandOver };
  };
  return file.okta_collector.hand_over;
}

test('what was published before the live stream began, less what its checkpoint names, and the live stream are each event once', async () => {
  const { sandbox, clock } = await openOrg({ events: 1200 });
  const installation = await install(sandbox);
  const start = instant(earlier(clock.now(), days(2)));
  const { org } = sandbox;
  // Published on either side of the start, and stored on either side of it or much later.
  const soon = [-120, -30, -1, 0, 1, 30];
  soon.forEach((offset, index) => {
    const published = later(start, seconds(offset));
    org.append(makeEvent(8, index, published), { persisted: later(published, seconds(60)) });
  });
  const live = [await collect(installation, '--quiet', '--start', formatInstant(start))];
  const veryLate = makeEvent(8, 100, earlier(start, minutes(3)));
  org.append(veryLate, { persisted: clock.now() });
  clock.move(minutes(10));
  live.push(await collect(installation, '--quiet'));

  const record = await handOverIn(installation);
  expect(record).toMatchObject({ since: start, unrecorded: 0 });
  expect(record?.delivered_from_before).toContain(veryLate.uuid);
  const before = await collect(
    installation,
    ...[
      '--quiet',
      '--start',
      formatInstant(earlier(start, days(6))),
      '--end',
      formatInstant(start),
    ],
  );
  const named = new Set(record?.delivered_from_before);
  const taken = uuidsIn(before.stdout).filter((uuid) => !named.has(uuid));
  const delivered = [...taken, ...live.flatMap(({ stdout }) => uuidsIn(stdout))];
  const settled = org.events.filter(
    ({ published }) => published <= earlier(clock.now(), seconds(60)),
  );
  expect(delivered.toSorted()).toEqual(uuidsOf(settled).toSorted());
});
