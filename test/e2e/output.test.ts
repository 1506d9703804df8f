import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { minutes, seconds } from '../../src/domain/time.ts';
import { install, readSummaries } from '../support/installation.ts';
import { collect, shell, startCollector } from '../support/program.ts';
import { addEvents, eventsUpToHorizon, openOrg } from './open-org.ts';
import { expectPrinted, uuidsIn, uuidsOf } from './printed.ts';

const readerGone = 'Cannot write events: the reader has closed standard output';

/** The one line that a quiet run says when it fails. */
function failure(exitCode: number, message: string): unknown {
  return expect.stringMatching(
    new RegExp(`^okta-collector failed \\(exit ${exitCode}\\): ${message}\\. [^\\n]+\\n$`),
  );
}

test.each(['checkpoint export', 'script-source', 'status --json', 'backfill --list', '--help'])(
  'what "%s" prints is not lost in silence when the disk is full',
  async (command) => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox);
    await collect(installation, '--quiet');
    const { exitCode, stderr } = await shell(installation, `collector ${command} > /dev/full`);
    expect(exitCode).toBe(74);
    expect(stderr).toContain('Cannot print: the disk behind standard output is full');
  },
);

test('a reader that has read enough of what a command prints is no failure', async () => {
  const { sandbox } = await openOrg();
  const installation = await install(sandbox);
  const line = 'collector script-source | head -c 1 > /dev/null; exit ${PIPESTATUS[0]}';
  expect(await shell(installation, line)).toMatchObject({ exitCode: 0, stderr: '' });
});

describe('a reader that goes away', () => {
  test('in the first page fails the run, and the next run prints that page from its start', async () => {
    const org = await openOrg({ events: 1500 });
    const installation = await install(org.sandbox);
    const line = 'collector --quiet | head -1; exit ${PIPESTATUS[0]}';
    const { exitCode, stdout, stderr } = await shell(installation, line);
    expect({ exitCode, stderr }).toEqual({ exitCode: 74, stderr: failure(74, readerGone) });
    expectPrinted(stdout, eventsUpToHorizon(org).slice(0, 1));
    await expect(stat(installation.checkpoint)).rejects.toThrow('ENOENT');

    const next = await collect(installation, '--quiet');
    expectPrinted(next.stdout, eventsUpToHorizon(org));
  });

  test('in a later page fails the run, and the next run goes on with that page', async () => {
    const org = await openOrg({ events: 3000 });
    const installation = await install(org.sandbox);
    const line = 'collector --quiet | head -1100; exit ${PIPESTATUS[0]}';
    const { exitCode, stdout } = await shell(installation, line);
    expect(exitCode).toBe(74);
    expectPrinted(stdout, eventsUpToHorizon(org).slice(0, 1100));

    const next = await collect(installation, '--quiet');
    expectPrinted(next.stdout, eventsUpToHorizon(org).slice(1000));
  });

  test('and hangs up without a word fails the run', async () => {
    const { sandbox } = await openOrg({ events: 1000 });
    const installation = await install(sandbox);
    const running = startCollector(installation, ['--quiet'], { stalled: true });
    await running.hasPrinted();
    running.hangUp();
    const { exitCode, stderr } = await running.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 74, stderr: failure(74, readerGone) });
    await expect(stat(installation.checkpoint)).rejects.toThrow('ENOENT');
  });
});

test('a full disk behind stdout fails the run, and the checkpoint stays as it was', async () => {
  const org = await openOrg({ events: 100 });
  const { sandbox, clock } = org;
  const installation = await install(sandbox);
  await collect(installation, '--quiet');
  const before = await readFile(installation.checkpoint);
  addEvents(sandbox.org, 10, clock.now(), seconds(1));
  clock.move(minutes(2));

  const { exitCode, stderr } = await shell(installation, 'collector --quiet > /dev/full');
  const message = 'Cannot write events: the disk behind standard output is full';
  expect({ exitCode, stderr }).toEqual({ exitCode: 74, stderr: failure(74, message) });
  expect(await readFile(installation.checkpoint)).toEqual(before);
  const next = await collect(installation, '--quiet');
  expectPrinted(next.stdout, sandbox.org.events.slice(100));
});

test('a closed stdout fails the run before Okta is asked', async () => {
  const { sandbox } = await openOrg({ events: 10 });
  const installation = await install(sandbox);
  const { exitCode, stderr } = await shell(installation, 'collector --quiet >&-');
  const message = 'Cannot write events: standard output is closed';
  expect({ exitCode, stderr }).toEqual({ exitCode: 74, stderr: failure(74, message) });
  expect(sandbox.requests).toHaveLength(0);
});

test('a file with a torn last line gets no event glued to it', async () => {
  const org = await openOrg({ events: 100 });
  const installation = await install(org.sandbox);
  const file = join(installation.folder, 'events.json');
  await writeFile(file, '{"whole":1}\n{"torn":"in the mid');
  const { exitCode } = await shell(installation, 'collector --quiet >> events.json');
  expect(exitCode).toBe(0);
  const [whole, torn, ...lines] = (await readFile(file, 'utf8')).split('\n');
  expect([whole, torn]).toEqual(['{"whole":1}', '{"torn":"in the mid']);
  expectPrinted(Buffer.from(lines.join('\n')), eventsUpToHorizon(org));
});

describe('a signal to end', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '(here %s) while a page comes in ends the run well, and the next one goes on with that page',
    async (signal) => {
      const org = await openOrg({ events: 1000 });
      const { sandbox } = org;
      const installation = await install(sandbox, { pagination_limit: '100' });
      sandbox.misbehave('slow:1000@4');
      const running = startCollector(installation, ['--quiet']);
      await running.printed(300);
      running.kill(signal);
      const { exitCode, stdout, stderr } = await running.ended;
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expectPrinted(stdout, eventsUpToHorizon(org).slice(0, 300));
      expect(await readSummaries(installation)).toMatchObject([
        { ended: 'stopped by signal', caught_up: false, events: 300 },
      ]);

      const next = await collect(installation, '--quiet');
      expectPrinted(next.stdout, eventsUpToHorizon(org).slice(300));
    },
  );

  test('while a page is written lets it be written to its end', async () => {
    const org = await openOrg({ events: 1500 });
    const installation = await install(org.sandbox);
    const running = startCollector(installation, ['--quiet'], { stalled: true });
    await running.hasPrinted();
    running.kill('SIGTERM');
    running.read();
    const { exitCode, stdout, stderr } = await running.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expectPrinted(stdout, eventsUpToHorizon(org).slice(0, 1000));
    const next = await collect(installation, '--quiet');
    expectPrinted(next.stdout, eventsUpToHorizon(org).slice(1000));
  });

  test('ends a run whose reader is stuck, and the next one prints the page again', async () => {
    const org = await openOrg({ events: 1500 });
    const installation = await install(org.sandbox);
    const running = startCollector(installation, ['--quiet'], { stalled: true });
    await running.hasPrinted();
    running.kill('SIGTERM');
    await running.exited;
    running.read();
    const { exitCode, stderr } = await running.ended;
    const message = 'Cannot write events: the reader of standard output takes nothing';
    expect({ exitCode, stderr }).toEqual({ exitCode: 74, stderr: failure(74, message) });
    await expect(stat(installation.checkpoint)).rejects.toThrow('ENOENT');
    const next = await collect(installation, '--quiet');
    expect(uuidsIn(next.stdout)).toEqual(uuidsOf(eventsUpToHorizon(org)));
  });
});

test('a time budget that ends in a backlog ends the run well, and the next one goes on', async () => {
  const org = await openOrg({ events: 500 });
  const installation = await install(org.sandbox, { pagination_limit: '100' });
  org.sandbox.misbehave('hang@3');
  const { exitCode, stdout, stderr } = await collect(installation, '--quiet', '-e', '2');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expectPrinted(stdout, eventsUpToHorizon(org).slice(0, 200));
  const next = await collect(installation, '--quiet');
  expectPrinted(next.stdout, eventsUpToHorizon(org).slice(200));
});
