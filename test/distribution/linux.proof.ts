import { copyFile, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { earlier, minutes, seconds } from '../../src/domain/time.ts';
import { addEvents, eventsOfWindow, eventsUpToHorizon, openOrg } from '../e2e/open-org.ts';
import { expectPrinted } from '../e2e/printed.ts';
import { goOverFromSumoJanus } from '../e2e/way-over.ts';
import type { Ended } from '../support/program.ts';
import { start } from '../support/program.ts';
import { readSummaries } from '../support/installation.ts';
import type { Installation } from '../support/unpack.ts';
import { furnish, wayIntoRoot } from './empty-root.ts';
import { openGuardedOrg } from './guarded-org.ts';
import {
  ask,
  configureUnpacked,
  released,
  temporaryFolder,
  textOf,
  unpackArchive,
} from './released.ts';

const way = await wayIntoRoot();
if (way === undefined)
  process.stderr.write(
    '\nNOT PROVED: the Linux archive in an empty root, for want of a root or a user namespace\n\n',
  );

const home = '/opt/okta-collector';

/** An empty root with the archive in it. */
interface Machine {
  readonly installation: Installation;
  /** Runs something there, without any environment, to its end. */
  readonly run: (...command: readonly string[]) => Promise<Ended>;
}

async function machine(org: { readonly url: string; readonly token: string }): Promise<Machine> {
  const root = await temporaryFolder();
  const folder = join(root, home);
  await mkdir(join(root, 'opt'));
  await rename(await unpackArchive(released.linux, root), folder);
  await furnish(root, join(folder, 'bin', 'okta-collector'));
  const [program = '', ...args] = way ?? [];
  return {
    installation: await configureUnpacked(folder, org),
    run: (...command) =>
      start(program, [...args, root, ...command], { folder: '/', environment: {} }).ended,
  };
}

describe.skipIf(way === undefined)(
  'the Linux archive, in a root with nothing but libc and bash',
  () => {
    test('scheduled runs through the wrapper print all events and then only new ones, as from any machine', async () => {
      const org = await openOrg({ events: 2500 });
      const { run, installation } = await machine(org.sandbox);
      addEvents(org.sandbox.org, 100, earlier(org.clock.now(), minutes(3)), seconds(2));

      const first = await run('/bin/bash', `${home}/bin/SumoJanus_Okta.bash`);
      const printed = eventsUpToHorizon(org);
      expect(first).toMatchObject({ exitCode: 0, stderr: '' });
      expect(printed.length).toBeGreaterThan(2500);
      expectPrinted(first.stdout, printed);

      org.clock.move(seconds(70));
      const second = await run('/bin/bash', `${home}/bin/SumoJanus_Okta.bash`);
      const fresh = eventsUpToHorizon(org).filter((event) => !printed.includes(event));
      expect(second).toMatchObject({ exitCode: 0, stderr: '' });
      expect(fresh.length).toBeGreaterThan(30);
      expectPrinted(second.stdout, fresh);
      expect(await readSummaries(installation)).toHaveLength(2);
    });

    test('check, a window and status by hand', async () => {
      const org = await openOrg({ events: 2500 });
      const { run } = await machine(org.sandbox);
      const collector = `${home}/bin/okta-collector`;

      const check = await run('/bin/bash', `${home}/bin/SumoJanus_Okta.bash`, '-s');
      expect(check).toMatchObject({ exitCode: 0, stderr: '' });
      expect(check.stdout.toString()).toContain('the API token may read the System Log');

      const now = org.clock.now();
      const window = { since: earlier(now, minutes(3000)), until: earlier(now, minutes(1000)) };
      const bounds = ['--start', String(window.since), '--end', String(window.until)];
      const taken = await run(collector, ...bounds, '--quiet');
      const events = eventsOfWindow(org.sandbox.org, window);
      expect(taken).toMatchObject({ exitCode: 0, stderr: '' });
      expect(events.length).toBeGreaterThan(300);
      expectPrinted(taken.stdout, events);

      expect(await run(collector, '--quiet')).toMatchObject({ exitCode: 0, stderr: '' });
      const status = await run(collector, 'status');
      expect(status).toMatchObject({ exitCode: 0, stderr: '' });
      expect(status.stdout.toString()).toContain('Collecting');
    });

    test('a service app signs in over TLS of a private authority, through a proxy', async () => {
      const org = await openGuardedOrg(1500);
      const { run, installation } = await machine(org.sandbox);
      const { folder } = installation;
      await configureUnpacked(folder, org.sandbox, await org.letIn(folder));
      const ended = await run('/bin/bash', `${home}/bin/SumoJanus_Okta.bash`);
      expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
      expectPrinted(ended.stdout, eventsUpToHorizon(org));
    });

    test('it is set up by options, and then collects months of history', async () => {
      const org = await openOrg({ events: 2500 });
      const { run, installation } = await machine({ url: '<your org>', token: '<your token>' });
      await writeFile(join(installation.folder, 'conf', 'token'), org.sandbox.token, {
        mode: 0o600,
      });
      const options = ['--org-url', org.sandbox.url, '--api-token-file', `${home}/conf/token`];
      const setup = await run('/bin/bash', `${home}/bin/SumoJanus_Okta.bash`, '-s', ...options);
      expect(setup).toMatchObject({ exitCode: 0, stderr: '' });
      expect(setup.stdout.toString()).toContain(`"file": "${home}/bin/SumoJanus_Okta.bash"`);

      const now = org.clock.now();
      const window = { since: earlier(now, minutes(8000)), until: earlier(now, minutes(10)) };
      const bounds = ['--start', String(window.since), '--end', String(window.until)];
      const backfill = await run(`${home}/bin/okta-collector`, 'backfill', '--quiet', ...bounds);
      expect(backfill).toMatchObject({ exitCode: 0, stderr: '' });
      expectPrinted(backfill.stdout, eventsOfWindow(org.sandbox.org, window));
      expect(backfill.stdout.length).toBeGreaterThan(1_000_000);
    });

    test('a run says on one line that it is not configured yet', async () => {
      const { run, installation } = await machine({ url: '<https://x>', token: '<token>' });
      const { exitCode, stderr } = await run('/bin/bash', `${home}/bin/SumoJanus_Okta.bash`);
      expect(exitCode).toBe(78);
      expect(stderr.split('\n')).toHaveLength(2);
      expect(await textOf(installation.folder, 'data/okta-collector.log')).toContain('placeholder');
    });
  },
);

test('the way over from SumoJanus and back works with the archive, step by step as the README says', async () => {
  await goOverFromSumoJanus(await openOrg({ events: 700 }), {}, (folder) =>
    copyFile(released.linux, join(folder, basename(released.linux))),
  );
});

test('a program that has its own Node inside refuses to be told to run on another one', async () => {
  const folder = await unpackArchive(released.linux, await temporaryFolder());
  const environment = { OKTA_COLLECTOR_NODE: process.execPath };
  const wrapper = start('/bin/bash', ['bin/SumoJanus_Okta.bash'], { folder, environment });
  expect(await wrapper.ended).toMatchObject({
    exitCode: 78,
    stderr: expect.stringContaining('okta-collector has its own Node inside') as string,
  });
});

test('what V8 is told by the environment does not make a scheduled run speak', async () => {
  const { sandbox } = await openOrg({ events: 10 });
  const folder = await unpackArchive(released.linux, await temporaryFolder());
  await configureUnpacked(folder, sandbox);
  const environment = { NODE_OPTIONS: '--max-old-space-size=100' };
  const wrapper = start('/bin/bash', ['bin/SumoJanus_Okta.bash'], { folder, environment });
  expect(await wrapper.ended).toMatchObject({ exitCode: 0, stderr: '' });
});

test('the executable needs no glibc newer than 2.28', async () => {
  const folder = await unpackArchive(released.linux, await temporaryFolder());
  const headers = await ask('objdump', [
    '--private-headers',
    join(folder, 'bin', 'okta-collector'),
  ]);
  const versions = [...headers.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  expect(Math.max(...versions)).toBe(28);
  expect(await readdir(join(folder, 'data'))).toEqual([]);
});
