import { mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { earlier, minutes, seconds } from '../../src/domain/time.ts';
import type { Installation } from '../support/installation.ts';
import { configure, install, readLog, readSummaries } from '../support/installation.ts';
import type { Running } from '../support/program.ts';
import { collect, start } from '../support/program.ts';
import { addEvents, eventsUpToHorizon, openOrg } from './open-org.ts';
import { expectPrinted } from './printed.ts';

/** What a collector starts its scripts with: nearly nothing. */
const bare = { OKTA_COLLECTOR_NODE: process.execPath };

function startWrapper(
  { folder }: Installation,
  args: readonly string[] = [],
  options: { environment?: Readonly<Record<string, string>>; stalled?: boolean } = {},
): Running {
  const script = ['bin/SumoJanus_Okta.bash', ...args];
  return start('/bin/bash', script, { folder, environment: bare, ...options });
}

test('a run prints all events up to the horizon, untouched and in order, and then only new ones', async () => {
  const org = await openOrg({ events: 2500 });
  const installation = await install(org.sandbox);
  addEvents(org.sandbox.org, 100, earlier(org.clock.now(), minutes(3)), seconds(2));

  const first = await startWrapper(installation).ended;
  const printed = eventsUpToHorizon(org);
  expect(first).toMatchObject({ exitCode: 0, stderr: '' });
  expect(printed.length).toBeGreaterThan(2500);
  expectPrinted(first.stdout, printed);

  org.clock.move(seconds(70));
  const second = await startWrapper(installation).ended;
  const fresh = eventsUpToHorizon(org).filter((event) => !printed.includes(event));
  expect(second).toMatchObject({ exitCode: 0, stderr: '' });
  expect(fresh.length).toBeGreaterThan(30);
  expectPrinted(second.stdout, fresh);
});

test('a run leaves a log of JSON lines with one summary', async () => {
  const { sandbox } = await openOrg({ events: 300 });
  const installation = await install(sandbox);
  await startWrapper(installation).ended;
  expect(await readSummaries(installation)).toMatchObject([
    { stream: 'live', ended: 'caught up', caught_up: true, events: 300, pages: 1, requests: 1 },
  ]);
});

test('the program takes the place of the script, so that what is killed is the program', async () => {
  const { sandbox } = await openOrg({ events: 1000 });
  const installation = await install(sandbox);
  const wrapper = startWrapper(installation, [], { stalled: true });
  await wrapper.hasPrinted();
  const other = await collect(installation);
  expect(other.stderr).toContain(`process ${wrapper.pid} has been at work on it since`);
  wrapper.kill('SIGTERM');
  wrapper.read();
  const { exitCode, stderr, stdout } = await wrapper.ended;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expectPrinted(stdout, sandbox.org.events);
});

test('Node is found by PATH', async () => {
  const { sandbox } = await openOrg({ events: 1 });
  const installation = await install(sandbox);
  const folder = join(installation.folder, 'path');
  await mkdir(folder);
  await symlink(process.execPath, join(folder, 'node'));
  const environment = { PATH: folder };
  const { exitCode, stdout } = await startWrapper(installation, [], { environment }).ended;
  expect(exitCode).toBe(0);
  expectPrinted(stdout, sandbox.org.events);
});

test('an OKTA_COLLECTOR_NODE that is no program fails, and says so on stderr and in the log', async () => {
  const { sandbox } = await openOrg();
  const installation = await install(sandbox);
  const environment = { PATH: '', OKTA_COLLECTOR_NODE: '/nowhere/"node"' };
  const { exitCode, stdout, stderr } = await startWrapper(installation, [], { environment }).ended;
  expect(exitCode).toBe(78);
  expect(stdout).toHaveLength(0);
  expect(stderr).toBe(
    'okta-collector failed (exit 78): Cannot start: OKTA_COLLECTOR_NODE names /nowhere/"node", which is no program\n',
  );
  const [record, ...rest] = await readLog(installation);
  expect(rest).toEqual([]);
  expect(record).toMatchObject({
    level: 'error',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/) as string,
    message: expect.stringContaining('Cannot start: OKTA_COLLECTOR_NODE names') as string,
  });
});

test('-s says what works, prints no event and moves nothing', async () => {
  const { sandbox } = await openOrg({ events: 50 });
  const installation = await install(sandbox);
  const { exitCode, stdout, stderr } = await startWrapper(installation, ['-s']).ended;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const lines = stdout.toString().split('\n');
  expect(lines).toContain(
    '✓ Credential     Okta answers, and the API token may read the System Log',
  );
  await expect(stat(installation.checkpoint)).rejects.toThrow('ENOENT');
});

test('-s says what does not work, and fails as a run would', async () => {
  const { sandbox } = await openOrg();
  const installation = await install(sandbox);
  await configure(installation, { okta_org_url: sandbox.url, api_token: 'secret-of-yesterday' });
  await writeFile(installation.checkpoint, 'torn');
  const { exitCode, stdout } = await startWrapper(installation, ['-s']).ended;
  expect(exitCode).toBe(73);
  expect(stdout.toString()).toContain('✗ Checkpoint     Cannot go on from the checkpoint');
  expect(stdout.toString()).toContain(`✗ Credential     Cannot sign in to "${sandbox.url}": 401`);
  expect(stdout.toString()).not.toContain('secret-of-yesterday');
});

test('what the environment tells Node and the C library stays in force, beside what the wrapper does', async () => {
  const { sandbox } = await openOrg({ events: 1 });
  const installation = await install(sandbox);
  const node = join(installation.folder, 'node');
  await writeFile(
    node,
    '#!/bin/bash\necho "$NODE_OPTIONS" "$MALLOC_MMAP_THRESHOLD_" "$MALLOC_TRIM_THRESHOLD_"\n',
    { mode: 0o755 },
  );
  const told = async (environment: Readonly<Record<string, string>>): Promise<string> => {
    const all = { OKTA_COLLECTOR_NODE: node, ...environment };
    return (await startWrapper(installation, [], { environment: all }).ended).stdout.toString();
  };
  expect(await told({})).toBe('--v8-pool-size=1 16777216 33554432\n');
  expect(await told({ NODE_OPTIONS: '--v8-pool-size=2' })).toBe(
    '--v8-pool-size=1 --v8-pool-size=2 16777216 33554432\n',
  );
  const malloc = { MALLOC_MMAP_THRESHOLD_: '1', MALLOC_TRIM_THRESHOLD_: '2' };
  expect(await told(malloc)).toBe('--v8-pool-size=1 1 2\n');
});
