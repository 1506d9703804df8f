import type { ConfigRequest } from './config.ts';
import { Refusal } from './key.ts';
import { placesToLook, unreadable } from './properties-file.ts';
import type { TextFile } from './text-file.ts';
import { readTextFile } from './text-file.ts';

/** The text of a properties file, to be edited. */
export interface PropertiesText {
  /** Absolute. */
  readonly path: string;
  /** Empty if there is no such file yet. */
  readonly text: string;
  readonly isNew: boolean;
  /** Whether other users of the computer can get at it. */
  readonly isExposed: boolean;
}

/**
 * Finds the text of the properties file that was named, else of the first in the usual places; if
 * there is none, gives the place of the one to be. Rejects with a `ConfigError` if it cannot be read as text.
 */
export async function findPropertiesText(request: ConfigRequest): Promise<PropertiesText> {
  const places = placesToLook(request);
  for (const path of places) {
    const file = await read(path);
    if (file === undefined) continue;
    return { path, text: file.text, isNew: false, isExposed: file.exposure !== undefined };
  }
  return { path: places.at(-1) ?? '', text: '', isNew: true, isExposed: false };
}

async function read(path: string): Promise<TextFile | undefined> {
  try {
    const file = await readTextFile(path);
    // What is no UTF-8 was read as this character, and would be lost by writing the text again.
    if (file?.text.includes('\ufffd') !== true) return file;
    throw new Refusal('has characters that are not UTF-8', 'Save it as UTF-8, then start again');
  } catch (error) {
    throw error instanceof Refusal ? unreadable(path, error) : error;
  }
}
