import type { Duration, Instant } from '../../domain/time.ts';
import { hours } from '../../domain/time.ts';
import { createAccessTokens } from './access-tokens.ts';
import type { RegisteredClient } from './client-check.ts';
import { createClientCheck } from './client-check.ts';
import { createProofCheck } from './dpop-proof.ts';
import { createNonces } from './nonces.ts';
import { invalidProof, OAuthError } from './oauth-error.ts';

/** A service app of the org. */
export interface ServiceApp extends RegisteredClient {
  /** The scopes that were granted to it; `okta.logs.read` by default. */
  readonly scopes?: readonly string[];
  /** Whether it has a role that may read the log; it has by default. */
  readonly hasAdminRole?: boolean;
  /** Whether its tokens must be bound to a key; they need not by default. */
  readonly requiresDpop?: boolean;
  /** How long a nonce counts: a day by default. */
  readonly nonceLifetime?: Duration;
  /** Whether proofs to the API need a nonce, too; Okta's do not. */
  readonly hasApiNonces?: boolean;
  /** How long a token lives: an hour by default, as at Okta. */
  readonly tokenLifetime?: Duration;
}

/** A token request, or a request to the API. */
interface SignedRequest {
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly proof: string | undefined;
  readonly now: Instant;
}

/** What the token endpoint answers. */
interface TokenAnswer {
  readonly body: Readonly<Record<string, string | number>>;
  readonly nonce: string | undefined;
}

/** The org's own authorization server. Both calls throw an `OAuthError`. */
export interface AuthorizationServer {
  /** Issues a token for the form of a token request. */
  issue(request: SignedRequest, form: URLSearchParams): TokenAnswer;
  /** Makes sure that a request to the API comes with a good token, and with a proof if that is bound. */
  check(request: SignedRequest): void;
  /** Ends all tokens at once. */
  revokeAll(): void;
}

/** An authorization server that knows one service app. */
export function createAuthorizationServer(app: ServiceApp, seed: number): AuthorizationServer {
  const { tokenLifetime = hours(1), nonceLifetime = hours(24) } = app;
  const tokens = createAccessTokens(tokenLifetime, seed);
  const checkClient = createClientCheck(app);
  const checkProof = createProofCheck();
  const nonces = createNonces('token', nonceLifetime);
  const apiNonces = createNonces('api', nonceLifetime);

  function issue(request: SignedRequest, form: URLSearchParams): TokenAnswer {
    const { url, authorization, proof, now } = request;
    checkClient({ authorization, form, tokenUrl: url.href, now });
    const mustBind = proof !== undefined || app.requiresDpop === true;
    const nonce = mustBind ? nonces.current(now) : undefined;
    const boundTo = mustBind
      ? checkProof(proof, { method: 'POST', url, now, nonce, accessToken: undefined })
      : undefined;
    const body = {
      token_type: mustBind ? 'DPoP' : 'Bearer',
      expires_in: tokenLifetime / 1000,
      scope: grantedScope(form, app),
      access_token: tokens.issue(now, boundTo),
    };
    return { body, nonce };
  }

  function check({ url, authorization = '', proof, now }: SignedRequest): void {
    const { accessToken, boundTo } = tokens.find(authorization, now);
    if (boundTo === undefined) return;
    const nonce = app.hasApiNonces === true ? apiNonces.current(now) : undefined;
    const thumbprint = checkProof(proof, { method: 'GET', url, now, nonce, accessToken });
    if (thumbprint !== boundTo) throw invalidProof('The DPoP proof is of another key.');
  }

  return {
    issue,
    check,
    revokeAll: () => {
      tokens.revokeAll();
    },
  };
}

function grantedScope(form: URLSearchParams, { scopes = ['okta.logs.read'] }: ServiceApp): string {
  const scope = form.get('scope') ?? '';
  if (scope !== '' && scope.split(' ').every((one) => scopes.includes(one))) return scope;
  throw new OAuthError(
    400,
    'invalid_scope',
    'One or more scopes are not configured for the authorization server resource.',
  );
}
