import { expect, test } from 'vitest';
import { changesFor } from '../../src/config/setup-changes.ts';

const FOLDERS = { workingFolder: '/home/me', installation: '/home/me/okta' };

function changes(answers: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return Object.fromEntries(changesFor(new Map(Object.entries(answers)), FOLDERS));
}

test('paths outside the installation are made absolute from where the person is', () => {
  expect(changes({ ca_file: 'ca.pem', log_file: '/var/log/x', key_id: 'k' })).toMatchObject({
    ca_file: '/home/me/ca.pem',
    log_file: '/var/log/x',
    key_id: 'k',
  });
});

test.each([
  ['okta/data/x.dat', 'data/x.dat'],
  ['/home/me/okta/..key/x', '..key/x'],
  ['okta', '/home/me/okta'],
  ['okta-2/x', '/home/me/okta-2/x'],
  ['..', '/home'],
])('of paths, %s is told as %s: relative within the installation', (text, told) => {
  expect(changes({ stream_pos_path: text })).toEqual({ stream_pos_path: told });
});

test('an empty answer takes its key out', () => {
  expect(changes({ stream_pos_path: '' })).toEqual({ stream_pos_path: undefined });
});

test.each([
  [
    { api_token: 'x' },
    ['api_token_file', 'client_id', 'private_key', 'private_key_file', 'key_id'],
  ],
  [{ api_token_file: '/x' }, ['api_token', 'client_id', 'client_secret', 'client_secret_file']],
  [{ private_key_file: '/x' }, ['private_key', 'client_secret', 'client_secret_file', 'api_token']],
  [{ client_secret_file: '/x' }, ['client_secret', 'private_key', 'private_key_file', 'key_id']],
  [{ client_secret: 'x' }, ['client_secret_file', 'private_key_file', 'api_token_file']],
  [{ client_id: 'x' }, ['api_token', 'api_token_file']],
])('%j takes out what it leaves no room for', (answers, gone) => {
  const found = changes(answers);
  expect(found).toMatchObject(answers);
  for (const key of gone) {
    expect(found).toHaveProperty(key);
    expect(found[key]).toBeUndefined();
  }
});

test.each([
  [{ private_key_file: '/new.pem' }, ['client_id', 'key_id']],
  [{ client_id: 'x' }, ['private_key_file', 'key_id', 'client_secret']],
  [{ okta_org_url: 'https://acme.okta.com' }, ['api_token', 'client_id']],
])('%j leaves alone what it goes with', (answers, kept) => {
  for (const key of kept) expect(changes(answers)).not.toHaveProperty(key);
});

test('an answer stays although another one leaves no room for it, so that both are refused', () => {
  expect(changes({ api_token: 'x', client_id: 'y' })).toMatchObject({
    api_token: 'x',
    client_id: 'y',
  });
});
