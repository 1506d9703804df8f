import type { Key } from './key.ts';
import { Refusal } from './key.ts';
import { refuseLeftovers } from './setting.ts';
import type { SettingsReader } from './settings-reader.ts';
import { readTextFile } from './text-file.ts';

/** Two keys for one secret: its text, or the file that holds nothing else. */
export interface SecretKeys<Value> {
  readonly inline: Key<Value>;
  readonly file: Key<string>;
  /** What to do if others can get at the file. */
  readonly exposure: 'warn' | 'refuse';
}

/** A secret as it was found. */
export interface FoundSecret<Value> {
  /** `undefined` if there is none that can be used; the problem is with the settings then. */
  readonly value: Value | undefined;
  /** What to tell about its file if others can get at it. */
  readonly exposure: string | undefined;
}

/** Takes a secret from the one of its two keys that is set in the stronger place. */
export async function takeSecret<Value>(
  settings: SettingsReader,
  keys: SecretKeys<Value>,
): Promise<FoundSecret<Value>> {
  const none = { value: undefined, exposure: undefined };
  const [key, rival] = settings.strongest(keys.inline, keys.file);
  if (key === undefined) {
    settings.reportMissing(keys.inline);
    return none;
  }
  if (rival !== undefined) {
    const remedy = 'Set one of the two and take the other out';
    settings.report(rival, new Refusal(`is set in the same place as ${key.name}`, remedy));
    return none;
  }
  if (key === keys.inline) return { value: settings.take(keys.inline), exposure: undefined };
  const path = settings.take(keys.file);
  try {
    return path === undefined ? none : await readFrom(path, keys);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    settings.report(keys.file, error);
    return none;
  }
}

/** Reads a secret from the file that holds nothing else; rejects with a `Refusal`, which shows nothing of it. */
export async function readFrom<Value>(
  path: string,
  { inline, exposure }: SecretKeys<Value>,
): Promise<FoundSecret<Value>> {
  const file = await readTextFile(path);
  if (file === undefined) throw new Refusal('does not exist', `Check the path: it means "${path}"`);
  if (exposure === 'refuse' && file.exposure !== undefined)
    throw new Refusal('names a file that is open to other users', `Run: chmod 600 "${path}"`);
  try {
    const text = file.text.trim();
    refuseLeftovers(text);
    const value = inline.read(text, { place: 'file', folder: '' });
    return { value, exposure: file.exposure };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(`names a file whose content ${error.reason}`, error.remedy);
  }
}
