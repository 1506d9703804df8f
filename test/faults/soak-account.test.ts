import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import type { Duration } from '../../src/domain/time.ts';
import { formatInstant, instant, later, minutes, seconds } from '../../src/domain/time.ts';
import type { Org } from '../../src/sandbox/org.ts';
import { createOrg } from '../../src/sandbox/org.ts';
import { NOON } from '../support/stream.ts';
import { createLedger } from './ledger.ts';
import type { Customer } from './soak-account.ts';
import { account } from './soak-account.ts';
import { noCounts } from './soak-report.ts';

/** An org with an event each second from noon on. */
function orgOf(count: number): Org {
  const org = createOrg();
  for (let index = 0; index < count; index += 1) {
    const uuid = `e-${index}`;
    const published = later(NOON, seconds(index));
    org.append({ uuid, eventType: 'test', published, json: Buffer.from(JSON.stringify({ uuid })) });
  }
  return org;
}

/** Plays runs of one customer: from which event on each wrote, up to which, and what of its log counts. */
function soaked(
  ...runs: readonly (readonly [from: number, to: number, log?: string])[]
): readonly string[] {
  const org = orgOf(100);
  const counts = noCounts(1, minutes(1));
  const customer: Customer = {
    installation: { folder: '', checkpoint: '', log: '' },
    file: undefined,
    ledger: createLedger(org, false),
    mayComeAgain: new Set(),
    newestRead: instant(0),
    readAgain: undefined,
    logs: [],
  };
  for (const [from, to, log = ''] of runs) {
    const lines = org.events.slice(from, to).map(({ json }) => `${json.toString()}\n`);
    account(
      customer,
      counts,
      { exitCode: 0, output: Buffer.from(lines.join('')), stderr: '' },
      log,
    );
  }
  return counts.unexplained;
}

/** What a log says of a link that was refused, the stream being read again from so long after noon. */
const refused = (after: Duration): string =>
  `{"caveat":"refused link","from":"${formatInstant(later(NOON, after))}","message":"…"}`;

test('what comes again is told of, with the logs of the runs before', () => {
  expect(soaked([0, 30, 'first'], [25, 40, 'second'])).toEqual([
    '5 events again in run 2, exit code 0\nfirst\n\nsecond',
  ]);
});

test('what comes again behind a refused link is explained, from the time on that the log says', () => {
  expect(soaked([0, 30], [20, 40, refused(seconds(20))])).toEqual([]);
  expect(soaked([0, 30], [19, 40, refused(seconds(20))])).toHaveLength(1);
});

test('it may come in more runs than one', () => {
  expect(soaked([0, 30], [20, 25, refused(seconds(20))], [20, 30], [25, 40])).toEqual([]);
});

test('what a run has read before its link was refused may come again in the next one, too', () => {
  expect(soaked([0, 30], [30, 50, refused(seconds(20))], [20, 55])).toEqual([]);
});

test('once much newer events have come, nothing comes again any more', () => {
  const runs = [
    [0, 30],
    [20, 30, refused(seconds(20))],
    [30, 40],
  ] as const;
  expect(soaked(...runs)).toEqual([]);
  expect(soaked(...runs, [30, 50])).toHaveLength(1);
});
