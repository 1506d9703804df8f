import { Secret } from '../domain/secret.ts';
import { Refusal } from './key.ts';

/** Reads a single word of visible ASCII, such as an id. */
export function readWord(text: string): string {
  if (/^[!-~]+$/u.test(text)) return text;
  throw new Refusal(
    text === '' ? 'is empty' : 'has white space or a character inside that does not belong there',
    'Copy it again: it is a single word',
  );
}

/** Reads a secret that is a single word. */
export function readSecretWord(text: string): Secret {
  return new Secret(readWord(text));
}

/** Reads scopes of OAuth, with blanks or commas between (RFC 6749, 3.3), in the order given; blanks only are left between. */
export function readScopes(text: string): string {
  const scopes = text.split(/[\s,]+/u).filter((scope) => scope !== '');
  if (scopes.length > 0 && scopes.every((scope) => /^[\w.:/-]+$/u.test(scope)))
    return scopes.join(' ');
  throw new Refusal('is not a list of scopes', 'Write names such as okta.logs.read');
}
