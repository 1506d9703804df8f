import { Buffer } from 'node:buffer';
import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import type { Instant } from '../../domain/time.ts';
import type { Jwt } from './jwt.ts';
import { readJwt } from './jwt.ts';
import { OktaError } from '../okta-error.ts';
import { invalidClient } from './oauth-error.ts';

/** How a service app proves who it is. */
export interface RegisteredClient {
  readonly clientId: string;
  /** In PEM; `undefined` if it has none. */
  readonly publicKey?: string;
  /** Okta's name for that key; an assertion that names another one is refused. */
  readonly keyId?: string;
  readonly clientSecret?: string;
}

/** What a token request shows of its client. */
interface Shown {
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
  readonly tokenUrl: string;
  readonly now: Instant;
}

const LONGEST_SECONDS = 3600;

/** A check of the client of a token request; each assertion counts once. Throws an `OAuthError`. */
export function createClientCheck(client: RegisteredClient): (shown: Shown) => void {
  const seen = new Set<unknown>();
  const key = client.publicKey === undefined ? undefined : createPublicKey(client.publicKey);
  return (shown) => {
    const assertion = shown.form.get('client_assertion');
    if (assertion === null) {
      checkSecret(client, shown.authorization);
      return;
    }
    const jwt = readJwt(assertion);
    if (jwt === undefined) throw invalidClient('The client_assertion JWT is invalid.');
    checkAssertion(jwt, client, key, shown);
    if (seen.has(jwt.claims['jti']))
      throw invalidClient('The client_assertion token has already been used.');
    seen.add(jwt.claims['jti']);
  };
}

function checkSecret(client: RegisteredClient, authorization = ''): void {
  const [, pair = ''] = /^Basic (.*)$/.exec(authorization) ?? [];
  const [id, secret] = Buffer.from(pair, 'base64').toString().split(':').map(decodeURIComponent);
  if (id !== client.clientId) throw unknownClient();
  if (client.clientSecret === undefined || secret !== client.clientSecret)
    throw invalidClient('The client secret supplied for a confidential client is invalid.');
}

function checkAssertion(
  jwt: Jwt,
  { clientId, keyId }: RegisteredClient,
  key: KeyObject | undefined,
  { tokenUrl, now }: Shown,
): void {
  const { header, claims } = jwt;
  const time = Math.floor(now / 1000);
  if (claims['iss'] !== clientId || claims['sub'] !== clientId) throw unknownClient();
  if (keyId !== undefined && header['kid'] !== keyId)
    throw invalidClient('The client_assertion JWT kid is invalid.');
  if (key === undefined || !jwt.isSignedWith(key))
    throw invalidClient('The client_assertion signature is invalid.');
  if (claims['aud'] !== tokenUrl)
    throw invalidClient(
      'The audience claim for client_assertion must be the endpoint invoked for the request.',
    );
  if (!(Number(claims['exp']) > time))
    throw invalidClient('The client_assertion token is expired.');
  if (Number(claims['exp']) > time + LONGEST_SECONDS)
    throw invalidClient('The client_assertion token has an expiration too far into the future.');
}

/** The one error of the token endpoint that comes in the manner of the API. */
const unknownClient = (): OktaError =>
  new OktaError(401, 'invalid_client', "Invalid value for 'client_id' parameter.");
