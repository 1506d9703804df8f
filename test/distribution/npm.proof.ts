import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { eventsUpToHorizon, openOrg } from '../e2e/open-org.ts';
import { expectPrinted } from '../e2e/printed.ts';
import { start } from '../support/program.ts';
import { ask, configureUnpacked, released, temporaryFolder } from './released.ts';

test('the npm package installs without a registry, and its program collects', async () => {
  const org = await openOrg({ events: 1500 });
  const prefix = await temporaryFolder();
  const nobody = [
    '--offline',
    '--registry',
    'http://127.0.0.1:9',
    '--cache',
    join(prefix, 'cache'),
  ];
  await ask('npm', ['install', '--global', '--prefix', prefix, ...nobody, released.npm]);
  const modules = join(prefix, 'lib', 'node_modules');
  expect(await readdir(modules)).toEqual(['okta-collector']);

  const { folder } = await configureUnpacked(join(modules, 'okta-collector'), org.sandbox);
  const program = join(prefix, 'bin', 'okta-collector');
  const run = await start(program, ['--quiet'], { folder: '/' }).ended;
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  expectPrinted(run.stdout, eventsUpToHorizon(org));

  const environment = { OKTA_COLLECTOR_NODE: process.execPath };
  const wrapper = start(join(folder, 'bin', 'SumoJanus_Okta.bash'), [], { folder, environment });
  expect(await wrapper.ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await ask(program, ['--version'])).toContain(released.version);
});
