import { systemClock } from '../clock/system-clock.ts';
import type { Config } from '../config/config.ts';
import { apiTokenCredentials } from '../okta/credentials/api-token.ts';
import type { Credentials } from '../okta/credentials/credentials.ts';
import { ServiceApp } from '../okta/credentials/service-app.ts';
import type { TokenEndpointOptions } from '../okta/credentials/token-endpoint.ts';
import type { RunLog } from '../output/log.ts';
import { systemDisk } from '../state/system-disk.ts';
import { createTokenFile } from '../state/token-file.ts';

type Means = Pick<TokenEndpointOptions, 'userAgent' | 'exchange' | 'chance'>;

/** What the configured requests are signed with. */
export function openCredentials(config: Config, log: RunLog, means: Means): Credentials {
  const { org, credential, streamPosPath: livePath } = config;
  if (credential.kind === 'api token') return apiTokenCredentials(credential.token);
  const { clientId, proof, scope, keepsToken } = credential;
  const store = createTokenFile({ disk: systemDisk, livePath, log, org, clientId, scope });
  return new ServiceApp({
    ...means,
    org,
    clientId,
    proof,
    scope,
    clock: systemClock,
    log,
    store: keepsToken ? store : undefined,
  });
}
