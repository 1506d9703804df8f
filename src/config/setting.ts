import { Refusal } from './key.ts';
import type { Origin } from './key.ts';

/** The text that a key was set to, and where. */
export interface Setting {
  readonly text: string;
  readonly origin: Origin;
  /** Where to look for it, for a person: `<file>:<line>`, an environment variable, the command line. */
  readonly source: string;
}

/** A place where keys can be set; `undefined` for a key that it does not set. */
export type Place = (keyName: string) => Setting | undefined;

/** Throws a `Refusal` for what no value may be: a placeholder of the documentation, or something in quotes. */
export function refuseLeftovers(text: string): void {
  if (/<[^<>]*>|\{yourOktaDomain\}/iu.test(text)) {
    throw new Refusal(
      'still has a placeholder in it',
      'Put the real value in its place, without the brackets',
    );
  }
  if (/^(["'])[^"']*\1$/u.test(text)) {
    throw new Refusal('is in quotes, which count as part of the value', 'Take the quotes off');
  }
}

/** The text with `${path}` filled in. Throws a `Refusal` if it refers to anything else. */
export function fillIn(text: string, path: string): string {
  if (/\$\{(?!path\})/u.test(text)) {
    throw new Refusal(
      'refers to something that is not known',
      'Write it out: only ${path} is filled in',
    );
  }
  return text.replaceAll('${path}', () => path);
}
