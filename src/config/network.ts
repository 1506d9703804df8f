import type { Network, Proxy } from '../domain/network.ts';
import type { Key } from './key.ts';
import { Refusal } from './key.ts';
import { keys } from './keys.ts';
import { isExempt } from './no-proxy.ts';
import { readProxyUrl } from './proxy-url.ts';
import type { SettingsReader } from './settings-reader.ts';
import type { TextFile } from './text-file.ts';
import { readTextFile } from './text-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Takes how the org is reached; `org` is `undefined` if that could not be used. */
export async function takeNetwork(
  settings: SettingsReader,
  environment: Environment,
  org: string | undefined,
): Promise<Network> {
  return {
    proxy: takeProxy(settings, environment, org),
    authorities: await takeAuthorities(settings, environment),
    clientCertificate: await takeClientCertificate(settings),
    connectTimeout: settings.take(keys.connectTimeout),
    requestTimeout: settings.take(keys.requestTimeout),
  };
}

function takeProxy(
  settings: SettingsReader,
  environment: Environment,
  org: string | undefined,
): Proxy | undefined {
  const proxy =
    settings.find(keys.proxyUrl) === undefined && org !== undefined
      ? settings.attempt(keys.proxyUrl, () => proxyOfEnvironment(environment, org))
      : settings.take(keys.proxyUrl);
  return proxy === 'none' ? undefined : proxy;
}

/** A proxy of the environment is for https: an org on http is on this machine, where no proxy leads. */
function proxyOfEnvironment(environment: Environment, org: string): Proxy | 'none' {
  // As curl and others do: the name in lower case wins, and an empty value sets nothing.
  const name = ['https_proxy', 'HTTPS_PROXY'].find((one) => environment[one]?.trim());
  const exceptions = environment['no_proxy'] ?? environment['NO_PROXY'] ?? '';
  if (name === undefined || !org.startsWith('https:') || isExempt(org, exceptions)) return 'none';
  try {
    return readProxyUrl(environment[name]?.trim() ?? '');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(
      `is not set, and ${name} of the environment ${error.reason}`,
      'Mend that, or set proxy_url to the address of the proxy or to none',
    );
  }
}

async function takeAuthorities(
  settings: SettingsReader,
  environment: Environment,
): Promise<readonly string[]> {
  const file = await takeFile(settings, keys.caFile);
  if (file === undefined) return [];
  const { readCertificates } = await import('./certificates.ts');
  const ours = settings.attempt(keys.caFile, () => readCertificates(file.text));
  if (ours === undefined) return [];
  // Node forgets the authorities of this variable once it is given others. It warns by itself if it cannot read them.
  const path = environment['NODE_EXTRA_CA_CERTS'];
  const extra = path ? await readTextFile(path).catch(() => undefined) : undefined;
  return extra === undefined ? ours : [...ours, extra.text];
}

async function takeClientCertificate(
  settings: SettingsReader,
): Promise<Network['clientCertificate']> {
  const certificate = await takeFile(settings, keys.clientCertFile);
  const key = await takeFile(settings, keys.clientKeyFile);
  requireBoth(settings, keys.clientCertFile, keys.clientKeyFile);
  if (certificate === undefined) return undefined;
  const { readCertificates, readClientCertificate } = await import('./certificates.ts');
  const chain = settings.attempt(keys.clientCertFile, () => readCertificates(certificate.text));
  return (
    chain &&
    key &&
    settings.attempt(keys.clientKeyFile, () => {
      if (key.exposure !== undefined)
        throw new Refusal('names a file that is open to other users', 'Run chmod 600 on it');
      return readClientCertificate(chain, key.text);
    })
  );
}

function requireBoth(settings: SettingsReader, one: Key<string>, other: Key<string>): void {
  for (const [set, missing] of [
    [one, other],
    [other, one],
  ] as const) {
    if (settings.find(set) !== undefined && settings.find(missing) === undefined)
      settings.report(set, new Refusal(`is set without ${missing.name}`, 'Set both or neither'));
  }
}

/** The file that a key names; `undefined` and perhaps a problem if there is none. */
async function takeFile(settings: SettingsReader, key: Key<string>): Promise<TextFile | undefined> {
  const path = settings.take(key);
  if (path === undefined) return undefined;
  try {
    const file = await readTextFile(path);
    if (file !== undefined) return file;
    throw new Refusal('does not exist', `Check the path: it means "${path}"`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    settings.report(key, error);
    return undefined;
  }
}
