import { expect, test } from 'vitest';
import { keyList } from '../../src/config/keys.ts';
import { loadSection, problemsOf } from './load-from.ts';

/** The keys of the first version: a file that sets any of them must always be read. */
const FIRST = [
  ...['okta_org_url', 'api_token', 'api_token_file', 'client_id', 'private_key_file'],
  ...['private_key', 'key_id', 'client_secret', 'client_secret_file', 'scopes', 'token_cache'],
  ...['proxy_url', 'ca_file', 'client_cert_file', 'client_key_file', 'connect_timeout_seconds'],
  ...['request_timeout_seconds', 'stream_pos_path', 'pagination_limit', 'start_time', 'end_time'],
  ...['settle_seconds', 'rate_limit_reserve_percent', 'poll_interval_seconds'],
  ...['max_runtime_seconds', 'log_file', 'log_level', 'log_max_bytes'],
];

test('every key of the first version is still known', () => {
  expect(keyList.map(({ name }) => name)).toEqual(expect.arrayContaining(FIRST));
});

test('a configuration as SumoJanus documents it is read', async () => {
  const lines = [
    '# Okta API token',
    'api_token=00abc  ',
    'okta_org_url = https://acme.okta.com/',
    'stream_pos_path = ${path}/data/okta_checkpoint.dat',
    'pagination_limit = 1000',
    '# start_time = 1435709058000',
    '# end_time = 1436377600000',
  ];
  expect(await loadSection(lines.join('\n'))).toMatchObject({ org: 'https://acme.okta.com' });
});

test('a key that only a newer version knows is refused, and what to do is said', async () => {
  const lines = 'api_token = x\nokta_org_url = https://acme.okta.com\nfrobnicate = on';
  expect(await problemsOf(loadSection(lines))).toMatchObject([
    {
      key: 'frobnicate',
      reason: 'is not a key of this program',
      remedy: expect.stringContaining('if a newer version knows the key, run that') as string,
    },
  ]);
});
