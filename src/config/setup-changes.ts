import { isAbsolute, relative, resolve, sep } from 'node:path';
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

/** From where relative paths are meant, absolute: by the person who answers, and in the properties file. */
export interface Folders {
  readonly workingFolder: string;
  readonly installation: string;
}

/**
 * What a properties file is to say once `answers` (by key) are to count: a path within the
 * installation is told from there, so that its folder can be moved, any other absolutely; an empty
 * answer takes its key out, and so goes what was set for another way to sign in.
 */
export function changesFor(answers: ReadonlyMap<string, string>, folders: Folders): Changes {
  const rivals = RIVALS.filter(([chosen]) => chosen.some((name) => answers.has(name)))
    .flatMap(([, names]) => names)
    .filter((name) => !answers.has(name));
  return new Map<string, string | undefined>([
    ...rivals.map((name) => [name, undefined] as const),
    ...[...answers].map(([name, text]) => [name, valueFor(name, text, folders)] as const),
  ]);
}

/** Whether the values of a key are paths. */
export function isPathKey(name: string): boolean {
  return PATHS.includes(name);
}

function valueFor(name: string, text: string, folders: Folders): string | undefined {
  if (text === '') return undefined;
  return isPathKey(name) ? pathFor(text, folders) : text;
}

function pathFor(text: string, { workingFolder, installation }: Folders): string {
  const path = resolve(workingFolder, text);
  const inside = relative(installation, path);
  const isInside =
    inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  return isInside ? inside : path;
}

function namesOf(...some: readonly { readonly name: string }[]): readonly string[] {
  return some.map(({ name }) => name);
}
