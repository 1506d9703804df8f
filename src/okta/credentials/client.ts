import { Buffer } from 'node:buffer';
import type { Secret } from '../../domain/secret.ts';
import type { Instant } from '../../domain/time.ts';
import { later, minutes } from '../../domain/time.ts';
import type { SigningKey } from './sign-jwt.ts';
import { inWholeSeconds, signJwt } from './sign-jwt.ts';

/** How a service app proves to the token endpoint that it is the one: by a key that Okta knows, or by a secret that both know. */
export type ClientProof =
  | ({
      readonly kind: 'private key';
      /** Okta's name for the key; `undefined` if the app has only one. */
      readonly keyId: string | undefined;
    } & SigningKey)
  | { readonly kind: 'client secret'; readonly secret: Secret };

/** A service app of an org. */
export interface Client {
  readonly clientId: string;
  readonly proof: ClientProof;
}

/** What a token request needs to come from a client. */
interface Authentication {
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Okta takes an hour at most (okta-contract); the request follows at once. */
const ASSERTION_LIFETIME = minutes(5);

/** Authenticates one token request (RFC 7523, 2.2; RFC 6749, 2.3.1). */
export async function authenticate(
  { clientId, proof }: Client,
  tokenUrl: string,
  now: Instant,
): Promise<Authentication> {
  if (proof.kind === 'client secret') {
    return { headers: { authorization: basic(clientId, proof.secret) }, parameters: {} };
  }
  const assertion = await signJwt(proof, {
    header: { typ: 'JWT', ...(proof.keyId !== undefined && { kid: proof.keyId }) },
    claims: {
      iss: clientId,
      sub: clientId,
      aud: tokenUrl,
      exp: inWholeSeconds(later(now, ASSERTION_LIFETIME)),
    },
    issuedAt: now,
  });
  return {
    headers: {},
    parameters: {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    },
  };
}

function basic(clientId: string, secret: Secret): string {
  const pair = [clientId, secret.reveal()].map((text) => encodeURIComponent(text)).join(':');
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
