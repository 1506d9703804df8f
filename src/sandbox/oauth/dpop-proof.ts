import type { JsonWebKey, KeyObject } from 'node:crypto';
import { createHash, createPublicKey } from 'node:crypto';
import type { Instant } from '../../domain/time.ts';
import type { Jwt } from './jwt.ts';
import { readJwt } from './jwt.ts';
import { invalidProof, OAuthError } from './oauth-error.ts';

/** What a proof must fit. */
interface Expected {
  readonly method: string;
  readonly url: URL;
  readonly now: Instant;
  /** `undefined` if none is demanded. */
  readonly nonce: string | undefined;
  /** The token that the request uses; `undefined` if it asks for one. */
  readonly accessToken: string | undefined;
}

/** Checks proofs, each of which counts once. Gives the thumbprint of the key; throws an `OAuthError`. */
export type ProofCheck = (proof: string | undefined, expected: Expected) => string;

const OLDEST_SECONDS = 300;
const MOST_AHEAD_SECONDS = 5;

/** A check that remembers the proofs that it has seen. */
export function createProofCheck(): ProofCheck {
  const seen = new Set<unknown>();
  return (proof, expected) => {
    if (proof === undefined) throw invalidProof('The DPoP proof JWT header is missing.');
    const jwt = readJwt(proof);
    const jwk = jwt && publicJwkIn(jwt);
    const key = jwk && keyOf(jwk);
    if (jwt?.header['typ'] !== 'dpop+jwt' || key === undefined || !jwt.isSignedWith(key))
      throw invalidProof('The DPoP proof JWT is invalid.');
    checkClaims(jwt, expected);
    if (seen.has(jwt.claims['jti']))
      throw invalidProof('The DPoP proof JWT has already been used.');
    seen.add(jwt.claims['jti']);
    return thumbprintOf(key);
  };
}

function checkClaims({ claims }: Jwt, { method, url, now, nonce, accessToken }: Expected): void {
  const wrong = (name: string): OAuthError =>
    invalidProof(`'${name}' claim in the DPoP proof JWT is invalid.`);
  const age = Math.floor(now / 1000) - Number(claims['iat']);
  if (typeof claims['jti'] !== 'string') throw wrong('jti');
  if (claims['htm'] !== method) throw wrong('htm');
  if (claims['htu'] !== `${url.origin}${url.pathname}`) throw wrong('htu');
  if (!(age <= OLDEST_SECONDS && age >= -MOST_AHEAD_SECONDS)) throw wrong('iat');
  if (accessToken !== undefined && claims['ath'] !== hashOf(accessToken)) throw wrong('ath');
  if (nonce !== undefined && claims['nonce'] !== nonce)
    throw new OAuthError(
      400,
      'use_dpop_nonce',
      'Authorization server requires nonce in DPoP proof.',
      nonce,
    );
}

/** A private key in a proof is a leak. */
function publicJwkIn({ header }: Jwt): JsonWebKey | undefined {
  const jwk = header['jwk'];
  return isJwk(jwk) && jwk.d === undefined ? jwk : undefined;
}

function isJwk(member: unknown): member is JsonWebKey {
  return typeof member === 'object' && member !== null;
}

function keyOf(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** RFC 7638, 3: the members that make the key, in the order of their names. */
function thumbprintOf(key: KeyObject): string {
  const { crv, e, kty, n, x, y } = key.export({ format: 'jwk' });
  return hashOf(JSON.stringify({ crv, e, kty, n, x, y }));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
