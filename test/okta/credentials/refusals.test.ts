import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../../src/domain/exit-code.ts';
import { seconds } from '../../../src/domain/time.ts';
import type { Signer } from '../../../src/okta/credentials/credentials.ts';
import { refusedByTokenEndpoint } from '../../../src/okta/credentials/refusals.ts';
import { failureOf } from '../../../src/okta/error-answer.ts';
import { errorIn } from '../../../src/okta/error-body.ts';
import type { Answer, HeaderFields } from '../../../src/okta/exchange.ts';

const ORG = 'https://acme.okta.com';

function answerWith(status: number, body: unknown, headers: HeaderFields = {}): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: Buffer.from(text), receivedBytes: text.length };
}

const ofApi = (errorCode: string, errorSummary: string) => ({ errorCode, errorSummary });
const ofOAuth = (error: string, error_description: string) => ({ error, error_description });
const challenge = (error: string, description: string) => ({
  'www-authenticate': `DPoP algs="RS256 ES256", realm="${ORG}", error="${error}", error_description="${description}"`,
});

describe('a refusal by the API', () => {
  const rows: readonly (readonly [string, Signer, Answer, RegExp, RegExp])[] = [
    [
      'a wrong, expired or revoked API token',
      'api token',
      answerWith(401, ofApi('E0000011', 'Invalid token provided')),
      /^Cannot sign in to "https:\/\/acme\.okta\.com": 401 E0000011 Invalid token provided: the API token is wrong, was revoked, has expired/,
      /^Create a new API token/,
    ],
    [
      'the API token of a deactivated owner',
      'api token',
      answerWith(401, ofApi('E0000004', 'Authentication failed')),
      /the owner of the API token may not sign in any more$/,
      /deactivated or locked/,
    ],
    [
      'an IP address that is not allowed',
      'api token',
      answerWith(403, ofApi('E0000006', 'Access denied: IP not in an allowed network zone')),
      /does not allow it from the IP address of this machine$/,
      /network zones/,
    ],
    [
      'an owner without a role',
      'api token',
      answerWith(403, ofApi('E0000006', 'You do not have permission')),
      /^Cannot read the System Log of .*the owner of the API token may not read it$/,
      /admin role/,
    ],
    [
      'an answer that is not by Okta',
      'api token',
      answerWith(403, '<html>Forbidden</html>'),
      /: 403: something refuses it without a reason$/,
      /proxy/,
    ],
    [
      'an app without the scope',
      'service app',
      answerWith(403, ofApi('E0000006', 'No'), challenge('insufficient_scope', 'No scope')),
      /lacks the scope for it$/,
      /Grant okta\.logs\.read/,
    ],
    [
      'an app with the scope but no role',
      'service app',
      answerWith(403, ofApi('E0000006', 'You do not have permission')),
      /the scope is granted, but the app has no admin role that may read it$/,
      /Assign to the app/,
    ],
    [
      'a DPoP proof that is not accepted',
      'service app',
      answerWith(401, '', challenge('invalid_dpop_proof', "'htu' claim is invalid.")),
      /401 invalid_dpop_proof 'htu' claim is invalid\.: Okta does not accept the DPoP proof/,
      /address that the org calls itself by/,
    ],
    [
      'a new access token that is not accepted',
      'service app',
      answerWith(401, '', challenge('invalid_token', 'The access token is invalid.')),
      /does not accept an access token that it has just issued$/,
      /deactivated/,
    ],
  ];

  test.each(rows)('of %s is told in plain words', (_, signer, answer, message, hint) => {
    const asked = { org: ORG, signer, isOktasLink: false, rateLimitWait: seconds(1) };
    const failure = failureOf(answer, asked);
    expect(exitCodeOf(failure)).toBe(77);
    expect(failure.message).toMatch(message);
    expect(failure.hint).toMatch(hint);
  });
});

describe('a refusal by the token endpoint', () => {
  const rows: readonly (readonly [string, number, unknown, RegExp, RegExp])[] = [
    [
      'an unknown client',
      401,
      ofApi('invalid_client', "Invalid value for 'client_id' parameter."),
      /no active app with this client_id$/,
      /Set client_id/,
    ],
    [
      'a wrong client secret',
      401,
      ofOAuth('invalid_client', 'The client secret supplied for a confidential client is invalid.'),
      /the client secret is wrong$/,
      /client_secret/,
    ],
    [
      'a key that is not registered',
      401,
      ofOAuth('invalid_client', 'The client_assertion JWT kid is invalid.'),
      /does not fit a public key of the app$/,
      /key_id/,
    ],
    [
      'a signature by another key',
      401,
      ofOAuth('invalid_client', 'The client_assertion signature is invalid.'),
      /does not fit a public key of the app$/,
      /public key/,
    ],
    [
      'a clock that is behind',
      401,
      ofOAuth('invalid_client', 'The client_assertion token is expired.'),
      /a clock is off$/,
      /Set the clock/,
    ],
    [
      'a clock that is ahead',
      401,
      ofOAuth(
        'invalid_client',
        'The client_assertion token has an expiration too far into the future.',
      ),
      /a clock is off$/,
      /Set the clock/,
    ],
    [
      'a wrong audience',
      401,
      ofOAuth(
        'invalid_client',
        'The audience claim for client_assertion must be the endpoint invoked for the request.',
      ),
      /the audience is wrong$/,
      /okta_org_url/,
    ],
    [
      'an assertion that was used',
      401,
      ofOAuth('invalid_client', 'The client_assertion token has already been used.'),
      /was seen before$/,
      /proxy/,
    ],
    [
      'a scope that is not granted',
      400,
      ofOAuth('invalid_scope', 'One or more scopes are not configured for the resource.'),
      /a scope is not granted to the app$/,
      /Grant okta\.logs\.read/,
    ],
    [
      'an app that requires DPoP',
      400,
      ofOAuth('invalid_dpop_proof', 'The DPoP proof JWT header is missing.'),
      /the app requires DPoP, and Okta does not accept the proof$/,
      /okta_org_url/,
    ],
    [
      'an app of another type',
      400,
      ofOAuth('unauthorized_client', 'The client is not authorized to use the grant type.'),
      /not one that gets tokens for itself$/,
      /API Services/,
    ],
    [
      'an IP address that is not allowed',
      400,
      ofOAuth('access_denied', 'Policy evaluation failed for this request.'),
      /from the IP address of this machine$/,
      /network zones/,
    ],
    ['a proxy', 403, '<html>', /: 403: something refuses it without a reason$/, /proxy/],
  ];

  test.each(rows)('of %s is told in plain words', (_, status, body, message, hint) => {
    const failure = refusedByTokenEndpoint(ORG, errorIn(answerWith(status, body)));
    expect(exitCodeOf(failure)).toBe(77);
    expect(failure.message).toMatch(
      /^Cannot get an access token from "https:\/\/acme\.okta\.com": 40/,
    );
    expect(failure.message).toMatch(message);
    expect(failure.hint).toMatch(hint);
  });
});
