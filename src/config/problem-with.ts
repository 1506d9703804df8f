import type { Key } from './key.ts';
import { Refusal } from './key.ts';
import type { SecretKeys } from './secret-or-file.ts';
import { readFrom } from './secret-or-file.ts';
import { refuseLeftovers } from './setting.ts';

/** Why a text that a person gave cannot be the value of a key, and what to do; `undefined` if it can. */
export function problemWith(key: Key<unknown>, text: string, folder: string): string | undefined {
  try {
    refuseLeftovers(text);
    key.read(text, { place: 'option', folder });
    return undefined;
  } catch (error) {
    return told(error);
  }
}

/** The same of the path of a file that is to hold a secret, and of what is in it. */
export async function problemWithFile(
  pair: SecretKeys<unknown>,
  text: string,
  folder: string,
): Promise<string | undefined> {
  try {
    refuseLeftovers(text);
    await readFrom(pair.file.read(text, { place: 'option', folder }), pair);
    return undefined;
  } catch (error) {
    return told(error);
  }
}

function told(error: unknown): string {
  if (!(error instanceof Refusal)) throw error;
  return `It ${error.reason}. ${error.remedy}`;
}
