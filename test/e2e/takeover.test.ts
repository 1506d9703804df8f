import { readFile, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Instant } from '../../src/domain/time.ts';
import { days, earlier, formatInstant, hours, minutes, seconds } from '../../src/domain/time.ts';
import type { Installation } from '../support/installation.ts';
import { install, readLog } from '../support/installation.ts';
import { collect } from '../support/program.ts';
import { ask } from '../sandbox/ask.ts';
import type { OpenOrg } from './open-org.ts';
import { addEvents, eventsOfWindow, eventsUpToHorizon, openOrg } from './open-org.ts';
import { expectPrinted, uuidsIn, uuidsOf } from './printed.ts';
import { readFileOfSumoJanus, runSumoJanus } from './sumojanus.ts';

/** Lets SumoJanus begin a stream in an installation; gives the uuids that it has printed. */
async function beginWithSumoJanus(
  { sandbox, clock }: OpenOrg,
  { checkpoint }: Installation,
  pages: number,
  end?: Instant,
): Promise<readonly string[]> {
  const start = earlier(clock.now(), days(7));
  const until = end === undefined ? '' : `&until=${formatInstant(end)}`;
  const path = `/api/v1/logs?sortOrder=ASCENDING&limit=50&since=${formatInstant(start)}${until}`;
  const file = {
    start_time: start,
    checkpoint_url: `${sandbox.url}${path}`,
    end_time: end ?? 0,
    last_read_events: [],
  };
  return runSumoJanus(sandbox, checkpoint, file, pages);
}

describe('a checkpoint of SumoJanus', () => {
  test('is gone on from: what it has printed is not printed again, all the rest is', async () => {
    const org = await openOrg({ events: 420 });
    const installation = await install(org.sandbox);
    await beginWithSumoJanus(org, installation, 5);
    const { exitCode, stdout, stderr } = await collect(installation, '--quiet');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expectPrinted(stdout, eventsUpToHorizon(org).slice(250));
  });

  test('that lags a page behind what was printed does not bring that page again', async () => {
    const org = await openOrg({ events: 420 });
    const installation = await install(org.sandbox);
    await beginWithSumoJanus(org, installation, 4);
    const { checkpoint_url } = await readFileOfSumoJanus(installation.checkpoint);
    const printed = await beginWithSumoJanus(org, installation, 5);
    const file = await readFileOfSumoJanus(installation.checkpoint);
    await runSumoJanus(org.sandbox, installation.checkpoint, { ...file, checkpoint_url }, 0);

    const { stdout } = await collect(installation, '--quiet');
    expectPrinted(stdout, eventsUpToHorizon(org).slice(printed.length));
    const records = await readLog(installation);
    expect(records).toContainEqual(
      expect.objectContaining({ level: 'warn', remembered: 200 }) as unknown,
    );
    expect(records.at(-1)).toMatchObject({ message: 'Run ended', dropped: 50 });
  });

  test('keeps its four members with their meaning', async () => {
    const org = await openOrg({ events: 420 });
    const { sandbox } = org;
    const installation = await install(sandbox);
    await beginWithSumoJanus(org, installation, 5);
    const before = await readFileOfSumoJanus(installation.checkpoint);
    await collect(installation, '--quiet');

    const after = await readFileOfSumoJanus(installation.checkpoint);
    expect(after).toMatchObject({ start_time: before.start_time, end_time: 0 });
    const position = await ask(sandbox, after.checkpoint_url);
    expect(position.status).toBe(200);
    const times = new Map(sandbox.org.events.map(({ uuid, published }) => [uuid, published]));
    for (const { uuid, time } of after.last_read_events) expect(time).toBe(times.get(uuid));
    const remembered = after.last_read_events.map(({ uuid }) => uuid);
    expect(remembered).toEqual(
      expect.arrayContaining(before.last_read_events.map(({ uuid }) => uuid)),
    );
    expect(remembered).toEqual(
      expect.arrayContaining([...uuidsOf(eventsUpToHorizon(org).slice(250))]),
    );
  });
});

test('from SumoJanus to us, back to it and to us again nothing is lost and nothing comes twice', async () => {
  const org = await openOrg();
  const { sandbox, clock } = org;
  const installation = await install(sandbox, { pagination_limit: '50' });
  addEvents(sandbox.org, 500, earlier(clock.now(), minutes(40)), seconds(12));

  const printed = [...(await beginWithSumoJanus(org, installation, 2))];
  for (const turn of ['we', 'SumoJanus', 'we', 'we', 'SumoJanus', 'we']) {
    clock.move(minutes(7));
    if (turn === 'SumoJanus') {
      const file = await readFileOfSumoJanus(installation.checkpoint);
      printed.push(...(await runSumoJanus(sandbox, installation.checkpoint, file)));
    } else {
      const { exitCode, stdout } = await collect(installation, '--quiet');
      expect(exitCode).toBe(0);
      printed.push(...uuidsIn(stdout));
    }
  }
  expect(printed).toHaveLength(eventsUpToHorizon(org).length);
  expect(new Set(printed)).toEqual(new Set(uuidsOf(eventsUpToHorizon(org))));
});

describe('a checkpoint of a window of SumoJanus', () => {
  async function halfReadWindow() {
    const org = await openOrg({ events: 420 });
    const installation = await install(org.sandbox);
    const end = earlier(org.clock.now(), hours(1));
    await beginWithSumoJanus(org, installation, 5, end);
    return { org, installation, end, before: await readFile(installation.checkpoint, 'utf8') };
  }

  test('is finished as the window of the same bounds, and left as it is', async () => {
    const { org, installation, end, before } = await halfReadWindow();
    const start = earlier(org.clock.now(), days(7));
    const bounds = ['--start', `${start}`, '--end', `${end}`];
    const { exitCode, stdout } = await collect(installation, '--quiet', ...bounds);
    expect(exitCode).toBe(0);
    expectPrinted(stdout, eventsOfWindow(org.sandbox.org, { since: start, until: end }).slice(250));
    expect(await readFile(installation.checkpoint, 'utf8')).toBe(before);
  });

  test('stops the live stream, and is left as it is', async () => {
    const { installation, before } = await halfReadWindow();
    const { exitCode, stdout, stderr } = await collect(installation, '--quiet');
    expect(exitCode).toBe(73);
    expect(stdout).toHaveLength(0);
    expect(stderr).toMatch(
      /^okta-collector failed \(exit 73\): .* it belongs to a fixed window.*\n$/,
    );
    expect(await readFile(installation.checkpoint, 'utf8')).toBe(before);
    await expect(stat(`${installation.checkpoint}.draft`)).rejects.toThrow('ENOENT');
  });
});
