import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenOrg } from '../e2e/open-org.ts';
import { openOrg } from '../e2e/open-org.ts';
import { makeAuthority, makeCertificate } from '../support/certificates.ts';
import { startProxy } from '../support/proxy.ts';
import type { Settings } from '../support/unpack.ts';

/** An org that is reached over TLS of a private authority and through a proxy, and that a service app signs in to. */
export interface GuardedOrg extends OpenOrg {
  /** Puts the files into `conf` that signing in takes; gives the settings that name them. */
  letIn(folder: string): Promise<Settings>;
}

/** Opens such an org for one test. */
export async function openGuardedOrg(events: number): Promise<GuardedOrg> {
  const authority = await makeAuthority();
  const tls = await makeCertificate(authority);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serviceApp = {
    clientId: '0oaTheApp',
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
  const proxy = await startProxy();
  return {
    ...(await openOrg({ events, tls, serviceApp })),
    async letIn(folder) {
      const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
      await writeFile(join(folder, 'conf', 'key.pem'), key, { mode: 0o600 });
      await writeFile(join(folder, 'conf', 'ca.pem'), authority.cert);
      return {
        api_token: undefined,
        client_id: serviceApp.clientId,
        private_key_file: 'conf/key.pem',
        ca_file: 'conf/ca.pem',
        proxy_url: proxy.url,
      };
    },
  };
}
