import type { IncomingHttpHeaders } from 'node:http';
import type { Instant } from '../domain/time.ts';
import type { Answer } from './answer.ts';
import type { AuthorizationServer, ServiceApp } from './oauth/authorization-server.ts';
import { createAuthorizationServer } from './oauth/authorization-server.ts';
import { orTokenError, tokenAnswer, withNonce } from './oauth/oauth-answer.ts';
import { invalidToken, noPermission, notFound } from './okta-error.ts';

/** Who may read the log. */
export interface SignInOptions {
  /** The API token that is accepted. */
  readonly token: string;
  /** The service app that is accepted, too; none by default. */
  readonly serviceApp?: ServiceApp;
  readonly seed: number;
}

/** A request, as far as it shows who sends it. */
interface Sent {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly now: Instant;
}

/** The org's door. */
export interface SignIn {
  /** Throws an `OktaError` or an `OAuthError` if a request to the API must not be answered. */
  check(sent: Sent): void;
  /** Answers a token request. */
  answerToken(sent: Sent, body: string, common: Answer['headers']): Answer;
  /** Ends all access tokens at once. */
  revokeAll(): void;
}

/** The door of an org with one API token and perhaps one service app. */
export function createSignIn({ token, serviceApp, seed }: SignInOptions): SignIn {
  const server: AuthorizationServer | undefined =
    serviceApp && createAuthorizationServer(serviceApp, seed);
  return {
    check(sent) {
      const { authorization = '' } = sent.headers;
      if (authorization === `SSWS ${token}`) return;
      if (server === undefined || !/^(Bearer|DPoP) /.test(authorization)) throw invalidToken();
      server.check(signedRequest(sent));
      if (serviceApp?.hasAdminRole === false) throw noPermission();
    },
    answerToken: (sent, body, common) =>
      orTokenError(common, () => {
        if (server === undefined) throw notFound(sent.url.pathname);
        const issued = server.issue(signedRequest(sent), new URLSearchParams(body));
        return tokenAnswer(200, issued.body, withNonce(common, issued.nonce));
      }),
    revokeAll: () => {
      server?.revokeAll();
    },
  };
}

function signedRequest({ url, headers, now }: Sent) {
  const proof = headers['dpop'];
  return {
    url,
    authorization: headers.authorization,
    proof: typeof proof === 'string' ? proof : undefined,
    now,
  };
}
