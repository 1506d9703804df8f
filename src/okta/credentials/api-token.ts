import type { Secret } from '../../domain/secret.ts';
import type { Credentials } from './credentials.ts';

/** Signs with an API token, under Okta's own scheme for it. */
export function apiTokenCredentials(token: Secret): Credentials {
  return {
    signer: 'api token',
    sign: () => Promise.resolve({ authorization: `SSWS ${token.reveal()}` }),
    heard: () => false,
  };
}
