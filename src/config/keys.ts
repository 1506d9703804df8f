import type { Key } from './key.ts';
import { readOrgUrl, withoutCredentials } from './org-url.ts';
import {
  filePath,
  logFilePath,
  oneOf,
  percentage,
  secretFilePath,
  unlessSecret,
  wholeNumber,
  wholeSeconds,
} from './plain-values.ts';
import { readPrivateKey } from './private-key.ts';
import { readProxyUrl } from './proxy-url.ts';
import { readEnd, readStart } from './time-bound.ts';
import { readToken } from './token.ts';
import { readScopes, readSecretWord, readWord } from './word.ts';

/** All keys there are. Each can be set in the properties file, by its environment variable or by an option. */
export const keys = {
  org: { name: 'okta_org_url', read: readOrgUrl, required: true, show: withoutCredentials },
  apiToken: { name: 'api_token', read: readToken, secret: true },
  apiTokenFile: { name: 'api_token_file', read: secretFilePath, show: unlessSecret },
  clientId: { name: 'client_id', read: readWord },
  privateKey: { name: 'private_key', read: readPrivateKey, secret: true },
  privateKeyFile: { name: 'private_key_file', read: secretFilePath, show: unlessSecret },
  keyId: { name: 'key_id', read: readWord },
  clientSecret: { name: 'client_secret', read: readSecretWord, secret: true },
  clientSecretFile: { name: 'client_secret_file', read: secretFilePath, show: unlessSecret },
  scopes: { name: 'scopes', read: readScopes, default: 'okta.logs.read' },
  tokenCache: { name: 'token_cache', read: oneOf('on', 'off'), default: 'on' },
  streamPosPath: { name: 'stream_pos_path', read: filePath, default: 'data/okta_checkpoint.dat' },
  pageLimit: { name: 'pagination_limit', read: wholeNumber(1, 1000), default: '1000' },
  start: { name: 'start_time', read: readStart, option: '--start' },
  end: { name: 'end_time', read: readEnd, option: '--end' },
  settle: { name: 'settle_seconds', read: wholeSeconds(0, 3600), default: '60' },
  rateLimitReserve: {
    name: 'rate_limit_reserve_percent',
    read: percentage(0, 90),
    default: '10',
  },
  proxyUrl: { name: 'proxy_url', read: readProxyUrl, secret: true },
  caFile: { name: 'ca_file', read: filePath },
  clientCertFile: { name: 'client_cert_file', read: filePath },
  clientKeyFile: { name: 'client_key_file', read: filePath },
  connectTimeout: { name: 'connect_timeout_seconds', read: wholeSeconds(1, 300), default: '10' },
  requestTimeout: { name: 'request_timeout_seconds', read: wholeSeconds(1, 3600), default: '60' },
  pollInterval: { name: 'poll_interval_seconds', read: wholeSeconds(1, 86_400) },
  maxRuntime: { name: 'max_runtime_seconds', read: wholeSeconds(1, 31_536_000), default: '1800' },
  logFile: { name: 'log_file', read: logFilePath },
  logLevel: { name: 'log_level', read: oneOf('debug', 'info', 'warn', 'error'), default: 'info' },
  logMaxBytes: { name: 'log_max_bytes', read: wholeNumber(100_000, 1e12), default: '10000000' },
} as const satisfies Readonly<Record<string, Key<unknown>>>;

/** The same as a list. */
export const keyList: readonly Key<unknown>[] = Object.values(keys);

/** The environment variable that sets a key. */
export function variableOf(keyName: string): string {
  return `OKTA_COLLECTOR_${keyName.toUpperCase()}`;
}
