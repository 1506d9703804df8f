import { CredentialsError } from '../../domain/failure.ts';
import type { SaidError } from '../error-body.ts';
import type { Signer } from './credentials.ts';

/** One way of being refused: how to know it, what it means and what to do. */
interface Refusal {
  /** In one of the two codes. */
  readonly code?: RegExp;
  readonly summary?: RegExp;
  readonly meaning: string;
  readonly hint: string;
}

/** Where requests come from is checked for both kinds of credentials. */
const FROM_ELSEWHERE = {
  meaning: 'the org does not allow it from the IP address of this machine',
  hint: 'Let an admin add the address to the network zones that the token, the app or the org accepts',
};
const TELLS_WHERE_FROM = /\bip\b|\bnetwork\b|\bzones?\b/iu;

const NOT_BY_OKTA: Refusal = {
  meaning: 'something refuses it without a reason',
  hint: 'Ask whether a proxy stands in the way, or the org blocks the IP address of this machine',
};

/** What a 401 or 403 of the API means, by what signed the request. The first that fits counts, the last one always does. */
const BY_API: Readonly<Record<Signer, Readonly<Record<401 | 403, readonly Refusal[]>>>> = {
  'api token': {
    401: [
      { summary: TELLS_WHERE_FROM, ...FROM_ELSEWHERE },
      {
        code: /^E000000[45]$/u,
        meaning: 'the owner of the API token may not sign in any more',
        hint: 'See in Okta whether the owner of the token was deactivated or locked; an active admin can create a new API token',
      },
      {
        meaning: 'the API token is wrong, was revoked, has expired, or its owner was deactivated',
        hint: 'Create a new API token in Okta and set api_token; a token dies with its owner, when it is revoked, and after 30 days without use',
      },
    ],
    403: [
      { summary: TELLS_WHERE_FROM, ...FROM_ELSEWHERE },
      {
        code: /./u,
        meaning: 'the owner of the API token may not read it',
        hint: 'Give the owner of the token an admin role that may read the System Log, such as Read-only Administrator',
      },
      NOT_BY_OKTA,
    ],
  },
  'service app': {
    401: [
      { summary: TELLS_WHERE_FROM, ...FROM_ELSEWHERE },
      {
        code: /dpop/u,
        meaning: 'Okta does not accept the DPoP proof that goes with the access token',
        hint: 'Set okta_org_url to the address that the org calls itself by; if it is right, report this with the log',
      },
      {
        meaning: 'Okta does not accept an access token that it has just issued',
        hint: 'See whether the app was deactivated, and whether okta_org_url is the address that the org calls itself by',
      },
    ],
    403: [
      {
        code: /^insufficient_scope$/u,
        meaning: 'the access token lacks the scope for it',
        hint: 'Grant okta.logs.read to the app (Okta API Scopes), and see that scopes names it',
      },
      { summary: TELLS_WHERE_FROM, ...FROM_ELSEWHERE },
      {
        code: /./u,
        meaning: 'the scope is granted, but the app has no admin role that may read it',
        hint: 'Assign to the app (Admin roles) one that may read the System Log, such as Read-only Administrator',
      },
      NOT_BY_OKTA,
    ],
  },
};

/** What a refusal of the token endpoint means; Okta's own words are the only thing that tells most of them apart. */
const BY_TOKEN_ENDPOINT: readonly Refusal[] = [
  {
    code: /^invalid_scope$/u,
    meaning: 'a scope is not granted to the app',
    hint: 'Grant okta.logs.read to the app (Okta API Scopes), and see that scopes names nothing else',
  },
  {
    code: /dpop/u,
    meaning: 'the app requires DPoP, and Okta does not accept the proof',
    hint: 'Set okta_org_url to the address that the org calls itself by; if it is right, report this with the log',
  },
  {
    code: /^unauthorized_client$|^unsupported_grant_type$/u,
    meaning: 'the app is not one that gets tokens for itself',
    hint: 'Create an app of the type API Services and set client_id to that one',
  },
  { code: /^access_denied$/u, ...FROM_ELSEWHERE },
  {
    code: /^invalid_client$/u,
    summary: /client[_ -]?id\b|client not found|unknown client/iu,
    meaning: 'the org has no active app with this client_id',
    hint: 'Set client_id to the client ID of the app, and see that the app is active and of this org',
  },
  {
    code: /^invalid_client$/u,
    summary: /secret/iu,
    meaning: 'the client secret is wrong',
    hint: 'Set client_secret to one that is active in the app, or use a private key if the app asks for that',
  },
  {
    code: /^invalid_client$/u,
    summary: /expir|\bexp\b|\biat\b|future|\bissued\b/iu,
    meaning: 'the times in the signed request do not fit: a clock is off',
    hint: 'Set the clock of this machine, and see that no proxy changes the Date of answers',
  },
  {
    code: /^invalid_client$/u,
    summary: /audience|\baud\b/iu,
    meaning: 'the org goes by another address, so that the audience is wrong',
    hint: 'Set okta_org_url to the address that the org calls itself by: its custom domain, or that at okta.com',
  },
  {
    code: /^invalid_client$/u,
    summary: /already been used|\bjti\b/iu,
    meaning: 'the signed request was seen before',
    hint: 'See whether a proxy repeats requests',
  },
  {
    code: /^invalid_client$/u,
    summary: /\bkid\b|\bjwks?\b|\bkeys?\b|signature/iu,
    meaning: 'the private key does not fit a public key of the app',
    hint: 'Add the public key to the app, or set private_key_file and key_id to one that the app has',
  },
  {
    code: /^invalid_client$/u,
    meaning: 'the app could not prove who it is',
    hint: 'Check client_id, the private key or client secret, and key_id against the app in Okta',
  },
  {
    code: /./u,
    meaning: 'the token endpoint does not accept it',
    hint: 'Check client_id and scopes against the app in Okta',
  },
  NOT_BY_OKTA,
];

/** The failure that a 401 or 403 of Okta's API stands for. */
export function refusedByApi(
  org: string,
  status: 401 | 403,
  signer: Signer,
  said: SaidError,
): CredentialsError {
  const action = status === 401 ? 'sign in to' : 'read the System Log of';
  return refused(`Cannot ${action} "${org}"`, BY_API[signer][status], said);
}

/** The failure that a refusal of the token endpoint stands for. */
export function refusedByTokenEndpoint(org: string, said: SaidError): CredentialsError {
  return refused(`Cannot get an access token from "${org}"`, BY_TOKEN_ENDPOINT, said);
}

function refused(action: string, rows: readonly Refusal[], said: SaidError): CredentialsError {
  const codes = [said.code, said.challenge].filter((code) => code !== undefined);
  const row = rows.find(
    ({ code, summary }) =>
      (code === undefined || codes.some((one) => code.test(one))) &&
      (summary === undefined || summary.test(said.summary ?? '')),
  );
  const { meaning, hint } = row ?? NOT_BY_OKTA;
  return new CredentialsError(`${action}: ${said.text}: ${meaning}`, { facts: said.facts, hint });
}
