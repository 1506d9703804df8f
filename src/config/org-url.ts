import { Refusal } from './key.ts';

const example = 'https://acme.okta.com';
const adminHost = /-admin(?=\.okta[a-z-]*\.(?:com|mil)(?::|$))/u;
const loopbackHost = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/u;

/**
 * Reads the address of an Okta org as its origin, without a slash at the end. Refuses what would send
 * the token unencrypted over a network, an admin console's host, and anything behind the host.
 */
export function readOrgUrl(text: string): string {
  const url = parseUrl(text);
  const faults = faultsOf(url);
  if (faults.length === 0) return url.origin;
  throw new Refusal(faults.join(', and '), `Write "${mended(url)}"`);
}

/** The text of an address, as a message may show it: without user name, password and query. */
export function withoutCredentials(text: string): string {
  return text.replace(/^([a-z]+:\/\/)?.*@/isu, '$1…@').replace(/\?.+$/su, '?…');
}

function parseUrl(text: string): URL {
  if (!/^[a-z][a-z\d+.-]*:\/\//iu.test(text)) {
    const address = `https://${text}`;
    const remedy = `Write "${isHostName(text) ? mended(new URL(address)) : example}"`;
    throw new Refusal('does not start with https://', remedy);
  }
  if (!URL.canParse(text)) throw new Refusal('is not an address', `Write one such as "${example}"`);
  return new URL(text);
}

function isHostName(text: string): boolean {
  return /^[\w-]+(?:\.[\w-]+)+\/?$/u.test(text) && URL.canParse(`https://${text}`);
}

function faultsOf(url: URL): string[] {
  const isLoopback = loopbackHost.test(url.hostname);
  const rules: readonly (readonly [boolean, string])[] = [
    [
      url.protocol === 'http:' && !isLoopback,
      'starts with http://, which would send the token unencrypted',
    ],
    [!['http:', 'https:'].includes(url.protocol), 'does not start with https://'],
    [adminHost.test(url.hostname), 'is the address of the admin console'],
    [url.username !== '' || url.password !== '', 'has a user name or password in it'],
    [url.pathname.length > 1 || url.search !== '' || url.hash !== '', 'goes on behind the host'],
  ];
  return rules.filter(([broken]) => broken).map(([, fault]) => fault);
}

function mended(url: URL): string {
  if (url.host === '') return example;
  const isLocal = url.protocol === 'http:' && loopbackHost.test(url.hostname);
  return `${isLocal ? 'http' : 'https'}://${url.host.replace(adminHost, '')}`;
}
