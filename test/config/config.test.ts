import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { days, hours, minutes, seconds } from '../../src/domain/time.ts';
import {
  at,
  createInstallation,
  enough,
  failureOf,
  loadIn,
  loadSection,
  problemsOf,
  usageErrorOf,
} from './load-from.ts';

function tokenIn({ credential }: Awaited<ReturnType<typeof loadIn>>): string | undefined {
  return credential.kind === 'api token' ? credential.token.reveal() : undefined;
}

describe('loadConfig', () => {
  test('reads the documented file, with a default for everything that may be left out', async () => {
    const installation = await createInstallation(
      `[generic]\npath = .\n[oktacollector]\n${enough}`,
    );
    const config = await loadIn(installation);
    expect(config).toEqual({
      file: join(installation, 'conf', 'sumologic.properties'),
      installation,
      org: 'https://acme.okta.com',
      credential: config.credential,
      network: config.network,
      streamPosPath: join(installation, 'data', 'okta_checkpoint.dat'),
      pageLimit: 1000,
      start: undefined,
      window: undefined,
      settle: seconds(60),
      rateLimitReserve: 0.1,
      pollInterval: undefined,
      maxRuntime: seconds(1800),
      log: { file: undefined, level: 'info', maxBytes: 10_000_000 },
      warnings: [],
    });
    expect(tokenIn(config)).toBe('00secret');
    expect(inspect(config, { depth: 9 })).not.toContain('00secret');
  });

  test('reads every key', async () => {
    const config = await loadSection(
      `${enough}pagination_limit = 500\nstart_time = 2026-11-01\nend_time = 1793707200000\nsettle_seconds = 0\n` +
        'poll_interval_seconds = 20\nmax_runtime_seconds = 60\nlog_level = WARN\nlog_max_bytes = 200000\n' +
        'log_file = /var/log/okta.log\nstream_pos_path = /var/lib/okta.dat\n',
    );
    expect(config).toMatchObject({
      streamPosPath: '/var/lib/okta.dat',
      pageLimit: 500,
      start: { kind: 'moment', at: at('2026-11-01T00:00:00Z') },
      window: { since: at('2026-11-01T00:00:00Z'), until: at('2026-11-03T12:00:00Z') },
      settle: 0,
      pollInterval: seconds(20),
      maxRuntime: seconds(60),
      log: { file: '/var/log/okta.log', level: 'warn', maxBytes: 200_000 },
    });
  });

  test('lets an option win over the environment, that over the file, that over the default', async () => {
    const OKTA_COLLECTOR_SETTLE_SECONDS = '2';
    const file = `${enough}settle_seconds = 3`;
    const environment = { OKTA_COLLECTOR_SETTLE_SECONDS };
    const settle = async (lines: string, request?: Parameters<typeof loadSection>[1]) =>
      (await loadSection(lines, request)).settle;
    expect(await settle(file, { environment, options: { settle_seconds: '1' } })).toBe(seconds(1));
    expect(await settle(file, { environment })).toBe(seconds(2));
    expect(await settle(file)).toBe(seconds(3));
    expect(await settle(enough)).toBe(seconds(60));
  });

  test('does without a file if the environment says enough', async () => {
    const installation = await createInstallation();
    const config = await loadIn(installation, {
      installation: `${installation}/`,
      environment: {
        OKTA_COLLECTOR_OKTA_ORG_URL: 'https://acme.okta.com/',
        OKTA_COLLECTOR_API_TOKEN: '00secret\n',
      },
    });
    expect(config.file).toBeUndefined();
    expect(config.installation).toBe(installation);
    expect(config.org).toBe('https://acme.okta.com');
    expect(tokenIn(config)).toBe('00secret');
  });

  test('warns of a variable that nearly names a key, not of one that somebody else set', async () => {
    const environment = {
      OKTA_COLLECTOR_PAGINATION_LIMT: '500',
      OKTA_COLLECTOR_TOKEN: '00secret',
      OKTA_COLLECTOR_SETTLE_SECOND: ' ',
      OKTA_COLLECTOR_NODE: '/usr/bin/node',
      OKTA_COLLECTOR_SERVICE_HOST: '10.0.0.1',
      OKTA_COLLECTOR_SERVICE_PORT: '443',
      OKTA_COLLECTOR_PORT: 'tcp://10.0.0.1:443',
      OKTA_COLLECTOR_PORT_443_TCP_PROTO: 'tcp',
      OKTA_COLLECTOR_PORT_443_TCP_ADDR: '10.0.0.1',
      OKTA_COLLECTOR_PROXY_PORT: 'tcp://10.0.0.2:3128',
      OKTA_COLLECTOR_PROXY_SERVICE_HOST: '10.0.0.2',
      LOG_LEVL: 'debug',
    };
    expect((await loadSection(enough, { environment })).warnings).toEqual([
      'The environment variable OKTA_COLLECTOR_PAGINATION_LIMT sets nothing: did you mean OKTA_COLLECTOR_PAGINATION_LIMIT?',
      'The environment variable OKTA_COLLECTOR_TOKEN sets nothing: did you mean OKTA_COLLECTOR_API_TOKEN?',
    ]);
  });

  test('names such a variable as the way out if what it means is missing', async () => {
    const environment = { OKTA_COLLECTOR_API_TOKN: '00secret' };
    expect(
      await problemsOf(loadSection('okta_org_url = https://acme.okta.com', { environment })),
    ).toMatchObject([
      {
        key: 'api_token',
        reason: expect.stringContaining('not set') as unknown,
        remedy:
          'The environment variable OKTA_COLLECTOR_API_TOKN sets nothing: did you mean OKTA_COLLECTOR_API_TOKEN?',
      },
    ]);
  });

  test('does not look at what a stronger place overrides', async () => {
    const config = await loadSection(
      'okta_org_url = <url>\napi_token = <token>\nsettle_seconds = x',
      {
        environment: { OKTA_COLLECTOR_API_TOKEN: '00secret', OKTA_COLLECTOR_SETTLE_SECONDS: '5' },
        options: { okta_org_url: 'https://acme.okta.com' },
      },
    );
    expect(config.settle).toBe(seconds(5));
  });

  test('takes an empty line and an empty variable for not set, an empty option for a mistake', async () => {
    const environment = { OKTA_COLLECTOR_SETTLE_SECONDS: '' };
    expect((await loadSection(`${enough}settle_seconds =`, { environment })).settle).toBe(
      seconds(60),
    );
    const problems = await problemsOf(loadSection(enough, { options: { pagination_limit: '' } }));
    expect(problems).toMatchObject([
      { key: 'pagination_limit', value: '', source: 'command line' },
    ]);
  });

  test('reads another section if one is named', async () => {
    const installation = await createInstallation(`[oktacollector]\nx = 1\n[second]\n${enough}`);
    expect((await loadIn(installation, { section: 'second' })).org).toBe('https://acme.okta.com');
  });
});

describe('the properties file', () => {
  test('is looked for below the working folder, then below the installation', async () => {
    const installation = await createInstallation(`[oktacollector]\n${enough}settle_seconds = 1`);
    const here = await createInstallation(`[oktacollector]\n${enough}settle_seconds = 2`);
    const elsewhere = await createInstallation();
    expect((await loadIn(installation, { workingFolder: here })).settle).toBe(seconds(2));
    const config = await loadIn(installation, { workingFolder: elsewhere });
    expect(config.settle).toBe(seconds(1));
    expect(config.installation).toBe(installation);
  });

  test('can be named, from the working folder', async () => {
    const here = await createInstallation();
    await writeFile(join(here, 'mine.ini'), `[oktacollector]\n${enough}`, { mode: 0o600 });
    const config = await loadIn(await createInstallation(), {
      workingFolder: here,
      configPath: 'mine.ini',
    });
    expect(config.file).toBe(join(here, 'mine.ini'));
    expect(config.installation).toBe(here);
    expect(config.streamPosPath).toBe(join(here, 'data', 'okta_checkpoint.dat'));
  });

  test.each([
    ['nowhere/mine.ini', 'does not exist'],
    ['conf', 'is a folder'],
  ])('is refused if it is named and %s %s', async (configPath, reason) => {
    const installation = await createInstallation(`[oktacollector]\n${enough}`);
    const failure = await failureOf(loadIn(installation, { configPath }));
    expect(failure.message).toBe(
      `Cannot read the properties file "${join(installation, configPath)}": it ${reason}`,
    );
    expect(failure.problems).toMatchObject([{ key: 'properties file', reason }]);
  });

  test.each(['utf16le', 'utf-16 with a mark'])(
    'is refused in %s, with the way out',
    async (form) => {
      const installation = await createInstallation();
      const path = join(installation, 'conf', 'sumologic.properties');
      const text = `${form === 'utf16le' ? '' : '\uFEFF'}[oktacollector]\n${enough}`;
      await writeFile(path, text, 'utf16le');
      const { message, hint } = await failureOf(loadIn(installation));
      expect(message).toContain('it is not UTF-8: it has zero bytes, as UTF-16 has');
      expect(hint).toBe('Save it as UTF-8');
    },
  );

  test('is warned of if it sets a key twice', async () => {
    const text = `[other]\nlog_level = info\nlog_level = warn\n[oktacollector]\n${enough}log_level = info\n[other]\nsettle_seconds = 1\n[oktacollector]\nlog_level = debug\n`;
    const installation = await createInstallation(text);
    const config = await loadIn(installation);
    expect(config.log.level).toBe('debug');
    expect(config.warnings).toEqual([
      `"${String(config.file)}": log_level is set in lines 7, 11: the last one counts`,
    ]);
  });

  test.each([
    { name: 'names an org', text: `[oktacollector]\n${enough}`, isTold: true },
    { name: 'is as it comes', text: '[oktacollector]\nokta_org_url = <https://…>', isTold: false },
    { name: 'is of another section', text: `[other]\n${enough}`, isTold: false },
    { name: 'is not there', text: undefined, isTold: false },
  ])(
    'below the working directory is warned of if that of the program $name: $isTold',
    async ({ text, isTold }) => {
      const [here, installation] = [
        await createInstallation(`[oktacollector]\n${enough}`),
        await createInstallation(text),
      ];
      const config = await loadIn(installation, { workingFolder: here });
      expect(config.installation).toBe(here);
      expect(config.warnings).toHaveLength(isTold ? 1 : 0);
      if (isTold) expect(config.warnings[0]).toContain(`"${here}/conf`);
      if (isTold) expect(config.warnings[0]).toContain(`"${installation}/conf`);
      const named = { workingFolder: here, configPath: 'conf/sumologic.properties' };
      expect((await loadIn(installation, named)).warnings).toEqual([]);
    },
  );

  test('below the working directory is not warned of if that of the program is the same by another name', async () => {
    const installation = await createInstallation(`[oktacollector]\n${enough}`);
    const other = join(await createInstallation(), 'link');
    await symlink(installation, other);
    expect((await loadIn(installation, { workingFolder: other })).warnings).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')(
    'is warned of if it holds the token and others can read it',
    async () => {
      const installation = await createInstallation(`[oktacollector]\n${enough}`);
      const path = join(installation, 'conf', 'sumologic.properties');
      await chmod(path, 0o640);
      expect((await loadIn(installation)).warnings).toEqual([
        `"${path}" holds a secret and is open to other users (mode 0640): run chmod 600 on it`,
      ]);
      const environment = { OKTA_COLLECTOR_API_TOKEN: '00other' };
      expect((await loadIn(installation, { environment })).warnings).toEqual([]);
    },
  );
});

describe('a path', () => {
  test.each([
    ['${path}/data/x.dat', '.', 'data/x.dat'],
    ['${path}/x.dat', 'state', 'state/x.dat'],
    ['${path}/x.dat', '/srv', '/srv/x.dat'],
    ['sub/x.dat', '/srv', 'sub/x.dat'],
    ['/srv/a#b.dat', '.', '/srv/a#b.dat'],
  ])('%j with [generic] path %j starts at the installation', async (value, path, expected) => {
    const installation = await createInstallation(
      `[generic]\npath = ${path}\n[oktacollector]\n${enough}stream_pos_path = ${value}`,
    );
    const { streamPosPath } = await loadIn(installation, { workingFolder: '/' });
    expect(streamPosPath).toBe(expected.startsWith('/') ? expected : join(installation, expected));
  });

  test('in an option starts at the working folder, in the environment at the installation', async () => {
    const installation = await createInstallation(`[oktacollector]\n${enough}`);
    const workingFolder = await createInstallation();
    const config = await loadIn(installation, {
      workingFolder,
      options: { log_file: 'a.log' },
      environment: { OKTA_COLLECTOR_STREAM_POS_PATH: 'x.dat' },
    });
    expect(config.log.file).toBe(join(workingFolder, 'a.log'));
    expect(config.streamPosPath).toBe(join(installation, 'x.dat'));
  });

  test('is not taken from [generic] if there is none', async () => {
    const installation = await createInstallation(
      `[oktacollector]\n${enough}log_file = \${path}/a.log`,
    );
    expect((await loadIn(installation, { workingFolder: '/' })).log.file).toBe(
      join(installation, 'a.log'),
    );
  });
});

describe('the API token', () => {
  const org = 'okta_org_url = https://acme.okta.com\n';

  test('can stand in a file of its own', async () => {
    const installation = await createInstallation(
      `[oktacollector]\n${org}api_token_file = conf/token`,
    );
    await writeFile(join(installation, 'conf', 'token'), '\ufeff00infile\r\n', { mode: 0o600 });
    const config = await loadIn(installation);
    expect(tokenIn(config)).toBe('00infile');
    expect(config.warnings).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')(
    'in a file that others can read is warned of',
    async () => {
      const installation = await createInstallation(
        `[oktacollector]\n${org}api_token_file = conf/token`,
      );
      await writeFile(join(installation, 'conf', 'token'), '00infile', { mode: 0o644 });
      expect((await loadIn(installation)).warnings).toHaveLength(1);
    },
  );

  test('comes from the stronger place, whichever of the two keys it has', async () => {
    const installation = await createInstallation(
      `[oktacollector]\n${org}api_token_file = conf/token`,
    );
    await writeFile(join(installation, 'conf', 'token'), '00infile', { mode: 0o600 });
    const environment = { OKTA_COLLECTOR_API_TOKEN: '00fromenv' };
    expect(tokenIn(await loadIn(installation, { environment }))).toBe('00fromenv');
    const options = { api_token_file: 'conf/token' };
    expect(tokenIn(await loadIn(installation, { environment, options }))).toBe('00infile');
  });

  test('is refused if one place sets both keys', async () => {
    const problems = await problemsOf(loadSection(`${enough}api_token_file = x`));
    expect(problems).toMatchObject([
      { key: 'api_token_file', value: 'x', reason: 'is set in the same place as api_token' },
    ]);
  });

  test.each([
    ['', 'names a file whose content is empty'],
    [' \n', 'names a file whose content is empty'],
    [
      'SSWS 00secret',
      'names a file whose content starts with the word SSWS, which is not part of the token',
    ],
    ['00sec\nret', 'names a file whose content has white space inside'],
    ['<token>', 'names a file whose content still has a placeholder in it'],
  ])('is refused if its file holds %j', async (content, reason) => {
    const installation = await createInstallation(`[oktacollector]\n${org}api_token_file = token`);
    await writeFile(join(installation, 'token'), content, { mode: 0o600 });
    const problems = await problemsOf(loadIn(installation));
    expect(problems).toMatchObject([{ key: 'api_token_file', value: 'token', reason }]);
  });

  test('is refused if its file is a folder', async () => {
    const installation = await createInstallation(`[oktacollector]\n${org}api_token_file = token`);
    await mkdir(join(installation, 'token'));
    expect(await problemsOf(loadIn(installation))).toMatchObject([{ reason: 'is a folder' }]);
  });

  test.each([
    'SSWS 00secret',
    '00 secret',
    '00secr\u00e9t',
    '<00secret>',
    '"00secret"',
    '${x}00secret',
  ])('is not shown when %j is refused', async (token) => {
    const failure = await failureOf(loadSection(`${org}api_token = ${token}`));
    expect(failure.problems).toMatchObject([{ key: 'api_token', value: undefined }]);
    expect(inspect(failure, { depth: 9 })).not.toMatch(/00\s?secr/u);
  });

  test.each(['api_tokn = 00secret', 'api_token 00secret', '00secret', 'api_token 00secret ='])(
    'is not shown when its line %j is not understood',
    async (line) => {
      const failure = await failureOf(loadSection(`${org}${line}`));
      expect(inspect(failure, { depth: 9 })).not.toContain('00secret');
    },
  );
});

describe('a time', () => {
  const start = async (text: string) => (await loadSection(`${enough}start_time = ${text}`)).start;

  test.each([
    ['1793707200000', '2026-11-03T12:00:00Z'],
    ['2026-11-03', '2026-11-03T00:00:00Z'],
    ['2026-11-03T10:00:00+02:00', '2026-11-03T08:00:00Z'],
    ['2026-11-03T08:00:00.500Z', '2026-11-03T08:00:00.500Z'],
    ['2026-11-03T08:00', '2026-11-03T08:00:00Z'],
  ])('%s is a moment', async (text, moment) => {
    expect(await start(text)).toEqual({ kind: 'moment', at: at(moment) });
  });

  test.each([
    ['90s', seconds(90)],
    ['15m', minutes(15)],
    ['12h', hours(12)],
    ['7d', days(7)],
    ['2w', days(14)],
    ['now', seconds(0)],
  ])('%s is a span before now', async (text, by) => {
    expect(await start(text)).toEqual({ kind: 'ago', by });
  });

  test.each([
    'yesterday',
    '10:00',
    '7 d',
    '-7d',
    '2026-13-01',
    '2026-11-03 08:00',
    '7',
    '17937072000000',
    '20261103',
  ])('%s is none', async (text) => {
    const problems = await problemsOf(loadSection(`${enough}start_time = ${text}`));
    expect(problems).toMatchObject([{ key: 'start_time', value: text }]);
  });

  test('in seconds is told from one in milliseconds', async () => {
    expect(await problemsOf(loadSection(`${enough}start_time = 1793707200`))).toMatchObject([
      {
        reason: 'looks like seconds; as epoch milliseconds it would mean 1970-01-21T18:15:07.200Z',
        remedy: 'Write 1793707200000 for 2026-11-03T12:00:00.000Z',
      },
    ]);
  });

  test('may move on with the clock at the end of a window only if it is an option', async () => {
    const config = await loadSection(enough, { options: { start_time: '2d', end_time: 'now' } });
    expect(config.window).toEqual({
      since: at('2026-11-13T12:00:00Z'),
      until: at('2026-11-15T12:00:00Z'),
    });
    const reason = 'moves on with the clock, so that each run would be another window';
    expect(await problemsOf(loadSection(`${enough}end_time = 1d`))).toMatchObject([{ reason }]);
    const environment = { OKTA_COLLECTOR_END_TIME: 'now' };
    expect(await problemsOf(loadSection(enough, { environment }))).toMatchObject([
      { reason, source: 'OKTA_COLLECTOR_END_TIME' },
    ]);
  });
});

describe('a log file', () => {
  test.each([
    ['/dev/stdout', 'is no place for a log file'],
    ['/proc/self/fd/1', 'is no place for a log file'],
    ['data/okta_checkpoint.dat', 'is the checkpoint file too'],
  ])('cannot be %s', async (file, reason) => {
    expect(await problemsOf(loadSection(`${enough}log_file = ${file}`))).toMatchObject([
      { key: 'log_file', reason },
    ]);
  });
});

describe('a window', () => {
  test('starts 7 days before its end if nothing else is said', async () => {
    expect((await window('', '2026-11-10')).window).toEqual({
      since: at('2026-11-03T00:00:00Z'),
      until: at('2026-11-10T00:00:00Z'),
    });
  });

  test('may start at a time that moves on with the clock only if that is an option', async () => {
    const reason =
      'moves on with the clock while end_time is set, so that each run would be another window';
    expect(
      await problemsOf(loadSection(`${enough}start_time = 3d\nend_time = 2026-11-14`)),
    ).toMatchObject([{ key: 'start_time', reason }]);
    expect((await window('3d', '2026-11-14')).window?.since).toBe(at('2026-11-12T12:00:00Z'));
  });

  const window = async (start: string, end: string) =>
    loadSection(enough, { options: { ...(start && { start_time: start }), end_time: end } });

  test.each([
    ['2026-11-01', '2026-11-02'],
    ['', '2026-11-10'],
    ['', '2026-11-01'],
    ['2015-07-01', '2026-11-02'],
    ['2026-11-14', '2026-12-01'],
  ])('from %j to %j is collected', async (start, end) => {
    expect((await window(start, end)).window).toBeDefined();
  });

  test.each([
    ['2026-11-02', '2026-11-01', 'it starts at 2026-11-02T00:00:00.000Z'],
    ['2026-11-02', '2026-11-02', 'it starts at 2026-11-02T00:00:00.000Z'],
    ['1435709058000', '1436377600000', 'Okta keeps events for 90 days only'],
    ['', '2026-08-17T12:00:00Z', 'Okta keeps events for 90 days only'],
  ])('from %j to %j is refused', async (start, end, reason) => {
    const { message, hint } = await usageErrorOf(window(start, end));
    expect(message).toContain(`Cannot read the command line: --end "${end}" ends the window`);
    expect(message).toContain(reason);
    expect(hint).not.toContain('comment out');
  });

  test('with an unusable start is refused for that alone', async () => {
    const { message } = await usageErrorOf(window('soon', '2026-11-01'));
    expect(message).toBe('Cannot read the command line: --start "soon" is not a time');
  });

  test('is refused for both bounds at once, and beside what is wrong in the file', async () => {
    const both = await usageErrorOf(window('soon', 'late'));
    expect(both.message).toBe(
      'Cannot read the command line: --start "soon" is not a time; --end "late" is not a time',
    );
    const options = { start_time: 'soon' };
    const mixed = await problemsOf(loadSection(`${enough}pagination_limit = 0`, { options }));
    expect(mixed).toMatchObject([{ key: 'pagination_limit' }, { key: '--start' }]);
  });

  test('that is no window but a live stream from beyond retention is warned of', async () => {
    expect((await loadSection(`${enough}start_time = 2026-08-01`)).warnings).toEqual([
      'start_time is 2026-08-01T00:00:00.000Z, but Okta keeps events for 90 days only: what is older than 2026-08-17T12:00:00.000Z is gone',
    ]);
    expect((await loadSection(`${enough}start_time = 90d`)).warnings).toEqual([]);
  });
});

describe('the org', () => {
  const org = async (url: string) =>
    (await loadSection(`api_token = 00secret\nokta_org_url = ${url}`)).org;

  test.each([
    ['https://acme.okta.com', 'https://acme.okta.com'],
    ['https://ACME.okta.com/', 'https://acme.okta.com'],
    ['https://login.acme.com:8443', 'https://login.acme.com:8443'],
    ['https://it-admin.acme.com', 'https://it-admin.acme.com'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['http://127.1.2.3', 'http://127.1.2.3'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('%s is %s', async (url, origin) => {
    expect(await org(url)).toBe(origin);
  });

  test.each([
    [
      'http://acme.okta.com',
      'starts with http://, which would send the token unencrypted',
      'https://acme.okta.com',
    ],
    [
      'http://127.0.0.1.acme.com',
      'starts with http://, which would send the token unencrypted',
      'https://127.0.0.1.acme.com',
    ],
    [
      'http://localhost.acme.com',
      'starts with http://, which would send the token unencrypted',
      'https://localhost.acme.com',
    ],
    ['acme.okta.com', 'does not start with https://', 'https://acme.okta.com'],
    ['acme-admin.okta.com', 'does not start with https://', 'https://acme.okta.com'],
    ['acme', 'does not start with https://', 'https://acme.okta.com'],
    ['ftp://acme.okta.com', 'does not start with https://', 'https://acme.okta.com'],
    ['https://acme-admin.okta.com', 'is the address of the admin console', 'https://acme.okta.com'],
    [
      'https://acme-admin.oktapreview.com:8443',
      'is the address of the admin console',
      'https://acme.oktapreview.com:8443',
    ],
    [
      'https://acme-admin.okta-emea.com',
      'is the address of the admin console',
      'https://acme.okta-emea.com',
    ],
    ['https://acme.okta.com/api/v1', 'goes on behind the host', 'https://acme.okta.com'],
    ['https://acme.okta.com?x=1', 'goes on behind the host', 'https://acme.okta.com'],
    ['https://acme.okta.com/#x', 'goes on behind the host', 'https://acme.okta.com'],
    [
      'http://acme-admin.okta.com/x',
      'starts with http://, which would send the token unencrypted, and is the address of the admin console, and goes on behind the host',
      'https://acme.okta.com',
    ],
  ])('%s is refused', async (url, reason, mended) => {
    expect(await problemsOf(org(url))).toMatchObject([
      { key: 'okta_org_url', reason, remedy: `Write "${mended}"` },
    ]);
  });

  test.each(['https://<company.okta.com>', 'https://{yourOktaDomain}', '<url>'])(
    'is refused with the placeholder in %s',
    async (url) => {
      expect(await problemsOf(org(url))).toMatchObject([
        { value: url, reason: 'still has a placeholder in it' },
      ]);
    },
  );

  test('is shown without the password that somebody put into it', async () => {
    const failure = await failureOf(org('https://me:hunter2@acme.okta.com/x?token=hunter2'));
    expect(failure.problems).toMatchObject([{ value: 'https://…@acme.okta.com/x?…' }]);
    expect(inspect(failure, { depth: 9 })).not.toContain('hunter2');
  });
});

describe('a number', () => {
  test.each([
    ['pagination_limit', '0'],
    ['pagination_limit', '1001'],
    ['pagination_limit', '-1'],
    ['pagination_limit', '10.5'],
    ['pagination_limit', '1e2'],
    ['pagination_limit', 'many'],
    ['settle_seconds', '3601'],
    ['settle_seconds', '60s'],
    ['poll_interval_seconds', '0'],
    ['max_runtime_seconds', '0'],
    ['log_max_bytes', '10MB'],
    ['log_level', 'loud'],
  ])('%s = %s is refused', async (key, value) => {
    expect(await problemsOf(loadSection(`${enough}${key} = ${value}`))).toMatchObject([
      { key, value },
    ]);
  });
});

describe('problems', () => {
  test('are all reported at once, each with where it is', async () => {
    const installation = await createInstallation(
      '[oktacollector]\nokta_org_url = acme.okta.com\nstart_tim = 7d\npagination_limit = 0\n',
    );
    const failure = await failureOf(
      loadIn(installation, {
        environment: { OKTA_COLLECTOR_LOG_LEVEL: 'loud' },
        options: { max_runtime_seconds: 'long' },
      }),
    );
    const file = join(installation, 'conf', 'sumologic.properties');
    expect(failure.problems.map(({ key, value, source }) => [key, value, source])).toEqual([
      ['start_tim', undefined, `${file}:3`],
      ['api_token', undefined, undefined],
      ['okta_org_url', 'acme.okta.com', `${file}:2`],
      ['pagination_limit', '0', `${file}:4`],
      ['max_runtime_seconds', 'long', 'command line'],
      ['log_level', 'loud', 'OKTA_COLLECTOR_LOG_LEVEL'],
    ]);
    expect(failure.message).toBe(
      `Cannot use the configuration "${file}": 6 problems (start_tim, api_token, okta_org_url, pagination_limit, max_runtime_seconds, log_level)`,
    );
  });

  test.each([
    { place: 'command line', given: { options: { pagination_limit: '2000' } } },
    {
      place: 'OKTA_COLLECTOR_PAGINATION_LIMIT',
      given: { environment: { OKTA_COLLECTOR_PAGINATION_LIMIT: '2000' } },
    },
  ])('that come alone name their place, where it is not the file: $place', async (one) => {
    const installation = await createInstallation(`[oktacollector]\n${enough}`);
    const failure = await failureOf(loadIn(installation, one.given));
    expect(failure.message).toBe(
      `Cannot use the configuration (${one.place}): pagination_limit "2000" is more than 1000`,
    );
  });

  test('that come alone are told by the message itself', async () => {
    const installation = await createInstallation(
      `[oktacollector]\n${enough}pagination_limit = 2000`,
    );
    const failure = await failureOf(loadIn(installation));
    expect(failure.message).toBe(
      `Cannot use the configuration "${join(installation, 'conf', 'sumologic.properties')}": pagination_limit "2000" is more than 1000`,
    );
    expect(failure.hint).toBe('Write a whole number from 1 to 1000');
  });

  test('with missing keys say where the file was looked for if there is none', async () => {
    const installation = await createInstallation();
    const problems = await problemsOf(loadIn(installation, { workingFolder: '/nowhere' }));
    expect(problems.map(({ remedy }) => remedy)).toEqual([
      `Set it in "/nowhere/conf/sumologic.properties" or "${installation}/conf/sumologic.properties" (no such file yet), or as the environment variable OKTA_COLLECTOR_API_TOKEN`,
      `Set it in "/nowhere/conf/sumologic.properties" or "${installation}/conf/sumologic.properties" (no such file yet), or as the environment variable OKTA_COLLECTOR_OKTA_ORG_URL`,
    ]);
  });

  test.each([
    ['api_tokn = x', 'Did you mean api_token?'],
    ['org_url = x', 'Did you mean okta_org_url?'],
    ['API_TOKEN = x', 'Did you mean api_token?'],
    ['limit = x', 'Did you mean pagination_limit?'],
    [
      'colour = x',
      'Take the line out, or put # in front; if a newer version knows the key, run that',
    ],
  ])('say for %j: %s', async (line, remedy) => {
    expect(await problemsOf(loadSection(`${enough}${line}`))).toMatchObject([
      { reason: 'is not a key of this program', remedy },
    ]);
  });

  test('name the sections there are if ours is missing, and nothing else', async () => {
    const installation = await createInstallation(
      `[generic]\npath = .\n[okta_collector]\n${enough}`,
    );
    expect(await problemsOf(loadIn(installation))).toEqual([
      {
        key: 'section [oktacollector]',
        value: undefined,
        source: join(installation, 'conf', 'sumologic.properties'),
        reason: 'is missing; the file has [generic], [okta_collector]',
        remedy:
          'Write [oktacollector] for [okta_collector], or use --section "okta_collector" if that is the one',
      },
    ]);
    expect(await problemsOf(loadIn(await createInstallation('')))).toMatchObject([
      { reason: 'is missing; the file has no section at all' },
    ]);
  });

  test('leave other sections alone', async () => {
    const other = '[boxcollector]\nunknown = 1\nnonsense\n';
    const installation = await createInstallation(`${other}[oktacollector]\n${enough}${other}`);
    expect((await loadIn(installation)).org).toBe('https://acme.okta.com');
  });

  test('find every fault of the sample in the documentation', async () => {
    const sample = [
      'api_token = <generated_Okta_api_token>',
      'okta_org_url = https://<company.okta.com>',
      'stream_pos_path = <${path}/data/okta_checkpoint.dat>',
      'pagination_limit = 1000',
      'start_time = 1435709058000',
      'end_time = 1436377600000',
    ].join('\n');
    const keys = (await problemsOf(loadSection(sample))).map(({ key }) => key);
    expect(keys).toEqual(['api_token', 'okta_org_url', 'stream_pos_path', 'end_time']);
  });
});

describe('${…}', () => {
  test.each(['${home}/x', '$${path', '${PATH}/x'])('%s is refused', async (value) => {
    expect(await problemsOf(loadSection(`${enough}log_file = ${value}`))).toMatchObject([
      { key: 'log_file', value, remedy: 'Write it out: only ${path} is filled in' },
    ]);
  });
});

test('the file of a fresh installation needs nothing but its placeholders replaced', async () => {
  const text = await readFile(join(import.meta.dirname, '../../conf/sumologic.properties'), 'utf8');
  const problems = await problemsOf(loadIn(await createInstallation(text)));
  expect(problems.map(({ key, reason }) => [key, reason])).toEqual([
    ['api_token', 'still has a placeholder in it'],
    ['okta_org_url', 'still has a placeholder in it'],
  ]);
  const filled = text
    .replace(/<https.*>/u, 'https://acme.okta.com')
    .replace(/<your.*>/u, '00secret');
  const installation = await createInstallation(filled);
  const bare = await createInstallation(`[oktacollector]\n${enough}`);
  const inBare = (await loadIn(bare)).streamPosPath.replace(bare, installation);
  const config = await loadIn(installation);
  expect(config).toEqual({
    ...(await loadIn(bare)),
    file: config.file,
    installation,
    credential: config.credential,
    streamPosPath: inBare,
  });
});
