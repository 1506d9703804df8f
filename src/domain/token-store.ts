import type { Secret } from './secret.ts';
import type { Instant } from './time.ts';

/** An access token that later runs may use, too. */
export interface KeptToken {
  readonly accessToken: Secret;
  /** Some time before its end, by the clock of this machine. */
  readonly usableUntil: Instant;
  /** What the token is bound to (RFC 9449); `undefined` if whoever has it may use it. */
  readonly dpop: KeptDpop | undefined;
}

/** The key that access tokens are bound to. */
export interface KeptDpop {
  /** The private key as a JWK, in JSON. */
  readonly key: Secret;
  /** What the token endpoint wants to see in the next proof; `undefined` if it has not said. */
  readonly nonce: string | undefined;
}

/** Where the access token of one client, org and scope is kept between runs. Never rejects: a token that is lost costs one request. */
export interface TokenStore {
  /** The token that was kept last, even if it is not usable any more; `undefined` if there is none that may be trusted. */
  load(): Promise<KeptToken | undefined>;
  save(token: KeptToken): Promise<void>;
}
