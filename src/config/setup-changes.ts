import { resolve } from 'node:path';
import type { Changes } from './edit-properties.ts';
import { keys } from './keys.ts';

const { apiToken, apiTokenFile, clientId, privateKey, privateKeyFile, keyId } = keys;
const { clientSecret, clientSecretFile, caFile, streamPosPath, logFile } = keys;

/** What each way to sign in leaves no room for. */
const RIVALS: readonly (readonly [chosen: readonly string[], rivals: readonly string[]])[] = [
  [
    namesOf(apiToken, apiTokenFile),
    namesOf(clientId, privateKey, privateKeyFile, keyId, clientSecret, clientSecretFile),
  ],
  [namesOf(apiToken), namesOf(apiTokenFile)],
  [namesOf(apiTokenFile), namesOf(apiToken)],
  [
    namesOf(clientId, privateKeyFile, keyId, clientSecret, clientSecretFile),
    namesOf(apiToken, apiTokenFile),
  ],
  [namesOf(privateKeyFile), namesOf(privateKey, clientSecret, clientSecretFile)],
  [namesOf(clientSecretFile), namesOf(clientSecret)],
  [namesOf(clientSecret), namesOf(clientSecretFile)],
  [namesOf(clientSecret, clientSecretFile), namesOf(privateKey, privateKeyFile, keyId)],
];

const PATHS = namesOf(
  apiTokenFile,
  privateKeyFile,
  clientSecretFile,
  caFile,
  streamPosPath,
  logFile,
);

/**
 * What a properties file is to say once `answers` (by key) are to count: paths are made absolute from
 * `folder`, an empty answer takes its key out, and so goes what was set for another way to sign in.
 */
export function changesFor(answers: ReadonlyMap<string, string>, folder: string): Changes {
  const rivals = RIVALS.filter(([chosen]) => chosen.some((name) => answers.has(name)))
    .flatMap(([, names]) => names)
    .filter((name) => !answers.has(name));
  return new Map<string, string | undefined>([
    ...rivals.map((name) => [name, undefined] as const),
    ...[...answers].map(([name, text]) => [name, valueFor(name, text, folder)] as const),
  ]);
}

function valueFor(name: string, text: string, folder: string): string | undefined {
  if (text === '') return undefined;
  return PATHS.includes(name) ? resolve(folder, text) : text;
}

function namesOf(...some: readonly { readonly name: string }[]): readonly string[] {
  return some.map(({ name }) => name);
}
