import type { Secret } from '../domain/secret.ts';
import type { Key } from './key.ts';
import { Refusal } from './key.ts';
import { keys } from './keys.ts';
import type { PrivateKey } from './private-key.ts';
import { takeSecret } from './secret-or-file.ts';
import type { SettingsReader } from './settings-reader.ts';

/** What proves to Okta who asks. */
export type Credential =
  | { readonly kind: 'api token'; readonly token: Secret }
  | {
      readonly kind: 'service app';
      readonly clientId: string;
      readonly proof: AppProof;
      /** Scopes with blanks between. */
      readonly scope: string;
      /** Whether access tokens are kept in a file for later runs. */
      readonly keepsToken: boolean;
    };

type AppProof =
  | ({ readonly kind: 'private key' } & PrivateKey)
  | { readonly kind: 'client secret'; readonly secret: Secret };

interface FoundCredential {
  /** `undefined` if there is none that can be used; the problem is with the settings then. */
  readonly credential: Credential | undefined;
  /** What to tell about the token's file if others can get at it. */
  readonly exposure: string | undefined;
}

const apiToken = { inline: keys.apiToken, file: keys.apiTokenFile, exposure: 'warn' } as const;
/** The two keys for the private key of a service app. */
export const privateKey = {
  inline: keys.privateKey,
  file: keys.privateKeyFile,
  exposure: 'refuse',
} as const;
const clientSecret = {
  inline: keys.clientSecret,
  file: keys.clientSecretFile,
  exposure: 'refuse',
} as const;

/** Takes the one kind of credential that is set: an API token, or a service app with a private key or with a client secret. */
export async function takeCredential(settings: SettingsReader): Promise<FoundCredential> {
  const scope = settings.take(keys.scopes);
  const keepsToken = settings.take(keys.tokenCache) === 'on';
  const ofApp = firstSet(settings, [
    keys.clientId,
    ...keysOf(privateKey),
    ...keysOf(clientSecret),
    keys.keyId,
  ]);
  const ofToken = firstSet(settings, keysOf(apiToken));
  if (ofApp === undefined) {
    const { value: token, exposure } = await takeSecret(settings, apiToken);
    return { credential: token && { kind: 'api token', token }, exposure };
  }
  if (ofToken !== undefined) {
    refuseBoth(
      settings,
      ofToken,
      ofApp,
      'Use an API token or a service app: take the keys of the other one out',
    );
    return { credential: undefined, exposure: undefined };
  }
  const clientId = takeClientId(settings);
  const proof = await takeProof(settings);
  if (clientId === undefined || proof === undefined)
    return { credential: undefined, exposure: undefined };
  const credential = { kind: 'service app', clientId, proof, scope, keepsToken } as const;
  return { credential, exposure: undefined };
}

function takeClientId(settings: SettingsReader): string | undefined {
  if (settings.find(keys.clientId) === undefined) settings.reportMissing(keys.clientId);
  return settings.take(keys.clientId);
}

async function takeProof(settings: SettingsReader): Promise<AppProof | undefined> {
  const ofKey = firstSet(settings, keysOf(privateKey));
  const ofSecret = firstSet(settings, keysOf(clientSecret));
  if (ofKey !== undefined && ofSecret !== undefined) {
    refuseBoth(
      settings,
      ofSecret,
      ofKey,
      'Keep the one that the app in Okta uses and take the other out',
    );
    return undefined;
  }
  return ofSecret === undefined ? takePrivateKey(settings) : takeClientSecret(settings);
}

async function takePrivateKey(settings: SettingsReader): Promise<AppProof | undefined> {
  if (firstSet(settings, keysOf(privateKey)) === undefined) {
    settings.reportMissing(keys.privateKeyFile, 'nor client_secret_file');
    return undefined;
  }
  const { value } = await takeSecret(settings, privateKey);
  const keyId = settings.take(keys.keyId) ?? value?.keyId;
  return value && { kind: 'private key', ...value, keyId };
}

async function takeClientSecret(settings: SettingsReader): Promise<AppProof | undefined> {
  if (settings.find(keys.keyId) !== undefined)
    settings.report(
      keys.keyId,
      new Refusal('names a private key, and none is set', 'Take it out, or set private_key_file'),
    );
  const { value: secret } = await takeSecret(settings, clientSecret);
  return secret && { kind: 'client secret', secret };
}

function keysOf(pair: {
  readonly inline: Key<unknown>;
  readonly file: Key<unknown>;
}): readonly Key<unknown>[] {
  return [pair.inline, pair.file];
}

function firstSet(
  settings: SettingsReader,
  candidates: readonly Key<unknown>[],
): Key<unknown> | undefined {
  return candidates.find((key) => settings.find(key) !== undefined);
}

function refuseBoth(
  settings: SettingsReader,
  refused: Key<unknown>,
  other: Key<unknown>,
  remedy: string,
): void {
  settings.report(refused, new Refusal(`is set as well as ${other.name}`, remedy));
}
