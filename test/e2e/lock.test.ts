import { expect, test } from 'vitest';
import { days, earlier } from '../../src/domain/time.ts';
import type { Installation } from '../support/installation.ts';
import { install, readLog } from '../support/installation.ts';
import type { Running } from '../support/program.ts';
import { collect, startCollector } from '../support/program.ts';
import { eventsUpToHorizon, openOrg } from './open-org.ts';
import { expectPrinted, uuidsIn, uuidsOf } from './printed.ts';

/** A run that is at work until somebody reads what it prints. */
async function atWork(installation: Installation): Promise<Running> {
  const running = startCollector(installation, ['--quiet'], { stalled: true });
  await running.hasPrinted();
  return running;
}

test('a scheduled run that finds another at work says nothing and ends well', async () => {
  const org = await openOrg({ events: 1000 });
  const installation = await install(org.sandbox);
  const holder = await atWork(installation);
  const requests = org.sandbox.requests.length;
  const { exitCode, stdout, stderr } = await collect(installation, '--quiet');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toHaveLength(0);
  expect(org.sandbox.requests).toHaveLength(requests);
  expect((await readLog(installation)).at(-1)).toMatchObject({
    level: 'info',
    message: expect.stringContaining(`process ${holder.pid} has been at work`) as string,
  });
  holder.read();
  expectPrinted((await holder.ended).stdout, eventsUpToHorizon(org));
});

test('a run by hand that finds another at work fails and names it', async () => {
  const { sandbox } = await openOrg({ events: 1000 });
  const installation = await install(sandbox);
  const holder = await atWork(installation);
  const { exitCode, stdout, stderr } = await collect(installation);
  expect(exitCode).toBe(75);
  expect(stdout).toHaveLength(0);
  expect(stderr).toContain(
    `Cannot start on "${installation.checkpoint}": process ${holder.pid} has been at work on it since`,
  );
});

test('a window that is at work already is not collected a second time', async () => {
  const { sandbox, clock } = await openOrg({ events: 1500 });
  const installation = await install(sandbox);
  const now = clock.now();
  const window = ['--quiet', '--start', `${earlier(now, days(7))}`, '--end', `${now}`];
  const holder = startCollector(installation, window, { stalled: true });
  await holder.hasPrinted();
  const { exitCode, stdout, stderr } = await collect(installation, ...window);
  expect(exitCode).toBe(75);
  expect(stdout).toHaveLength(0);
  expect(stderr).toMatch(/^okta-collector failed \(exit 75\): Cannot start on .*\n$/);
});

test('a run that was killed leaves nothing that holds up the next one', async () => {
  const org = await openOrg({ events: 1000 });
  const installation = await install(org.sandbox);
  const killed = await atWork(installation);
  killed.kill('SIGKILL');
  await killed.exited;
  const { exitCode, stdout } = await collect(installation, '--quiet');
  expect(exitCode).toBe(0);
  expectPrinted(stdout, eventsUpToHorizon(org));
});

test('eight runs that start at once print everything exactly once together', async () => {
  const org = await openOrg({ events: 500 });
  const installation = await install(org.sandbox, { pagination_limit: '50' });
  const runs = await Promise.all(Array.from({ length: 8 }, () => collect(installation, '--quiet')));
  for (const { exitCode, stderr } of runs) {
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  }
  const printed = uuidsIn(Buffer.concat(runs.map(({ stdout }) => stdout)));
  expect(printed.toSorted()).toEqual(uuidsOf(eventsUpToHorizon(org)).toSorted());
});
