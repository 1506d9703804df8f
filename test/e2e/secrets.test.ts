import { generateKeyPairSync } from 'node:crypto';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ServiceApp } from '../../src/sandbox/oauth/authorization-server.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { isJsonObject, parseJson } from '../../src/state/json-shape.ts';
import type { Installation, Settings } from '../support/installation.ts';
import { install } from '../support/installation.ts';
import { collect } from '../support/program.ts';
import { openOrg } from './open-org.ts';

const TOKEN = '00an/api+token?that&nobody=may%see';
const CLIENT_SECRET = 'a/client+secret?that&nobody=may%see';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const otherPem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

const app: ServiceApp = {
  clientId: '0oaTheApp',
  publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  clientSecret: CLIENT_SECRET,
};
const withKey: Settings = {
  api_token: undefined,
  client_id: app.clientId,
  private_key_file: 'conf/key.pem',
};
const withSecret: Settings = {
  api_token: undefined,
  client_id: app.clientId,
  client_secret: CLIENT_SECRET,
};

/** The forms in which a text may turn up; of base64, what does not hang on its surroundings. */
function formsOf(text: string): readonly string[] {
  const base64 = Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1);
  const url = Buffer.from(text).toString('base64url').slice(0, -1);
  return [text, base64, url, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)];
}

/** All secrets there are: what was configured, and what the run has made of it. */
async function secretsOf({ folder }: Installation): Promise<readonly string[]> {
  const file = join(folder, 'data', 'okta_checkpoint.token.json');
  const kept = parseJson(await readFile(file, 'utf8').catch(() => ''));
  const keptSecrets = isJsonObject(kept)
    ? [kept['access_token'], isJsonObject(kept['dpop_key']) ? kept['dpop_key']['d'] : undefined]
    : [];
  const bodies = [pem, otherPem].flatMap((text) => text.split('\n').slice(1, -2));
  const secrets = [TOKEN, CLIENT_SECRET, ...bodies, ...keptSecrets];
  const { d } = privateKey.export({ format: 'jwk' });
  return [...secrets, d].filter((secret) => typeof secret === 'string');
}

/** Everything that runs leave behind, but for the token's own file. */
async function traces({ folder }: Installation): Promise<string> {
  const names = await readdir(join(folder, 'data'));
  const files = names.filter((name) => !name.includes('.token.json'));
  const texts = await Promise.all(
    files.map((name) => readFile(join(folder, 'data', name), 'latin1')),
  );
  return texts.join('\n');
}

async function run(
  sandbox: Pick<Sandbox, 'url' | 'token'>,
  settings: Settings,
  key = pem,
): Promise<{ installation: Installation; exitCode: number | undefined; said: string }> {
  const installation = await install(sandbox, {
    api_token: TOKEN,
    log_level: 'debug',
    ...settings,
  });
  const keyFile = join(installation.folder, 'conf', 'key.pem');
  await writeFile(keyFile, key);
  await chmod(keyFile, key === '' ? 0o644 : 0o600);
  const quiet = await collect(installation, '--quiet');
  const loud = await collect(installation);
  const checked = await collect(installation, '-s');
  const said = [quiet, loud, checked].map(({ stdout, stderr }) => stdout.toString() + stderr);
  return { installation, exitCode: quiet.exitCode, said: said.join('\n') };
}

interface Scenario {
  readonly settings: Settings;
  readonly app?: Partial<ServiceApp>;
  readonly faults?: string;
  readonly key?: string;
  readonly exitCode: number;
  readonly says?: string;
}

const scenarios: Readonly<Record<string, Scenario>> = {
  'an API token': { settings: {}, exitCode: 0 },
  'an API token that is refused': {
    settings: { api_token: `${TOKEN}x` },
    exitCode: 77,
    says: 'the API token is wrong',
  },
  'an API token in quotes': { settings: { api_token: `"${TOKEN}"` }, exitCode: 78 },
  'an API token and a redirect': {
    settings: {},
    faults: 'redirect:http://127.0.0.1:9/x*',
    exitCode: 76,
  },
  'a private key': { settings: withKey, exitCode: 0 },
  'a private key and DPoP': { settings: withKey, app: { requiresDpop: true }, exitCode: 0 },
  'a private key that the app does not have': {
    settings: withKey,
    key: otherPem,
    exitCode: 77,
    says: 'does not fit a public key of the app',
  },
  'a private key that is damaged': {
    settings: withKey,
    key: pem.slice(0, 90),
    exitCode: 78,
    says: 'damaged',
  },
  'a private key file open to others': {
    settings: withKey,
    key: '',
    exitCode: 78,
    says: 'open to other users',
  },
  'a private key where the path of its file belongs': {
    settings: { ...withKey, private_key_file: undefined, private_key: pem.split('\n')[1] },
    exitCode: 78,
    says: 'neither PEM nor a JWK',
  },
  'an app without the scope': {
    settings: withKey,
    app: { scopes: ['okta.users.read'] },
    exitCode: 77,
    says: 'a scope is not granted',
  },
  'an app without a role': {
    settings: withKey,
    app: { hasAdminRole: false, requiresDpop: true },
    exitCode: 77,
    says: 'has no admin role',
  },
  'access tokens that are refused': {
    settings: withKey,
    app: { requiresDpop: true },
    faults: '401x*',
    exitCode: 77,
    says: 'an access token that it has just issued',
  },
  'a client secret': { settings: withSecret, exitCode: 0 },
  'a client secret that is wrong': {
    settings: withSecret,
    app: { clientSecret: 'another' },
    exitCode: 77,
    says: 'the client secret is wrong',
  },
  'an unknown client': {
    settings: { ...withSecret, client_id: '0oaOther' },
    exitCode: 77,
    says: 'no active app with this client_id',
  },
  'two kinds of credentials': {
    settings: { ...withSecret, api_token: TOKEN },
    exitCode: 78,
    says: 'api_token is set as well as client_id',
  },
};

describe('no secret is told, in plain or encoded, by a run with', () => {
  test.each(Object.entries(scenarios))('%s', async (_, scenario) => {
    const { settings, faults = '', key, exitCode, says = '' } = scenario;
    const { sandbox } = await openOrg({
      events: 20,
      token: TOKEN,
      faults,
      serviceApp: { ...app, ...scenario.app },
    });
    const ended = await run(sandbox, settings, key);
    const all = `${ended.said}\n${await traces(ended.installation)}`;
    expect(ended.said).toContain(says);
    expect(ended.exitCode).toBe(exitCode);
    for (const secret of await secretsOf(ended.installation)) {
      for (const form of formsOf(secret)) expect(all).not.toContain(form);
    }
  });
});

test('two runs and a check share one access token, which is kept for their user only', async () => {
  const { sandbox } = await openOrg({ events: 20, serviceApp: { ...app, requiresDpop: true } });
  const { installation } = await run(sandbox, withKey);
  const tokenRequests = sandbox.requests.filter(({ method }) => method === 'POST');
  expect(tokenRequests.map(({ status }) => status)).toEqual([400, 400, 200]);
  expect((await secretsOf(installation)).some((secret) => secret.startsWith('eyJraWQ'))).toBe(true);
});
