import type { JsonWebKey, KeyObject } from 'node:crypto';
import { createPrivateKey } from 'node:crypto';
import { Refusal } from './key.ts';

/** A private key and what it signs with (RFC 7518, 3.1). */
export interface PrivateKey {
  readonly key: KeyObject;
  readonly algorithm: 'RS256' | 'ES256' | 'ES384' | 'ES512';
  /** The name that a JWK gives itself. */
  readonly keyId: string | undefined;
}

const LEAST_RSA_BITS = 2048;

const ALGORITHM_BY_CURVE = new Map<string | undefined, PrivateKey['algorithm']>([
  ['prime256v1', 'ES256'],
  ['secp384r1', 'ES384'],
  ['secp521r1', 'ES512'],
]);

const FORMS = 'Set a private key as PEM (PKCS#8, PKCS#1 or SEC1, without a password) or as a JWK';

/**
 * Reads a private key in PEM or as a JWK; `\n` in a PEM text may stand for a line break, since an
 * environment variable often cannot hold one. Throws a `Refusal` that shows nothing of the text.
 */
export function readPrivateKey(text: string): PrivateKey {
  const jwk = text.startsWith('{') ? parseJwk(text) : undefined;
  const key = jwk === undefined ? fromPem(text.replaceAll('\\n', '\n')) : fromJwk(jwk);
  const keyId = jwk?.['kid'];
  return {
    key,
    algorithm: algorithmOf(key),
    keyId: typeof keyId === 'string' ? keyId : undefined,
  };
}

function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject) {
  if (type === 'rsa') {
    const bits = details?.modulusLength ?? 0;
    if (bits >= LEAST_RSA_BITS) return 'RS256';
    throw new Refusal(
      `is an RSA key of ${bits} bits, too short to be safe`,
      `Generate one of ${LEAST_RSA_BITS} bits or more and register its public key with the app`,
    );
  }
  const algorithm = ALGORITHM_BY_CURVE.get(details?.namedCurve);
  if (type === 'ec' && algorithm !== undefined) return algorithm;
  throw new Refusal(
    'is a key of a kind that Okta does not take',
    'Use an RSA key, or one on the curve P-256, P-384 or P-521',
  );
}

function fromPem(text: string): KeyObject {
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/u.exec(text)?.[1];
  if (label === undefined) throw new Refusal('is neither PEM nor a JWK', FORMS);
  if (!label.endsWith('PRIVATE KEY')) throw new Refusal('is no private key', FORMS);
  if (label.startsWith('ENCRYPTED') || text.includes('Proc-Type: 4,ENCRYPTED'))
    throw new Refusal(
      'is protected by a password',
      'Take the password off (openssl pkey -in <file> -out <new file>), and keep the file to its owner',
    );
  return parsed(() => createPrivateKey({ key: text, format: 'pem' }));
}

function fromJwk(jwk: JsonWebKey): KeyObject {
  if (jwk['keys'] !== undefined)
    throw new Refusal('is a set of keys', 'Set one key: a single object of the list');
  if (jwk.kty !== 'RSA' && jwk.kty !== 'EC')
    throw new Refusal('is a key of a kind that Okta does not take', FORMS);
  if (jwk.d === undefined) throw new Refusal('is no private key', FORMS);
  return parsed(() => createPrivateKey({ key: jwk, format: 'jwk' }));
}

function parseJwk(text: string): JsonWebKey {
  const json = parsed((): unknown => JSON.parse(text));
  return isJwk(json) ? json : {};
}

function isJwk(json: unknown): json is JsonWebKey {
  return typeof json === 'object' && json !== null;
}

/** The error of the library is dropped: it may quote the text. */
function parsed<Result>(parse: () => Result): Result {
  try {
    return parse();
  } catch {
    throw new Refusal('is damaged or not complete', FORMS);
  }
}
