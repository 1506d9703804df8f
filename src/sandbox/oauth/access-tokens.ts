import type { Duration, Instant } from '../../domain/time.ts';
import { later } from '../../domain/time.ts';
import { drawId, drawsFor } from '../chance.ts';
import { OAuthError } from './oauth-error.ts';

/** An access token that a request showed. */
interface ShownToken {
  readonly accessToken: string;
  /** The thumbprint of the key that it is bound to; `undefined` if it is not. */
  readonly boundTo: string | undefined;
}

/** The access tokens that an org has issued. */
export interface AccessTokens {
  issue(now: Instant, boundTo: string | undefined): string;
  /** The token of an `Authorization` header; throws an `OAuthError` if it is not good, or not shown as its kind must be. */
  find(authorization: string, now: Instant): ShownToken;
  revokeAll(): void;
}

/** A register of access tokens that live so long. */
export function createAccessTokens(lifetime: Duration, seed: number): AccessTokens {
  const grants = new Map<string, { endsAt: Instant; boundTo: string | undefined }>();
  let issued = 0;
  return {
    issue(now, boundTo) {
      issued += 1;
      const token = drawId(drawsFor(seed, -issued), 'eyJraWQ', 60);
      grants.set(token, { endsAt: later(now, lifetime), boundTo });
      return token;
    },
    find(authorization, now) {
      const [, scheme, accessToken = ''] = /^(Bearer|DPoP) (.+)$/.exec(authorization) ?? [];
      const grant = grants.get(accessToken);
      const isLive = grant !== undefined && now < grant.endsAt;
      if (!isLive || scheme !== (grant.boundTo === undefined ? 'Bearer' : 'DPoP'))
        throw new OAuthError(401, 'invalid_token', 'The access token is invalid.');
      return { accessToken, boundTo: grant.boundTo };
    },
    revokeAll: () => {
      grants.clear();
    },
  };
}
