import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { days, earlier, formatInstant, minutes } from '../../src/domain/time.ts';
import { isJsonObject, parseJson } from '../../src/state/json-shape.ts';
import { makeAuthority, makeCertificate } from '../support/certificates.ts';
import type { Installation } from '../support/installation.ts';
import { configure, install } from '../support/installation.ts';
import type { Ended } from '../support/program.ts';
import { collect, shell, startCollector } from '../support/program.ts';
import { movedBack } from './moved-back.ts';
import { openOrg } from './open-org.ts';

const authority = await makeAuthority();
const server = await makeCertificate(authority);

/** The screen with its lines unwrapped: one a finding, and one a remedy. */
function unwrapped({ stdout }: Ended): readonly string[] {
  return stdout
    .toString()
    .replaceAll(/\n {17,}(?=[^ →])/gu, ' ')
    .replaceAll(/ {2,}/gu, ' ')
    .split('\n')
    .slice(0, -1);
}

/** The marks by topic. */
function marks(ended: Ended): Readonly<Record<string, string>> {
  const found = ended.stdout.toString().matchAll(/^([✓!✗-]) ([A-Z][A-Za-z ]*?) {2,}/gmu);
  return Object.fromEntries([...found].map(([, mark = '', topic = '']) => [topic, mark]));
}

const ALL_WELL = {
  Configuration: '✓',
  'State files': '✓',
  'Disk space': '✓',
  Lock: '✓',
  Output: '✓',
  Checkpoint: '✓',
  Proxy: '✓',
  DNS: '✓',
  Connection: '✓',
  Credential: '✓',
  // The embedded org has neither users nor groups.
  Inventory: '!',
  Clock: '✓',
  'Rate limit': '✓',
};

const check = (installation: Installation): Promise<Ended> => collect(installation, 'check');

describe('check', () => {
  test('shows that all is well, and moves nothing', async () => {
    const { sandbox } = await openOrg({ events: 50, tls: server });
    const installation = await install(sandbox, { ca_file: 'conf/ca.pem' });
    await writeFile(join(installation.folder, 'conf', 'ca.pem'), authority.cert);
    const ended = await check(installation);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(marks(ended)).toEqual(ALL_WELL);
    expect(unwrapped(ended)).toContainEqual(
      expect.stringMatching(/^✓ Connection TLSv1\.3, certificate by "Authority [0-9a-f-]+"/u),
    );
    expect(await readdir(dirname(installation.checkpoint))).toEqual([]);
    expect(sandbox.requests).toHaveLength(3);
  });

  test('fits a terminal of 80 columns', async () => {
    const { sandbox } = await openOrg({ faults: '403x*' });
    const ended = await check(await install(sandbox));
    const words = ended.stdout.toString().split(/\s+/u);
    const tooLong = ended.stdout
      .toString()
      .split('\n')
      .filter((line) => line.length > 80);
    const longWords = words.filter((word) => word.length > 63);
    expect(tooLong.length).toBeLessThanOrEqual(longWords.length);
  });

  test('says that the token was revoked, and looks at the rest', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox, { api_token: 'secret-of-yesterday-0000' });
    const ended = await check(installation);
    expect(ended.exitCode).toBe(77);
    expect(marks(ended)).toEqual({ ...ALL_WELL, Credential: '✗', Inventory: '-' });
    const screen = unwrapped(ended);
    expect(screen).toContainEqual(
      expect.stringContaining(`✗ Credential Cannot sign in to "${sandbox.url}": 401 E0000011`),
    );
    expect(screen).toContainEqual(expect.stringContaining('→ Create a new API token in Okta'));
    expect(ended.stdout.toString()).not.toContain('secret-of-yesterday');
  });

  test('says that the clock is ten minutes off', async () => {
    const { sandbox } = await openOrg({ events: 5 }, minutes(10));
    const ended = await check(await install(sandbox));
    expect(ended.exitCode).toBe(0);
    expect(marks(ended)).toEqual({ ...ALL_WELL, Clock: '!' });
    expect(unwrapped(ended)).toContainEqual(
      expect.stringMatching(/^! Clock The clock of this machine is 10 minutes.* ahead of/),
    );
  });

  test('says whose certificate it is that is not trusted', async () => {
    const { sandbox } = await openOrg({ events: 5, tls: server });
    const ended = await check(await install(sandbox));
    expect(ended.exitCode).toBe(78);
    expect(marks(ended)).toEqual({
      ...ALL_WELL,
      Connection: '✗',
      Credential: '-',
      Inventory: '-',
      Clock: '-',
      'Rate limit': '-',
    });
    const screen = unwrapped(ended);
    expect(screen).toContainEqual(
      expect.stringMatching(/comes from an authority.*; the certificate was signed by "Authority /),
    );
    expect(screen).toContainEqual(expect.stringContaining('→ Set ca_file to the certificate'));
    expect(sandbox.requests).toEqual([]);
  });

  // A limit on the size of files stops a trial as a full disk does, and needs no privilege.
  test('says that the disk takes no more', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const ended = await shell(await install(sandbox), 'ulimit -f 0; collector check | cat');
    expect(marks(ended)).toEqual({ ...ALL_WELL, 'State files': '✗' });
    expect(unwrapped(ended)).toContainEqual(
      expect.stringContaining('✗ State files Cannot save the checkpoint'),
    );
  });

  test('says that the checkpoint is torn, and leaves it so', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox);
    await writeFile(installation.checkpoint, '{"start_time":17');
    const ended = await check(installation);
    expect(ended.exitCode).toBe(73);
    expect(marks(ended)).toEqual({ ...ALL_WELL, Checkpoint: '✗' });
    expect(unwrapped(ended)).toContainEqual(
      expect.stringContaining('→ Put a copy of it back, or move it away'),
    );
    expect(await readFile(installation.checkpoint, 'utf8')).toBe('{"start_time":17');
  });

  test('says that the stream is two days behind', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox);
    await collect(installation, '--quiet');
    await movedBack(installation, days(2));
    const ended = await check(installation);
    expect(ended.exitCode).toBe(0);
    expect(marks(ended)).toEqual({ ...ALL_WELL, Checkpoint: '!' });
    expect(unwrapped(ended).join('\n')).toMatch(
      /! Checkpoint .* the stream is read up to .*, 2 days/,
    );
  });

  test('says what is wrong near and far at once', async () => {
    const { sandbox } = await openOrg();
    const installation = await install({ url: 'https://acme.okta.invalid', token: sandbox.token });
    await rm(dirname(installation.checkpoint), { recursive: true });
    const ended = await check(installation);
    expect(ended.exitCode).toBe(73);
    expect(marks(ended)).toMatchObject({
      'State files': '✗',
      Lock: '✗',
      Checkpoint: '✗',
      DNS: '✗',
      Connection: '-',
    });
  });

  test('lists all that is wrong with the configuration', async () => {
    const installation = await install(
      { url: 'http://acme.okta.com', token: 'x' },
      { pagination_limit: 'all' },
    );
    const ended = await check(installation);
    expect(ended).toMatchObject({ exitCode: 78, stderr: '' });
    expect(ended.stdout.toString()).toMatch(/^✗ Configuration/u);
    for (const key of ['okta_org_url', 'pagination_limit'])
      expect(ended.stdout.toString()).toContain(`${key} "`);
  });

  test('names the run that is at work', async () => {
    const { sandbox } = await openOrg({ events: 5, faults: 'hang' });
    const installation = await install(sandbox);
    const run = startCollector(installation, ['--quiet']);
    await expect.poll(() => sandbox.requests.length, { timeout: 10_000 }).toBe(1);
    const ended = await check(installation);
    expect(unwrapped(ended)).toContainEqual(
      expect.stringContaining(`✓ Lock Process ${run.pid} has been at work since`),
    );
  });

  test('warns of a configuration that others can read', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox);
    const ended = await shell(installation, 'chmod 644 conf/*; collector check');
    expect(marks(ended)).toEqual({ ...ALL_WELL, Configuration: '!' });
    expect(unwrapped(ended).join('\n')).toContain('run chmod 600 on it');
    expect(ended.stderr).toBe('');
  });

  test('gives the same as JSON', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox, { api_token: 'secret-of-yesterday-0000' });
    const { stdout, stderr, exitCode } = await collect(installation, 'check', '--json');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 77 });
    const json = parseJson(stdout.toString());
    expect(json).toMatchObject({ exit_code: 77 });
    const findings: readonly unknown[] =
      isJsonObject(json) && Array.isArray(json['findings']) ? json['findings'] : [];
    expect(findings).toHaveLength(Object.keys(ALL_WELL).length);
    expect(findings).toContainEqual({
      topic: 'Credential',
      verdict: 'fault',
      text: expect.stringContaining('401 E0000011') as string,
      hint: expect.stringContaining('Create a new API token') as string,
      exit_code: 77,
    });
    await configure(installation, {});
    const broken = await collect(installation, 'check', '--json');
    expect(parseJson(broken.stdout.toString())).toMatchObject({ exit_code: 78 });
  });

  test('looks at the window that is configured', async () => {
    const { sandbox, clock } = await openOrg({ events: 5 });
    const [start_time, end_time] = [days(2), days(1)].map((ago) =>
      formatInstant(earlier(clock.now(), ago)),
    );
    const installation = await install(sandbox, { start_time, end_time });
    expect(marks(await check(installation))).toEqual(ALL_WELL);
    await expect(stat(installation.checkpoint)).rejects.toThrow('ENOENT');
  });
});

test('a check that is stopped does not say that all is well', async () => {
  const { sandbox } = await openOrg();
  const installation = await install(sandbox);
  sandbox.misbehave('hang');
  const running = startCollector(installation, ['check']);
  await running.printed(1);
  running.kill('SIGTERM');
  const { exitCode, stderr } = await running.ended;
  expect(exitCode).toBe(75);
  expect(stderr).toContain('Cannot finish the check: stopped by signal');
});
