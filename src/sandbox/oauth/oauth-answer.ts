import { Buffer } from 'node:buffer';
import type { Answer } from '../answer.ts';
import { errorAnswer } from '../answer.ts';
import { OktaError } from '../okta-error.ts';
import { OAuthError } from './oauth-error.ts';

type Headers = Answer['headers'];

/** A JSON answer of the token endpoint. */
export function tokenAnswer(
  status: number,
  body: Readonly<Record<string, unknown>>,
  headers: Headers,
): Answer {
  return {
    status,
    headers,
    links: [],
    body: Buffer.from(JSON.stringify(body)),
    delivery: { kind: 'whole' },
  };
}

/** What `respond` answers, or the error of the token endpoint that it throws. */
export function orTokenError(headers: Headers, respond: () => Answer): Answer {
  try {
    return respond();
  } catch (error) {
    if (error instanceof OktaError) return errorAnswer(error, headers);
    if (!(error instanceof OAuthError)) throw error;
    const body = { error: error.code, error_description: error.message };
    return tokenAnswer(error.status, body, withNonce(headers, error.nonce));
  }
}

/** The answer of the API to a token or a proof that is not good (RFC 6750, 3; RFC 9449, 7.1). */
export function challengeAnswer({ code, message, nonce }: OAuthError, headers: Headers): Answer {
  const challenge = `DPoP algs="RS256 ES256 ES384 ES512", error="${code}", error_description="${message}"`;
  return {
    ...tokenAnswer(401, {}, { ...withNonce(headers, nonce), 'www-authenticate': challenge }),
    body: Buffer.alloc(0),
  };
}

/** The headers, and what the next proof needs. */
export function withNonce(headers: Headers, nonce: string | undefined): Headers {
  return nonce === undefined ? headers : { ...headers, 'dpop-nonce': nonce };
}
