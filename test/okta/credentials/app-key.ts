import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync } from 'node:crypto';
import type { ClientProof } from '../../../src/okta/credentials/client.ts';

/** The id of the app in these tests. */
export const CLIENT_ID = '0oaTheAppOfTheseTests';
/** Okta's name for its key. */
export const KEY_ID = 'the-key-of-these-tests';

const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
};

export type Algorithm = keyof typeof pairs;

/** The public half of the app's key. */
export function publicKey(algorithm: Algorithm): KeyObject {
  return pairs[algorithm].publicKey;
}

/** The same in PEM. */
export function publicPem(algorithm: Algorithm): string {
  return publicKey(algorithm).export({ type: 'spki', format: 'pem' }).toString();
}

/** What the app proves itself with. */
export function keyProof(algorithm: Algorithm, keyId: string | undefined = KEY_ID): ClientProof {
  return { kind: 'private key', key: pairs[algorithm].privateKey, algorithm, keyId };
}
