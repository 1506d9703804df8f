import { generateKeyPairSync } from 'node:crypto';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isJsonObject, parseJson } from '../../src/state/json-shape.ts';
import type { Installation } from '../support/installation.ts';
import { install } from '../support/installation.ts';
import type { Ended } from '../support/program.ts';
import { collect, shell, start } from '../support/program.ts';
import { startAtTerminal } from '../support/terminal.ts';
import { openOrg } from './open-org.ts';
import { expectPrinted } from './printed.ts';

/** What a person has written, with another collector's section behind. */
const WRITTEN = [
  '# Ours since 2019',
  '[generic]',
  'path = .',
  '',
  '[oktacollector]',
  '  okta_org_url=<https://your-org.okta.com>   # the org',
  'api_token = <put it here>',
  'settle_seconds = 30',
  '',
  '[boxcollector]',
  'api_token = of the box',
  '',
].join('\r\n');

function properties({ folder }: Installation): string {
  return join(folder, 'conf', 'sumologic.properties');
}

async function backupsOf({ folder }: Installation): Promise<readonly string[]> {
  const names = await readdir(join(folder, 'conf'));
  return names.filter((name) => name.endsWith('.bak')).map((name) => join(folder, 'conf', name));
}

/** An org, and an installation whose properties file is as a person has left it. */
async function unconfigured() {
  const org = await openOrg({ events: 30 });
  const installation = await install(org.sandbox);
  await writeFile(properties(installation), WRITTEN);
  await chmod(properties(installation), 0o644);
  return { ...org, installation };
}

const configured = (url: string, token: string): string =>
  WRITTEN.replace('<https://your-org.okta.com>', url).replace('<put it here>', token);

/** The Script Source at the end of what set-up prints. */
function scriptSourceIn(stdout: string): unknown {
  return parseJson(stdout.slice(stdout.indexOf('\n{')));
}

describe('setup by options', () => {
  test('changes the values in place, keeps what was, checks, and prints the Script Source', async () => {
    const { sandbox, installation } = await unconfigured();
    const line = `collector setup --org-url ${sandbox.url} --api-token-stdin <<< '${sandbox.token}'`;
    const { exitCode, stdout, stderr } = await shell(installation, line);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(await readFile(properties(installation), 'utf8')).toBe(
      configured(sandbox.url, sandbox.token),
    );
    expect((await stat(properties(installation))).mode & 0o777).toBe(0o600);
    const [backup = '', ...others] = await backupsOf(installation);
    expect(others).toEqual([]);
    expect(await readFile(backup, 'utf8')).toBe(WRITTEN);
    expect((await stat(backup)).mode & 0o777).toBe(0o600);
    expect(stdout.toString()).toContain(backup);
    expect(stdout.toString()).toContain('may read the System Log');
    expect(stdout.toString()).not.toContain(sandbox.token);
    expect(scriptSourceIn(stdout.toString())).toMatchObject({
      source: { file: join(installation.folder, 'bin', 'SumoJanus_Okta.bash') },
    });
    expectPrinted((await collect(installation, '--quiet')).stdout, sandbox.org.events);
  });

  test('does nothing to a file that says so already', async () => {
    const { sandbox, installation } = await unconfigured();
    const line = `collector setup --org-url ${sandbox.url} --api-token-stdin <<< '${sandbox.token}'`;
    await shell(installation, line);
    const { exitCode, stdout } = await shell(installation, line);
    expect(exitCode).toBe(0);
    expect(stdout.toString()).toContain('says so already');
    expect(await backupsOf(installation)).toHaveLength(1);
  });

  test('closes a file that others can read, even if it says so already', async () => {
    const { sandbox, installation } = await unconfigured();
    await writeFile(properties(installation), configured(sandbox.url, sandbox.token));
    const { stdout, stderr } = await collect(installation, 'setup', '--org-url', sandbox.url);
    expect(stdout.toString() + stderr).not.toContain('open to other users');
    expect((await stat(properties(installation))).mode & 0o777).toBe(0o600);
    expect(await readFile(properties(installation), 'utf8')).toBe(
      configured(sandbox.url, sandbox.token),
    );
  });

  test('goes over from an API token to a service app, and names its key from the installation on', async () => {
    const { sandbox, installation } = await unconfigured();
    await writeFile(properties(installation), configured(sandbox.url, sandbox.token));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = join(installation.folder, 'app key.pem');
    await writeFile(pem, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    await shell(installation, "collector setup --client-id 0oa1 --private-key-file 'app key.pem'");
    const text = await readFile(properties(installation), 'utf8');
    expect(text).toContain(
      'settle_seconds = 30\r\nclient_id = 0oa1\r\nprivate_key_file = app key.pem\r\n\r\n[boxcollector]',
    );
    expect(text).toContain('\r\napi_token =\r\n');
    expect(text).toContain('\r\napi_token = of the box\r\n');
  });

  test('leaves an installation that can be moved: what lies in it is named from there', async () => {
    const { sandbox, installation } = await unconfigured();
    const line = `cd data && ../bin/okta-collector setup --stream-pos-path mine.dat --log-file ../../elsewhere.log --org-url ${sandbox.url} --api-token-stdin <<< '${sandbox.token}'`;
    await shell(installation, `PATH='${dirname(process.execPath)}':$PATH; ${line}`);
    const text = await readFile(properties(installation), 'utf8');
    expect(text).toContain('stream_pos_path = data/mine.dat\r\n');
    expect(text).toContain(`log_file = ${join(dirname(installation.folder), 'elsewhere.log')}\r\n`);
    await collect(installation, '--quiet');
    expect(await readdir(join(installation.folder, 'data'))).toContain('mine.dat');
  });

  test.each([
    ['an org that is none', "--org-url acme --api-token-stdin <<< 'x'", 78, 'okta_org_url "acme"'],
    ['a token that is none', "--api-token-stdin <<< '<your API token>'", 64, 'placeholder'],
    ['a missing token', '--org-url https://acme.okta.com', 78, 'api_token'],
    [
      'two ways to sign in',
      '--org-url https://acme.okta.com --api-token-file conf/sumologic.properties --client-id x',
      78,
      'is set as well as client_id',
    ],
    [
      'a path that no such file can hold',
      "--stream-pos-path 'a #b' --org-url https://acme.okta.com --api-token-stdin <<< x",
      78,
      'stream_pos_path',
    ],
  ])('writes nothing for %s', async (_, args, expected, message) => {
    const { installation } = await unconfigured();
    const { exitCode, stdout, stderr } = await shell(installation, `collector setup ${args}`);
    expect(exitCode).toBe(expected);
    expect(stdout).toHaveLength(0);
    expect(stderr).toContain(message);
    expect(await readFile(properties(installation), 'utf8')).toBe(WRITTEN);
    expect(await readdir(join(installation.folder, 'conf'))).toEqual(['sumologic.properties']);
  });

  test('writes nothing to a file that is not UTF-8', async () => {
    const { sandbox, installation } = await unconfigured();
    const latin = Buffer.from(`# gr\u00fc\u00dfe\n${WRITTEN}`, 'latin1');
    await writeFile(properties(installation), latin);
    const line = `collector setup --org-url ${sandbox.url} --api-token-stdin <<< '${sandbox.token}'`;
    const { exitCode, stderr } = await shell(installation, line);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('has characters that are not UTF-8');
    expect(await readFile(properties(installation))).toEqual(latin);
  });

  test('leaves the file as it is if it cannot be written whole', async () => {
    const { sandbox, installation } = await unconfigured();
    const line = `ulimit -f 0; collector setup --org-url ${sandbox.url} --api-token-stdin < token`;
    await writeFile(join(installation.folder, 'token'), sandbox.token);
    const { exitCode, stderr } = await shell(installation, line);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('Cannot write the properties file');
    expect(await readFile(properties(installation), 'utf8')).toBe(WRITTEN);
    expect(await readdir(join(installation.folder, 'conf'))).toEqual(['sumologic.properties']);
  });

  test('keeps what it has written if the check finds a fault, and says which', async () => {
    const { sandbox, installation } = await unconfigured();
    const line = `collector setup --org-url ${sandbox.url} --api-token-stdin <<< 'of-yesterday'`;
    const { exitCode, stdout } = await shell(installation, line);
    expect(exitCode).toBe(77);
    expect(await readFile(properties(installation), 'utf8')).toContain('of-yesterday');
    expect(stdout.toString()).toContain('401 E0000011');
    expect(stdout.toString()).not.toContain('of-yesterday');
    expect(stdout.toString()).not.toContain('api.version');
  });

  test('begins a file where there is none', async () => {
    const { sandbox, installation } = await unconfigured();
    const line = `collector setup --config new.ini --org-url ${sandbox.url} --api-token-stdin <<< '${sandbox.token}'`;
    await shell(installation, line);
    expect(await readFile(join(installation.folder, 'new.ini'), 'utf8')).toBe(
      `[generic]\npath = .\n\n[oktacollector]\nokta_org_url = ${sandbox.url}\napi_token = ${sandbox.token}\n`,
    );
  });
});

describe('the wrapper with -s', () => {
  function wrapper({ folder }: Installation, ...args: readonly string[]): Promise<Ended> {
    const environment = { OKTA_COLLECTOR_NODE: process.execPath };
    return start('/bin/bash', ['bin/SumoJanus_Okta.bash', '-s', ...args], { folder, environment })
      .ended;
  }

  test('takes the options of setup', async () => {
    const { sandbox, installation } = await unconfigured();
    await writeFile(join(installation.folder, 'token'), sandbox.token, { mode: 0o600 });
    const args = ['--org-url', sandbox.url, '--api-token-file', 'token'];
    const { exitCode, stdout } = await wrapper(installation, ...args);
    expect(exitCode).toBe(0);
    expect(isJsonObject(scriptSourceIn(stdout.toString()))).toBe(true);
    expect(await readFile(properties(installation), 'utf8')).toContain(
      'api_token_file = token\r\n',
    );
  });

  test('only checks if there is neither an option nor a terminal', async () => {
    const { installation } = await unconfigured();
    const { exitCode, stderr } = await wrapper(installation);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('okta_org_url');
    expect(await readFile(properties(installation), 'utf8')).toBe(WRITTEN);
  });
});

describe('setup at a terminal', () => {
  const ENTER = '\r';
  const DOWN = '\u001b[B';
  const CTRL_C = '\u0003';

  function setUp({ folder }: Installation) {
    return startAtTerminal(`'${process.execPath}' bin/okta-collector setup`, folder);
  }

  test('asks for org and token, and shows the token nowhere', async () => {
    const { sandbox, installation } = await unconfigured();
    const terminal = setUp(installation);
    await terminal.shows('Address of the Okta org');
    terminal.type('acme' + ENTER);
    await terminal.shows('does not start with https://');
    terminal.type('\u0015' + sandbox.url + ENTER);
    await terminal.shows('How does it sign in?');
    terminal.type(ENTER);
    await terminal.shows('The API token');
    terminal.type(sandbox.token + ENTER);
    await terminal.shows('"api.version"');
    const { exitCode, screen } = await terminal.ended;
    expect(exitCode).toBe(0);
    expect(screen).not.toContain(sandbox.token);
    expect(screen).not.toContain(sandbox.token.slice(0, 8));
    expect(await readFile(properties(installation), 'utf8')).toBe(
      configured(sandbox.url, sandbox.token),
    );
  });

  test('keeps by Enter what is set', async () => {
    const { sandbox, installation } = await unconfigured();
    await writeFile(properties(installation), configured(sandbox.url, sandbox.token));
    await chmod(properties(installation), 0o600);
    const terminal = setUp(installation);
    await terminal.shows(sandbox.url);
    terminal.type(ENTER);
    await terminal.shows('How does it sign in?');
    terminal.type(ENTER);
    await terminal.shows('leave it empty to keep');
    terminal.type(ENTER);
    await terminal.shows('says so already');
    const { exitCode, screen } = await terminal.ended;
    expect(exitCode).toBe(0);
    expect(screen).not.toContain(sandbox.token);
  });

  test('keeps by Enter a key that is named from the installation on, wherever it is asked', async () => {
    const { sandbox, installation } = await unconfigured();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    await writeFile(join(installation.folder, 'own.pem'), pem, { mode: 0o600 });
    const text = configured(sandbox.url, '').concat(
      '[oktacollector]\r\nclient_id = 0oa1\r\nprivate_key_file = own.pem\r\n',
    );
    await writeFile(properties(installation), text, { mode: 0o600 });
    await chmod(properties(installation), 0o600);
    const terminal = startAtTerminal(
      `'${process.execPath}' ../bin/okta-collector setup`,
      join(installation.folder, 'data'),
    );
    await terminal.shows('Address of the Okta org');
    terminal.type(ENTER);
    await terminal.shows('How does it sign in?');
    terminal.type(ENTER);
    await terminal.shows('Client ID');
    terminal.type(ENTER);
    await terminal.shows('own.pem');
    terminal.type(ENTER);
    await terminal.shows('kid');
    terminal.type(ENTER);
    await terminal.shows('says so already');
    await terminal.ended;
    expect(await readFile(properties(installation), 'utf8')).toBe(text);
  });

  test('asks for the key of a service app until it can be used', async () => {
    const { sandbox, installation } = await unconfigured();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    await writeFile(join(installation.folder, 'open.pem'), pem, { mode: 0o644 });
    await writeFile(join(installation.folder, 'own.pem'), pem, { mode: 0o600 });
    const terminal = setUp(installation);
    await terminal.shows('Address of the Okta org');
    terminal.type(sandbox.url + ENTER);
    await terminal.shows('How does it sign in?');
    terminal.type(DOWN + ENTER);
    await terminal.shows('Client ID');
    terminal.type('0oa1' + ENTER);
    await terminal.shows('private key');
    terminal.type('open.pem' + ENTER);
    await terminal.shows('open to other users');
    await terminal.shows('private key');
    terminal.type('own.pem' + ENTER);
    await terminal.shows('kid');
    terminal.type(ENTER);
    await terminal.shows('Wrote');
    await terminal.ended;
    const text = await readFile(properties(installation), 'utf8');
    expect(text).toContain('client_id = 0oa1\r\nprivate_key_file = own.pem\r\n');
    expect(text).not.toContain('key_id');
  });

  test('is given up by Ctrl-C, and then nothing has changed', async () => {
    const { sandbox, installation } = await unconfigured();
    const terminal = setUp(installation);
    await terminal.shows('Address of the Okta org');
    terminal.type(sandbox.url + ENTER);
    await terminal.shows('How does it sign in?');
    terminal.type(ENTER);
    await terminal.shows('The API token');
    terminal.type('half a token' + CTRL_C);
    const { exitCode, screen } = await terminal.ended;
    expect(exitCode).toBe(64);
    expect(screen).toContain('Nothing was changed');
    expect(screen).not.toContain('half a token');
    expect(await readFile(properties(installation), 'utf8')).toBe(WRITTEN);
    expect(await readdir(join(installation.folder, 'conf'))).toEqual(['sumologic.properties']);
  });

  test('asks nothing that an option says', async () => {
    const { sandbox, installation } = await unconfigured();
    await writeFile(join(installation.folder, 'token'), sandbox.token, { mode: 0o600 });
    const options = `--org-url ${sandbox.url} --api-token-file token`;
    const line = `'${process.execPath}' bin/okta-collector setup ${options}`;
    const { exitCode, screen } = await startAtTerminal(line, installation.folder).ended;
    expect(exitCode).toBe(0);
    expect(screen).not.toContain('Address of the Okta org');
  });
});
