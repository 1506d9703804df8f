import type { KeyObject } from 'node:crypto';
import { randomUUID } from 'node:crypto';
import type { Instant } from '../../domain/time.ts';

/** A private key and what it signs with (RFC 7518, 3.1). */
export interface SigningKey {
  readonly key: KeyObject;
  readonly algorithm: 'RS256' | 'ES256' | 'ES384' | 'ES512';
}

/** What a JWT says, but for the time and the id that each one gets. */
interface Statement {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly issuedAt: Instant;
}

/** Makes a JWT, never the same one twice. */
export async function signJwt(
  { key, algorithm }: SigningKey,
  { header, claims, issuedAt }: Statement,
): Promise<string> {
  // A run with an API token shall not pay for loading this.
  const { SignJWT } = await import('jose');
  return new SignJWT({ ...claims, iat: inWholeSeconds(issuedAt), jti: randomUUID() })
    .setProtectedHeader({ ...header, alg: algorithm })
    .sign(key);
}

/** A time as JWTs have it (RFC 7519, 2: NumericDate). */
export function inWholeSeconds(moment: Instant): number {
  return Math.floor(moment / 1000);
}
