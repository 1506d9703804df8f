import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Installation, Settings } from '../support/installation.ts';
import { install, readLog } from '../support/installation.ts';
import type { Ended } from '../support/program.ts';
import { collect } from '../support/program.ts';
import { openOrg } from './open-org.ts';
import { expectPrinted } from './printed.ts';

const TOKEN = '00a-token-that-nobody-may-see-000000000000';
const acme = { url: 'https://acme.okta.com', token: TOKEN };

/** Expects a failed quiet run: one line on stderr, and the token nowhere. */
async function expectFailure(
  installation: Installation,
  { exitCode, stdout, stderr }: Ended,
  expected: number,
): Promise<void> {
  expect(stderr).toMatch(/^okta-collector failed [^\n]*\n$/);
  expect(stderr).toContain(`(exit ${expected})`);
  expect(exitCode).toBe(expected);
  expect(stdout).toHaveLength(0);
  const log = await readFile(installation.log, 'utf8').catch(() => '');
  expect(stderr + log).not.toContain(TOKEN);
}

describe('a mistake in the configuration is named with its remedy:', () => {
  const mistakes: readonly (readonly [mistake: string, settings: Settings, said: string])[] = [
    [
      'no org',
      { okta_org_url: undefined },
      'okta_org_url is not set. Set it in section [oktacollector] of "FILE", or as the environment variable OKTA_COLLECTOR_OKTA_ORG_URL',
    ],
    [
      'no token',
      { api_token: undefined },
      'api_token is not set. Set it in section [oktacollector] of "FILE", or as the environment variable OKTA_COLLECTOR_API_TOKEN',
    ],
    [
      'a placeholder left in',
      { okta_org_url: '<https://your-org.okta.com>' },
      'okta_org_url "<https://your-org.okta.com>" still has a placeholder in it. Put the real value in its place, without the brackets',
    ],
    [
      'a placeholder for the token',
      { api_token: `<${TOKEN}>` },
      'api_token still has a placeholder in it. Put the real value in its place, without the brackets',
    ],
    [
      'http',
      { okta_org_url: 'http://acme.okta.com' },
      'okta_org_url "http://acme.okta.com" starts with http://, which would send the token unencrypted. Write "https://acme.okta.com"',
    ],
    [
      'the admin host',
      { okta_org_url: 'https://acme-admin.okta.com' },
      'okta_org_url "https://acme-admin.okta.com" is the address of the admin console. Write "https://acme.okta.com"',
    ],
    [
      'a path behind the host',
      { okta_org_url: 'https://acme.okta.com/app/UserHome' },
      'okta_org_url "https://acme.okta.com/app/UserHome" goes on behind the host. Write "https://acme.okta.com"',
    ],
    [
      'a limit of nothing',
      { pagination_limit: '0' },
      'pagination_limit "0" is less than 1. Write a whole number from 1 to 1000',
    ],
    [
      'a limit beyond that of Okta',
      { pagination_limit: '1001' },
      'pagination_limit "1001" is more than 1000. Write a whole number from 1 to 1000',
    ],
    [
      'a start that is no time',
      { start_time: 'yesterday' },
      'start_time "yesterday" is not a time. Write epoch milliseconds, a time such as 2026-11-15T10:30:00Z, or a span such as 7d',
    ],
    [
      'a start behind the end',
      { start_time: '4102448400000', end_time: '4102444800000' },
      'end_time "4102444800000" ends the window at 2100-01-01T00:00:00.000Z, and it starts at 2100-01-01T01:00:00.000Z. Let the start be earlier than the end; to collect from now on, leave both out',
    ],
    [
      'the sample of the documentation',
      { start_time: '1434728400000', end_time: '1434732000000' },
      'end_time "1434732000000" ends the window at 2015-06-19T16:40:00.000Z, and Okta keeps events for 90 days only. Choose a window within the last 90 days; to collect from now on, comment out start_time and end_time (the sample in the documentation has dates of 2015)',
    ],
    [
      'a key that is mistyped',
      { stream_pos_pth: 'data/okta.dat' },
      'stream_pos_pth is not a key of this program. Did you mean stream_pos_path?',
    ],
  ];

  test.each(mistakes)('%s', async (_, settings, said) => {
    const installation = await install(acme, settings);
    const ended = await collect(installation, '--quiet');
    await expectFailure(installation, ended, 78);
    const file = join(installation.folder, 'conf', 'sumologic.properties');
    expect(ended.stderr).toBe(
      `okta-collector failed (exit 78): Cannot use the configuration "${file}": ${said.replace('FILE', file)}\n`,
    );
  });

  test('several at once, on one line for a script and on many for a person', async () => {
    const installation = await install(acme, {
      okta_org_url: 'http://acme.okta.com',
      pagination_limit: 'all',
      end_tme: '7d',
    });
    const quiet = await collect(installation, '--quiet');
    await expectFailure(installation, quiet, 78);
    const loud = await collect(installation);
    expect(loud).toMatchObject({ exitCode: 78 });
    for (const said of ['unencrypted', 'not a whole number', 'Did you mean end_time?']) {
      expect(quiet.stderr).toContain(said);
      expect(loud.stderr).toContain(said);
    }
    expect(loud.stderr).toMatch(/\n\s*1\. [^]+\n\s*2\. [^]+\n\s*3\. /);
    expect(loud.stderr).not.toContain(TOKEN);
  });
});

test('a properties file that others can read is warned of in the log, and the run goes on', async () => {
  const { sandbox } = await openOrg({ events: 5 });
  const installation = await install(sandbox);
  const file = join(installation.folder, 'conf', 'sumologic.properties');
  await chmod(file, 0o644);
  const { exitCode, stdout, stderr } = await collect(installation, '--quiet');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expectPrinted(stdout, sandbox.org.events);
  expect(await readLog(installation)).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      message: `"${file}" holds a secret and is open to other users (mode 0644): run chmod 600 on it`,
    }) as unknown,
  );
});

test('what SumoJanus users have in their file is understood', async () => {
  const { sandbox } = await openOrg({ events: 5 });
  const installation = await install(sandbox);
  const lines = [
    '\uFEFF[generic]',
    'path = .',
    '[oktacollector]',
    'api_token=wrong',
    '[other]',
    'key = 1',
    '[oktacollector]   ',
    `  api_token   =   ${sandbox.token}   `,
    `okta_org_url=${sandbox.url}/`,
    'stream_pos_path=${path}/data/a#b;c.dat',
    '; the end',
  ];
  const file = join(installation.folder, 'conf', 'sumologic.properties');
  await writeFile(file, `${lines.join('\r\n')}\r\n`);
  const { exitCode, stdout } = await collect(installation, '--quiet');
  expect(exitCode).toBe(0);
  expectPrinted(stdout, sandbox.org.events);
  expect(await readFile(join(installation.folder, 'data', 'a#b;c.dat'), 'utf8')).toContain(
    sandbox.url,
  );
});

describe('a command line that is not understood fails with 64:', () => {
  test.each([
    [['--quiet', '--colour'], "unknown option '--colour'"],
    [['--quiet', `--api-token=${TOKEN}`], 'All users of a computer can see a command line'],
    [['--quiet', 'surplus'], 'too many arguments'],
  ])('%j', async (args, said) => {
    const installation = await install(acme);
    const ended = await collect(installation, ...args);
    await expectFailure(installation, ended, 64);
    expect(ended.stderr).toContain(said);
  });
});

describe('what Okta refuses fails the run at once:', () => {
  test('a token that is not valid', async () => {
    const { sandbox } = await openOrg({ events: 5 });
    const installation = await install(sandbox, { api_token: TOKEN });
    const ended = await collect(installation, '--quiet');
    await expectFailure(installation, ended, 77);
    expect(ended.stderr).toContain(`Cannot sign in to "${sandbox.url}": 401 E0000011`);
    expect(sandbox.requests).toHaveLength(1);
  });

  test('a token without permission', async () => {
    const { sandbox } = await openOrg({ events: 5, token: TOKEN, faults: '403' });
    const installation = await install(sandbox);
    const ended = await collect(installation, '--quiet');
    await expectFailure(installation, ended, 77);
    expect(ended.stderr).toContain('Read-only Administrator');
  });

  test('an address that is no org', async () => {
    const { sandbox } = await openOrg({ events: 5, token: TOKEN, faults: '404' });
    const installation = await install(sandbox);
    const ended = await collect(installation, '--quiet');
    await expectFailure(installation, ended, 78);
    expect(ended.stderr).toContain(`Cannot find the System Log at "${sandbox.url}": 404`);
  });

  test('a stored link and the new start as well', async () => {
    const { sandbox } = await openOrg({ events: 5, token: TOKEN });
    const installation = await install(sandbox);
    await collect(installation, '--quiet');
    sandbox.misbehave('400-cursorx2');
    await expectFailure(installation, await collect(installation, '--quiet'), 76);
  });
});

describe('what passes is waited for until the time is up:', () => {
  test('a server that is down', async () => {
    const { sandbox } = await openOrg({ token: TOKEN });
    const installation = await install(sandbox);
    await sandbox.close();
    const ended = await collect(installation, '--quiet', '-e', '2');
    await expectFailure(installation, ended, 75);
    expect(ended.stderr).toContain(`Cannot read a page of "${sandbox.url}" within 2 s`);
  });

  test('a page that cannot be used fails the run when it is so for the fourth time, and nothing of it is printed', async () => {
    const { sandbox } = await openOrg({ events: 250, token: TOKEN });
    const installation = await install(sandbox, { pagination_limit: '100' });
    // Behind the first page the next one is asked for as soon as the headers of this one are there.
    sandbox.misbehave('truncate@1, html-200@1, half-event@1, object-200@1');
    await expectFailure(installation, await collect(installation, '--quiet'), 76);
    expect(sandbox.requests).toHaveLength(4);
    const next = await collect(installation, '--quiet');
    expectPrinted(next.stdout, sandbox.org.events);
  });
});

describe('the token goes to the configured host and nowhere else:', () => {
  /** Serves on a port of this machine; gives its origin and what was asked of it. */
  async function serve(answer: RequestListener) {
    const asked: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      asked.push(request);
      answer(request, response);
    });
    onTestFinished(() => void server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  }

  test('a next link to another host fails the run', async () => {
    const thief = await serve((_, response) => response.end('[]'));
    const org = await serve((_, response) => {
      const link = `<${thief.origin}/api/v1/logs?after=1>; rel="next"`;
      response.writeHead(200, { link }).end('[{"uuid":"1"}]');
    });
    const settings = { pagination_limit: '1' };
    const installation = await install({ url: org.origin, token: TOKEN }, settings);
    const ended = await collect(installation, '--quiet');
    await expectFailure(installation, ended, 76);
    expect(ended.stderr).toContain(`it leads to "${thief.origin}"`);
    expect(org.asked.map(({ headers }) => headers.authorization)).toEqual([`SSWS ${TOKEN}`]);
    expect(thief.asked).toEqual([]);
  });

  test('a redirect is not followed', async () => {
    const thief = await serve((_, response) => response.end('[]'));
    const faults = `redirect:${thief.origin}/api/v1/logs`;
    const { sandbox } = await openOrg({ token: TOKEN, faults });
    const installation = await install(sandbox);
    await expectFailure(installation, await collect(installation, '--quiet'), 76);
    expect(thief.asked).toEqual([]);
  });
});
