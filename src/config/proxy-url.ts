import type { Proxy } from '../domain/network.ts';
import { Secret } from '../domain/secret.ts';
import { Refusal } from './key.ts';

const FORM =
  'Write one such as http://proxy.acme.com:3128, or http://user:password@proxy.acme.com:3128 with special characters escaped (@ is %40)';

/** Reads the address of a proxy, which may carry credentials, or the word `none`. Shows nothing of it in a `Refusal`. */
export function readProxyUrl(text: string): Proxy | 'none' {
  if (text.toLowerCase() === 'none') return 'none';
  if (!/^https?:\/\//iu.test(text))
    throw new Refusal('does not start with http:// or https://', FORM);
  if (!URL.canParse(text)) throw new Refusal('is not an address', FORM);
  const url = new URL(text);
  if (url.pathname.length > 1 || url.search !== '' || url.hash !== '')
    throw new Refusal('goes on behind the host and port', FORM);
  return { origin: url.origin, authorization: authorizationOf(url) };
}

function authorizationOf({ username, password }: URL): Secret | undefined {
  if (username === '' && password === '') return undefined;
  const credentials = Buffer.from(`${unescaped(username)}:${unescaped(password)}`);
  return new Secret(`Basic ${credentials.toString('base64')}`);
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal('has a % in it that escapes nothing', 'Write %25 for a % in the password');
  }
}
