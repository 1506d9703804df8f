import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { days, formatInstant, instant, minutes, seconds } from '../../src/domain/time.ts';
import { isJsonObject, parseJson } from '../../src/state/json-shape.ts';
import type { JsonObject } from '../../src/state/json-shape.ts';
import { statusPath } from '../../src/state/status-file.ts';
import type { Installation } from '../support/installation.ts';
import { configure, install, readLog } from '../support/installation.ts';
import type { Ended } from '../support/program.ts';
import { collect, shell, startCollector } from '../support/program.ts';
import { movedBack } from './moved-back.ts';
import { addEvents, openOrg } from './open-org.ts';

const status = (installation: Installation): Promise<Ended> => collect(installation, 'status');
const run = (installation: Installation): Promise<Ended> => collect(installation, '--quiet');

/** What `status --json` says. */
async function statusJson(installation: Installation): Promise<JsonObject> {
  const { stdout } = await collect(installation, 'status', '--json');
  const json = parseJson(stdout.toString());
  if (isJsonObject(json)) return json;
  throw new Error(`not an object: ${stdout.toString()}`);
}

/** The screen with its lines unwrapped. */
function unwrapped({ stdout }: Ended): readonly string[] {
  return stdout
    .toString()
    .replaceAll(/\n {15}(?!→)/gu, ' ')
    .replaceAll(/ {2,}/gu, ' ')
    .split('\n');
}

describe('status', () => {
  test('is pending before the first run, and asks Okta nothing', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const ended = await status(await install(sandbox));
    expect(ended).toMatchObject({ exitCode: 1, stderr: '' });
    expect(unwrapped(ended).slice(0, 2)).toEqual([
      '✗ Pending: not healthy',
      ' No run has ended yet',
    ]);
    expect(sandbox.requests).toEqual([]);
  });

  test('shows that all is well, after runs that brought something and runs that did not', async () => {
    const { sandbox, clock } = await openOrg({ events: 50 });
    const installation = await install(sandbox);
    await run(installation);
    await run(installation);
    addEvents(sandbox.org, 5, clock.now(), seconds(1));
    clock.move(minutes(2));
    await run(installation);
    const requests = sandbox.requests.length;
    const ended = await status(installation);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    const screen = unwrapped(ended);
    expect(screen[0]).toBe('✓ Collecting: healthy');
    expect(screen).toContain(`Org ${sandbox.url}`);
    expect(screen).toContainEqual(expect.stringMatching(/^Events today 55 /));
    expect(screen).toContainEqual(expect.stringMatching(/^Last run caught up, \d+ seconds? ago/));
    expect(
      ended.stdout
        .toString()
        .split('\n')
        .every((line) => line.length <= 80),
    ).toBe(true);
    expect(sandbox.requests).toHaveLength(requests);
    expect(await statusJson(installation)).toMatchObject({
      state: 'Collecting',
      healthy: true,
      complaints: [],
      events_today: 55,
      error: null,
      totals: { runs: 3, failed_runs: 0, events: 55 },
    });
  });

  test('lies in a file of its own that only its owner may read', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox);
    await shell(installation, 'umask 0; collector --quiet');
    expect((await stat(statusPath(installation.checkpoint))).mode & 0o777).toBe(0o600);
    expect(statusPath(installation.checkpoint)).toMatch(/okta_checkpoint\.status\.json$/);
  });

  test('shows that the token was revoked, since when, and when that is over', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox);
    await run(installation);
    await configure(installation, { okta_org_url: sandbox.url, api_token: 'secret-of-yesterday' });
    await run(installation);
    const { error: first } = await statusJson(installation);
    await run(installation);
    const ended = await status(installation);
    expect(ended.exitCode).toBe(1);
    const screen = unwrapped(ended);
    expect(screen[0]).toBe('✗ Error: not healthy');
    expect(screen[1]).toMatch(/^ Runs fail: Cannot sign in to .*401 E0000011/);
    expect(screen.join('\n')).toContain(`Cannot sign in to "${sandbox.url}": 401 E0000011`);
    expect(screen.join('\n')).toContain('→ Create a new API token in Okta');
    expect(ended.stdout.toString()).not.toContain('secret-of-yesterday');
    const since = isJsonObject(first) ? first['since'] : undefined;
    expect(await statusJson(installation)).toMatchObject({
      state: 'Error',
      error: { type: 'ThirdPartyConfig', exit_code: 77, since, until: null },
      totals: { runs: 3, failed_runs: 2 },
    });

    await configure(installation, { okta_org_url: sandbox.url, api_token: sandbox.token });
    await run(installation);
    const over = await status(installation);
    expect(over.exitCode).toBe(0);
    expect(unwrapped(over).join('\n')).toMatch(/Last error ThirdPartyConfig .*, over \d{4}-/);
  });

  test('shows that Okta is not reached', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox);
    await sandbox.close();
    await collect(installation, '--quiet', '-e', '2');
    expect(await statusJson(installation)).toMatchObject({
      state: 'Error',
      error: { type: 'ThirdPartyGeneric', exit_code: 75 },
    });
  });

  test('shows that the stream is two days behind and no run has come since', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox);
    await run(installation);
    await movedBack(installation, days(2));
    const ended = await status(installation);
    expect(ended.exitCode).toBe(1);
    const screen = unwrapped(ended);
    expect(screen[0]).toBe('✗ Collecting: not healthy');
    expect(screen[1]).toMatch(/^ The last success is 2 days(, \d seconds?)? old$/);
    expect(screen[2]).toMatch(/^ The stream is 2 days(, \d seconds?)? behind$/);
  });

  test('shows that the checkpoint is torn before a run stumbles over it', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox);
    await run(installation);
    await writeFile(installation.checkpoint, '{"start_time":17');
    const ended = await status(installation);
    expect(ended.exitCode).toBe(1);
    expect(unwrapped(ended)[0]).toBe('✗ Error: not healthy');
    expect(ended.stdout.toString()).toContain('Cannot go on from the checkpoint');
    const { read_up_to: readUpTo } = await statusJson(installation);
    const published = sandbox.org.events.map((event) => event.published);
    expect(readUpTo).toBe(formatInstant(instant(Math.max(...published))));
    await rm(dirname(installation.checkpoint), { recursive: true });
    expect(await status(installation)).toMatchObject({ exitCode: 1, stderr: '' });
  });

  test('notes what could not be done as promised, as the log does', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox, { start_time: '89d' });
    await run(installation);
    await movedBack(installation, days(91));
    sandbox.misbehave('400-cursor');
    expect(await run(installation)).toMatchObject({ exitCode: 0, stderr: '' });
    const ended = await status(installation);
    expect(ended.exitCode).toBe(1);
    expect(unwrapped(ended)).toContain(' Events are lost: see the gap');
    for (const kind of ['gap', 'refused link', 'start ignored']) {
      expect(unwrapped(ended)).toContainEqual(expect.stringMatching(`^Note ${kind}, `));
      expect(await readLog(installation)).toContainEqual(
        expect.objectContaining({ caveat: kind }) as unknown,
      );
    }
  });

  test('is not touched by a run for another org that the checkpoint refuses', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox);
    await run(installation);
    const before = await readFile(statusPath(installation.checkpoint));
    const other = await collect(installation, '--quiet', '--org-url', 'https://other.okta.com');
    expect(other.exitCode).toBe(73);
    expect(await readFile(statusPath(installation.checkpoint))).toEqual(before);
  });

  test('is not touched by a window', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox);
    await run(installation);
    const before = await readFile(statusPath(installation.checkpoint));
    await collect(installation, '--quiet', '--start', '2d', '--end', '1d');
    expect(await readFile(statusPath(installation.checkpoint))).toEqual(before);
  });

  test('shows the run at work, and lets it work', async () => {
    const { sandbox } = await openOrg({ events: 5, faults: 'hang' });
    const installation = await install(sandbox);
    const hanging = startCollector(installation, ['--quiet']);
    await expect.poll(() => sandbox.requests.length, { timeout: 10_000 }).toBe(1);
    expect(await run(installation)).toMatchObject({ exitCode: 0, stderr: '' });
    const json = await statusJson(installation);
    expect(json).toMatchObject({
      state: 'Started',
      run_at_work: { pid: hanging.pid },
      totals: null,
    });
    hanging.kill('SIGTERM');
    expect(await hanging.ended).toMatchObject({ exitCode: 0 });
    expect(await statusJson(installation)).toMatchObject({
      state: 'Initialized',
      last_run: { how: 'stopped by signal' },
      error: null,
    });
  });

  test('that cannot be written fails no run, and is missed in the log', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox);
    await shell(installation, `mkdir '${statusPath(installation.checkpoint)}'`);
    const ended = await run(installation);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout.toString().split('\n')).toHaveLength(6);
    expect(await readLog(installation)).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        message: expect.stringContaining('Cannot keep the status') as string,
      }) as unknown,
    );
    const asked = await status(installation);
    expect(asked.exitCode).toBe(1);
    expect(unwrapped(asked)[1]).toMatch(/^ Cannot read the status/);
    expect(unwrapped(asked)).toContain('Last run not known');
  });

  test('that was torn is begun anew', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox);
    await run(installation);
    await writeFile(statusPath(installation.checkpoint), '{"version":1');
    expect(await statusJson(installation)).toMatchObject({ state: 'Collecting', healthy: true });
    await run(installation);
    expect(await statusJson(installation)).toMatchObject({ totals: { runs: 1 } });
  });

  test('is told to Prometheus, even if there is no configuration', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox);
    await run(installation);
    const { stdout, exitCode } = await collect(installation, 'status', '--prometheus');
    expect(exitCode).toBe(0);
    expect(stdout.toString()).toContain(`okta_collector_healthy{org="${sandbox.url}"} 1\n`);
    expect(stdout.toString()).toContain(`okta_collector_events_total{org="${sandbox.url}"} 5\n`);
    await configure(installation, {});
    const broken = await collect(installation, 'status', '--prometheus');
    expect(broken).toMatchObject({ exitCode: 78 });
    expect(broken.stdout.toString()).toMatch(/\nokta_collector_healthy 0\n$/);
  });

  test('takes one form at a time', async () => {
    const { sandbox } = await openOrg();
    const ended = await collect(await install(sandbox), 'status', '--json', '--prometheus');
    expect(ended.exitCode).toBe(64);
    expect(ended.stderr).toContain('--prometheus');
  });
});
