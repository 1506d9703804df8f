import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { earlier, minutes, seconds } from '../../src/domain/time.ts';
import { addEvents, eventsUpToHorizon, openOrg } from '../e2e/open-org.ts';
import { expectPrinted } from '../e2e/printed.ts';
import { readSummaries } from '../support/installation.ts';
import { openGuardedOrg } from './guarded-org.ts';
import { configureUnpacked, released, temporaryFolder, textOf, unpackArchive } from './released.ts';
import { hasWine, setUpWindows } from './wine.ts';

const isThere = await hasWine();
if (!isThere)
  process.stderr.write(
    '\nNOT PROVED: the Windows archive, for want of wine (apt-get install wine)\n\n',
  );

describe.skipIf(!isThere)('the Windows archive, under wine', () => {
  test('runs of the program and of the wrapper print all events and then only new ones', async () => {
    const windows = await setUpWindows(await temporaryFolder());
    const org = await openOrg({ events: 2500 });
    const folder = await unpackArchive(released.windows, await temporaryFolder());
    const installation = await configureUnpacked(folder, org.sandbox);
    addEvents(org.sandbox.org, 100, earlier(org.clock.now(), minutes(3)), seconds(2));

    const first = await windows.run(folder, String.raw`bin\okta-collector.exe --quiet`);
    const printed = eventsUpToHorizon(org);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expectPrinted(first.stdout, printed);

    org.clock.move(seconds(70));
    const second = await windows.run(folder, String.raw`bin\SumoJanus_Okta.bat`);
    const fresh = eventsUpToHorizon(org).filter((event) => !printed.includes(event));
    expect(second).toMatchObject({ exitCode: 0, stderr: '' });
    expect(fresh.length).toBeGreaterThan(30);
    expectPrinted(second.stdout, fresh);
    expect(await readSummaries(installation)).toHaveLength(2);

    const check = await windows.run(folder, String.raw`bin\SumoJanus_Okta.bat -s`);
    expect(check).toMatchObject({ exitCode: 0, stderr: '' });
    expect(check.stdout.toString()).toContain('the API token may read the System Log');

    const status = await windows.run(folder, String.raw`bin\okta-collector.exe status`);
    expect(status).toMatchObject({ exitCode: 0, stderr: '' });
    expect(status.stdout.toString()).toContain('Collecting');
  });

  test('a service app signs in over TLS of a private authority, through a proxy', async () => {
    const windows = await setUpWindows(await temporaryFolder());
    const org = await openGuardedOrg(1500);
    const folder = await unpackArchive(released.windows, await temporaryFolder());
    await configureUnpacked(folder, org.sandbox, await org.letIn(folder));
    const ended = await windows.run(folder, String.raw`bin\SumoJanus_Okta.bat`);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expectPrinted(ended.stdout, eventsUpToHorizon(org));
  });

  // That two runs exclude each other cannot be shown here: to wine a named pipe may have two first owners.
  test('a refused token is told on standard error, and not the token', async () => {
    const windows = await setUpWindows(await temporaryFolder());
    const { sandbox } = await openOrg({ events: 100 });
    const folder = await unpackArchive(released.windows, await temporaryFolder());
    await configureUnpacked(folder, { url: sandbox.url, token: 'of-yesterday' });
    const refused = await windows.run(folder, String.raw`bin\SumoJanus_Okta.bat`);
    expect(refused).toMatchObject({ exitCode: 77, stdout: Buffer.of() });
    expect(refused.stderr).toContain('okta-collector failed (exit 77): Cannot sign in');
    expect(refused.stderr + (await textOf(folder, 'data/okta-collector.log'))).not.toContain(
      'of-yesterday',
    );
  });
});
