import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { minutes, seconds } from '../../src/domain/time.ts';
import type { Settings } from '../support/installation.ts';
import { configure, install } from '../support/installation.ts';
import type { Ended } from '../support/program.ts';
import { collect, shell } from '../support/program.ts';
import { addEvents, openOrg } from './open-org.ts';
import { expectPrinted } from './printed.ts';

/** Expects a quiet run that has printed nothing, because of its checkpoint. */
function expectRefused({ exitCode, stdout, stderr }: Ended, message: string): void {
  expect(exitCode).toBe(73);
  expect(stdout).toHaveLength(0);
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/^okta-collector failed \(exit 73\): [^\n]*\n$/);
}

describe('a place that cannot take the checkpoint fails the run before anything is printed:', () => {
  async function runWith(settings: Settings): Promise<Ended> {
    const { sandbox } = await openOrg({ events: 10 });
    return collect(await install(sandbox, settings), '--quiet');
  }

  test('a folder that is missing', async () => {
    const ended = await runWith({ stream_pos_path: '/nowhere/at/all/okta.dat' });
    expectRefused(ended, 'there is no folder "/nowhere/at/all"');
  });

  test('a folder that is a file', async () => {
    const ended = await runWith({ stream_pos_path: 'conf/sumologic.properties/okta.dat' });
    expectRefused(ended, 'there is no folder');
  });

  test('a path that is a folder', async () => {
    expectRefused(await runWith({ stream_pos_path: 'conf' }), 'it is a folder');
  });

  // Nobody may make a file there, root neither; some containers even mount it read-only.
  test('a folder that is read-only', async () => {
    const ended = await runWith({ stream_pos_path: '/sys/okta.dat' });
    expectRefused(ended, 'Cannot save the checkpoint "/sys/okta.dat": ');
    expect(ended.stderr).toMatch(/access is denied|read-only/);
  });

  // A limit on the size of files stops the draft as a full disk does, and needs no privilege.
  test('a disk that takes no more', async () => {
    const { sandbox, clock } = await openOrg({ events: 10 });
    const installation = await install(sandbox);
    await collect(installation, '--quiet');
    const before = await readFile(installation.checkpoint);
    addEvents(sandbox.org, 5, clock.now(), seconds(1));
    clock.move(minutes(2));
    const line = 'ulimit -f 0; collector --quiet';
    expectRefused(await shell(installation, line), 'Cannot save the checkpoint');
    expect(await readFile(installation.checkpoint)).toEqual(before);

    const next = await collect(installation, '--quiet');
    expectPrinted(next.stdout, sandbox.org.events.slice(10));
  });
});

/** What can be wrong with a checkpoint, and what is said about it. */
const faults: readonly (readonly [change: (text: string) => string, message: string])[] = [
  [(text) => text.slice(0, -20), 'it is not a whole JSON object'],
  [() => '{"position":7}', 'its start_time is not a time in milliseconds'],
  [
    (text) => text.replace('"held_pages":[', '"held_pages":[7,'),
    'its okta_collector member is not as this program writes it',
  ],
  [(text) => text.replace('"version":1', '"version":2'), 'a newer version of okta-collector'],
  [
    (text) => text.replace(/"org":"[^"]*"/, '"org":"https://other.okta.com"'),
    'it belongs to "https://other.okta.com"',
  ],
  [
    (text) => text.replaceAll(/http:\/\/127\.0\.0\.1:\d+\/api/g, 'https://evil.example/api'),
    'its link leads to "https://evil.example/api/v1/logs"',
  ],
  [(text) => text.replaceAll('/api/v1/logs', '/api/v1/users'), '/api/v1/users", not to'],
  [
    (text) => text.replace('"end_time":0', '"end_time":1794900000000'),
    'it belongs to a fixed window, from',
  ],
];

test('a checkpoint that is damaged, newer or of something else stops the run and is left as it is', async () => {
  const { sandbox } = await openOrg({ events: 30 });
  const installation = await install(sandbox);
  await collect(installation, '--quiet');
  const whole = await readFile(installation.checkpoint, 'utf8');
  const requests = sandbox.requests.length;
  for (const [change, message] of faults) {
    await writeFile(installation.checkpoint, change(whole));
    expectRefused(await collect(installation, '--quiet'), message);
    expect(await readFile(installation.checkpoint, 'utf8')).toBe(change(whole));
  }
  expect(sandbox.requests).toHaveLength(requests);
});

test('a checkpoint of one org is not gone on from with the token of another', async () => {
  const first = await openOrg({ events: 10 });
  const second = await openOrg({ events: 10 });
  const installation = await install(first.sandbox);
  await collect(installation, '--quiet');
  const { url, token } = second.sandbox;
  await configure(installation, { okta_org_url: url, api_token: token });
  const ended = await collect(installation, '--quiet');
  expectRefused(ended, `it belongs to "${first.sandbox.url}", not to "${url}"`);
  expect(second.sandbox.requests).toHaveLength(0);
});

test('the checkpoint and the log are for their owner only, whatever the umask', async () => {
  const { sandbox } = await openOrg({ events: 10 });
  const installation = await install(sandbox);
  for (const run of ['first', 'second']) {
    await shell(installation, 'umask 0; collector --quiet');
    const { checkpoint, log } = installation;
    const modes = await Promise.all([checkpoint, log].map(async (path) => (await stat(path)).mode));
    expect(
      modes.map((mode) => mode & 0o777),
      run,
    ).toEqual([0o600, 0o600]);
  }
});

test('a draft that a crash has left behind is not looked at, and is gone after the next run', async () => {
  const { sandbox } = await openOrg({ events: 10 });
  const installation = await install(sandbox);
  const draft = `${installation.checkpoint}.draft`;
  await writeFile(draft, '{"torn');
  const { exitCode, stdout } = await collect(installation, '--quiet');
  expect(exitCode).toBe(0);
  expectPrinted(stdout, sandbox.org.events);
  await expect(stat(draft)).rejects.toThrow('ENOENT');
});

test('without its data folder a run says so', async () => {
  const { sandbox } = await openOrg({ events: 10 });
  const installation = await install(sandbox);
  await rm(dirname(installation.checkpoint), { recursive: true });
  const ended = await collect(
    installation,
    '--quiet',
    '--log-file',
    join(installation.folder, 'log'),
  );
  expectRefused(ended, `there is no folder "${dirname(installation.checkpoint)}"`);
});

test('without its data folder each run says so, whatever is logged: none takes itself for the first', async () => {
  const { sandbox } = await openOrg({ events: 10 });
  const installation = await install(sandbox);
  await rm(dirname(installation.checkpoint), { recursive: true });
  const log = ['--log-file', installation.log, '--log-level', 'debug'];
  for (const args of [['check'], [], [], ['backfill', '--start', '2d', '--end', 'now'], []]) {
    const ended = await collect(installation, ...args, '--quiet', ...log);
    expect(ended.exitCode).toBe(73);
    expect(ended.stdout.includes('"uuid"')).toBe(false);
  }
  await chmod(join(installation.folder, 'conf', 'sumologic.properties'), 0o644);
  expect((await collect(installation, '--quiet')).exitCode).toBe(73);
  await writeFile(join(installation.folder, 'conf', 'sumologic.properties'), '[oktacollector]\n');
  expect((await collect(installation, '--quiet')).exitCode).toBe(78);
  await expect(stat(dirname(installation.checkpoint))).rejects.toThrow('ENOENT');
});
