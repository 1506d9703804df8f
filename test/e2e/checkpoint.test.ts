import { chown, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { earlier, formatInstant, hours, instant, minutes, seconds } from '../../src/domain/time.ts';
import type { JsonObject } from '../../src/state/json-shape.ts';
import { isJsonObject, parseJson } from '../../src/state/json-shape.ts';
import type { Installation } from '../support/installation.ts';
import { install, readSummaries } from '../support/installation.ts';
import { collect, startCollector } from '../support/program.ts';
import type { OpenOrg } from './open-org.ts';
import { addEvents, openOrg } from './open-org.ts';
import { expectPrinted, uuidsIn, uuidsOf } from './printed.ts';
import { readFileOfSumoJanus, runSumoJanus } from './sumojanus.ts';

interface Collected {
  readonly org: OpenOrg;
  readonly installation: Installation;
}

/** An org of 300 events, all of them collected. */
async function collected(): Promise<Collected> {
  const org = await openOrg({ events: 300 });
  const installation = await install(org.sandbox);
  await collect(installation, '--quiet');
  return { org, installation };
}

async function backupsOf({ checkpoint }: Installation): Promise<readonly string[]> {
  const folder = dirname(checkpoint);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.bak'));
  return names.map((name) => `${folder}/${name}`);
}

function jsonOf(stdout: Buffer): JsonObject {
  const json = parseJson(stdout.toString());
  if (isJsonObject(json)) return json;
  throw new Error(`no object: ${stdout.toString()}`);
}

describe('checkpoint show', () => {
  test('says how far the stream has come, and of its link no more than where it leads', async () => {
    const { org, installation } = await collected();
    const { exitCode, stdout, stderr } = await collect(installation, 'checkpoint', 'show');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.toString().split('\n');
    expect(lines[0]).toBe(installation.checkpoint);
    expect(lines).toContain('  written by    okta-collector');
    expect(lines).toContain(
      `  goes on at    ${org.sandbox.url}/api/v1/logs (--json shows the whole link)`,
    );
    expect(lines).toContain('  remembered    300 events, which are not written again');
    expect(lines).toContain('  a run         is not at work');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test('gives it to a program whole', async () => {
    const { org, installation } = await collected();
    const { stdout } = await collect(installation, 'checkpoint', 'show', '--json');
    const { checkpoint_url: link } = await readFileOfSumoJanus(installation.checkpoint);
    const published = org.sandbox.org.events.map((event) => event.published);
    const newest = instant(Math.max(...published));
    expect(jsonOf(stdout)).toMatchObject({
      writer: 'okta-collector',
      stream: 'live',
      link,
      held_pages: [{ link }],
      newest_published: formatInstant(newest),
      remembered: 300,
      run_at_work: false,
    });
  });

  test('tells the newest event delivered as the log does, though younger ones on its page must wait', async () => {
    const { sandbox, clock } = await openOrg({ events: 5 });
    addEvents(sandbox.org, 3, earlier(clock.now(), seconds(150)), seconds(60));
    const installation = await install(sandbox);
    await collect(installation, '--quiet');
    const [summary] = await readSummaries(installation);
    const newest = formatInstant(earlier(clock.now(), seconds(90)));
    expect(summary).toMatchObject({ newest_published: newest });
    const { stdout } = await collect(installation, 'checkpoint', 'show', '--json');
    expect(jsonOf(stdout)).toMatchObject({ newest_published: newest });
    const shown = await collect(installation, 'checkpoint', 'show');
    expect(shown.stdout.toString()).toMatch(/\n {2}newest event {2}1 minute, \d+ seconds? ago/);
  });

  test('says that there is none yet', async () => {
    const { sandbox } = await openOrg();
    const installation = await install(sandbox);
    const { exitCode, stdout } = await collect(installation, 'checkpoint');
    expect(exitCode).toBe(0);
    expect(stdout.toString()).toContain('none yet');
    expect(sandbox.requests).toHaveLength(0);
  });

  test('tells a run at work, and leaves it alone', async () => {
    const { sandbox } = await openOrg({ events: 1000 });
    const installation = await install(sandbox);
    const run = startCollector(installation, ['--quiet'], { stalled: true });
    await run.hasPrinted();
    const { stdout } = await collect(installation, 'checkpoint', 'show', '--json');
    expect(jsonOf(stdout)).toMatchObject({ run_at_work: { pid: run.pid } });
    run.read();
    expectPrinted((await run.ended).stdout, sandbox.org.events);
  });

  test('refuses one that is torn', async () => {
    const { installation } = await collected();
    await writeFile(installation.checkpoint, '{"torn');
    const { exitCode, stderr } = await collect(installation, 'checkpoint', 'show');
    expect(exitCode).toBe(73);
    expect(stderr).toContain('it is not a whole JSON object');
  });
});

describe('checkpoint set', () => {
  test('lets the stream begin at a time, keeps what was, and says what follows', async () => {
    const { org, installation } = await collected();
    const before = await readFile(installation.checkpoint);
    const since = earlier(org.clock.now(), hours(48));
    const args = ['checkpoint', 'set', '--since', formatInstant(since)];
    const { exitCode, stdout, stderr } = await collect(installation, ...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.toString()).toContain(`The next run begins at ${formatInstant(since)}`);
    expect(stdout.toString()).toContain('what was collected before included');
    const [backup = '', ...others] = await backupsOf(installation);
    expect(others).toEqual([]);
    expect(stdout.toString()).toContain(backup);
    expect(await readFile(backup)).toEqual(before);
    expect((await stat(backup)).mode & 0o777).toBe(0o600);
    const again = org.sandbox.org.events.filter(({ published }) => published >= since);
    expect(again.length).toBeGreaterThan(50);
    expectPrinted((await collect(installation, '--quiet')).stdout, again);
  });

  test('names what it leaves out, and the command that brings it', async () => {
    const { org, installation } = await collected();
    await collect(installation, 'checkpoint', 'set', '--since', '3d');
    const { stdout } = await collect(installation, 'checkpoint', 'set', '--since', '1h');
    const [, args = ''] = /to collect it: okta-collector (.*)\n/u.exec(stdout.toString()) ?? [];
    const left = await collect(installation, '--quiet', ...args.split(' '));
    const rest = await collect(installation, '--quiet');
    const printed = [...uuidsIn(left.stdout), ...uuidsIn(rest.stdout)];
    const since = earlier(org.clock.now(), hours(70));
    const recent = org.sandbox.org.events.filter(({ published }) => published >= since);
    expect(printed).toEqual(expect.arrayContaining([...uuidsOf(recent)]));
    expect(new Set(printed).size).toBe(printed.length);
  });

  test.each([
    ['tomorrow', 'it is not a time'],
    ['2100-01-01', 'it is in the future'],
    ['91d', 'Okta keeps events for 90 days only'],
  ])('refuses %s, and changes nothing', async (since, message) => {
    const { installation } = await collected();
    const before = await readFile(installation.checkpoint);
    const { exitCode, stderr } = await collect(installation, 'checkpoint', 'set', '--since', since);
    expect(exitCode).toBe(64);
    expect(stderr).toContain(message);
    expect(await readFile(installation.checkpoint)).toEqual(before);
    expect(await backupsOf(installation)).toEqual([]);
  });

  test('refuses to set a window', async () => {
    const { sandbox, clock } = await openOrg();
    const installation = await install(sandbox, {
      start_time: `${earlier(clock.now(), hours(2))}`,
      end_time: `${earlier(clock.now(), hours(1))}`,
    });
    const { exitCode, stderr } = await collect(installation, 'checkpoint', 'set', '--since', '1h');
    expect(exitCode).toBe(64);
    expect(stderr).toContain('end_time is set');
  });
});

describe('checkpoint reset', () => {
  test('makes the next run a first one', async () => {
    const { org, installation } = await collected();
    const before = await readFile(installation.checkpoint);
    const { exitCode, stdout } = await collect(installation, 'checkpoint', 'reset');
    expect(exitCode).toBe(0);
    expect(stdout.toString()).toContain('The next run is a first one');
    await expect(stat(installation.checkpoint)).rejects.toThrow('ENOENT');
    const [backup = ''] = await backupsOf(installation);
    expect(await readFile(backup)).toEqual(before);
    expectPrinted((await collect(installation, '--quiet')).stdout, org.sandbox.org.events);
  });

  test.each([
    ['torn', Buffer.from('{"torn')],
    ['no text', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    [
      'of another org',
      Buffer.from(
        '{"start_time":1,"checkpoint_url":"https://other.okta.com/api/v1/logs","end_time":0,"last_read_events":[]}',
      ),
    ],
  ])('gets past a file that is %s, and keeps each byte of it', async (_, bytes) => {
    const { sandbox } = await openOrg({ events: 10 });
    const installation = await install(sandbox);
    await writeFile(installation.checkpoint, bytes);
    expect((await collect(installation, '--quiet')).exitCode).toBe(73);
    expect((await collect(installation, 'checkpoint', 'reset')).exitCode).toBe(0);
    const [backup = ''] = await backupsOf(installation);
    expect(await readFile(backup)).toEqual(bytes);
    expectPrinted((await collect(installation, '--quiet')).stdout, sandbox.org.events);
  });

  test('has nothing to do if there is none', async () => {
    const { sandbox } = await openOrg();
    const installation = await install(sandbox);
    const { exitCode, stdout } = await collect(installation, 'checkpoint', 'reset');
    expect(exitCode).toBe(0);
    expect(stdout.toString()).toContain('There is no checkpoint');
  });
});

test.each([[['set', '--since', '1h']], [['reset']]])(
  'checkpoint %j refuses while a run is at work, and names it',
  async (args) => {
    const { sandbox } = await openOrg({ events: 1000 });
    const installation = await install(sandbox);
    const run = startCollector(installation, ['--quiet'], { stalled: true });
    await run.hasPrinted();
    const { exitCode, stdout, stderr } = await collect(installation, 'checkpoint', ...args);
    expect(exitCode).toBe(75);
    expect(stdout).toHaveLength(0);
    expect(stderr).toContain(`process ${run.pid} has been at work`);
    run.read();
    expectPrinted((await run.ended).stdout, sandbox.org.events);
    expect(await backupsOf(installation)).toEqual([]);
  },
);

// Only root can give files away.
test.runIf(process.getuid?.() === 0)(
  'a checkpoint and its backup stay their owner’s when root sets it by hand',
  async () => {
    const { installation } = await collected();
    await chown(installation.checkpoint, 1234, 1234);
    await collect(installation, 'checkpoint', 'set', '--since', '1h');
    const [backup = ''] = await backupsOf(installation);
    for (const path of [installation.checkpoint, backup])
      expect(await stat(path)).toMatchObject({ uid: 1234, gid: 1234 });
  },
);

describe('checkpoint export', () => {
  test('prints what SumoJanus goes on from: nothing is lost, nothing comes twice', async () => {
    const { org, installation } = await collected();
    const { exitCode, stdout } = await collect(installation, 'checkpoint', 'export');
    expect(exitCode).toBe(0);
    expect(Object.keys(jsonOf(stdout))).toEqual([
      'start_time',
      'checkpoint_url',
      'end_time',
      'last_read_events',
    ]);
    await writeFile(installation.checkpoint, stdout);
    org.clock.move(minutes(5));
    const file = await readFileOfSumoJanus(installation.checkpoint);
    expect(await runSumoJanus(org.sandbox, installation.checkpoint, file)).toEqual([]);
  });

  test('says that there is none', async () => {
    const { sandbox } = await openOrg();
    const { exitCode, stderr } = await collect(await install(sandbox), 'checkpoint', 'export');
    expect(exitCode).toBe(73);
    expect(stderr).toContain('there is none');
  });

  test('refuses one of a newer version', async () => {
    const { installation } = await collected();
    const text = await readFile(installation.checkpoint, 'utf8');
    await writeFile(installation.checkpoint, text.replace('"version":1', '"version":2'));
    const { exitCode, stderr } = await collect(installation, 'checkpoint', 'export');
    expect(exitCode).toBe(73);
    expect(stderr).toContain('a newer version of okta-collector wrote it');
  });
});
