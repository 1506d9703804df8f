import { Secret } from '../domain/secret.ts';
import { Refusal } from './key.ts';

/** Reads an API token. */
export function readToken(text: string): Secret {
  if (text === '') throw new Refusal('is empty', 'Put the API token in');
  if (/^SSWS\s/iu.test(text)) {
    throw new Refusal('starts with the word SSWS, which is not part of the token', 'Take it off');
  }
  if (/\s/u.test(text)) {
    throw new Refusal('has white space inside', 'Copy the token again: it is a single word');
  }
  if (!/^[!-~]+$/u.test(text)) {
    throw new Refusal(
      'has a character that no token has',
      'Copy the token again: it is made of letters, digits, - and _',
    );
  }
  return new Secret(text);
}
