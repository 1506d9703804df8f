import type { JsonWebKey } from 'node:crypto';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { Secret } from '../../domain/secret.ts';
import type { Instant } from '../../domain/time.ts';
import type { SigningKey } from './sign-jwt.ts';
import { signJwt } from './sign-jwt.ts';

/** One request, as its proof names it. */
interface ProvenRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly issuedAt: Instant;
  /** What the server wants to see in the proof; `undefined` if it has not said. */
  readonly nonce: string | undefined;
  /** The token that the request uses; `undefined` if it asks for one. */
  readonly accessToken: Secret | undefined;
}

/** A new key to bind access tokens to. */
export function newDpopKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { key: privateKey, algorithm: 'ES256' };
}

/** The key as JSON text, from which `readDpopKey` makes it again. */
export function formatDpopKey({ key }: SigningKey): Secret {
  return new Secret(JSON.stringify(key.export({ format: 'jwk' })));
}

/** Reads a key that was kept; `undefined` if the text is none. */
export function readDpopKey(text: Secret): SigningKey | undefined {
  try {
    const jwk: unknown = JSON.parse(text.reveal());
    if (!isJwk(jwk)) return undefined;
    const key = createPrivateKey({ key: jwk, format: 'jwk' });
    const isOurs = key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
    return isOurs ? { key, algorithm: 'ES256' } : undefined;
  } catch {
    return undefined;
  }
}

/** Proves for one request that we hold the key (RFC 9449, 4.2). */
export function proveWith(key: SigningKey, request: ProvenRequest): Promise<string> {
  const { method, url, issuedAt, nonce, accessToken } = request;
  const { origin, pathname } = new URL(url);
  const jwk = createPublicKey(key.key).export({ format: 'jwk' });
  return signJwt(key, {
    header: { typ: 'dpop+jwt', jwk },
    claims: {
      htm: method,
      htu: `${origin}${pathname}`,
      ...(nonce !== undefined && { nonce }),
      ...(accessToken !== undefined && { ath: hashOf(accessToken) }),
    },
    issuedAt,
  });
}

function isJwk(parsed: unknown): parsed is JsonWebKey {
  return typeof parsed === 'object' && parsed !== null;
}

function hashOf(token: Secret): string {
  return createHash('sha256').update(token.reveal()).digest('base64url');
}
