import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { allowInsecureRequests, validateJwtAccessToken } from 'oauth4webapi';
import Provider from 'oidc-provider';
import { onTestFinished } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import type { Algorithm } from './app-key.ts';
import { CLIENT_ID, KEY_ID, publicKey } from './app-key.ts';
import { CLIENT_SECRET } from './signed-reading.ts';

const SCOPE = 'okta.logs.read';
const TOKEN_PATH = '/oauth2/v1/token';

interface AppAtOrg {
  /** With which key the app signs; a client secret if there is none. */
  readonly algorithm?: Algorithm;
  readonly requiresDpop?: boolean;
}

/** An org whose tokens are issued by oidc-provider, and checked by oauth4webapi in front of the sandbox's API. */
export interface IndependentOrg {
  readonly url: string;
  /** What the door of the API had against requests, in order. */
  readonly refusals: readonly string[];
}

export async function independentOrg(sandbox: Sandbox, app: AppAtOrg): Promise<IndependentOrg> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issue = new Provider(url, configurationFor(url, app)).callback();
  const refusals: string[] = [];
  const proofs = new Set<string | null>();

  async function check(request: Request): Promise<void> {
    const as = { issuer: url, jwks_uri: `${url}/jwks` };
    await validateJwtAccessToken(as, request, url, { [allowInsecureRequests]: true });
    const proof = request.headers.get('dpop');
    if (proof !== null && proofs.has(proof)) throw new Error('the proof was used before');
    proofs.add(proof);
  }

  async function answerApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
    try {
      await check(
        new Request(`${url}${request.url ?? ''}`, {
          headers: Object.fromEntries(headers) as Record<string, string>,
        }),
      );
    } catch (error) {
      refusals.push(String(error));
      const challenge = 'DPoP algs="ES256", error="invalid_dpop_proof"';
      response.writeHead(401, { 'www-authenticate': challenge }).end();
      return;
    }
    const authorization = `SSWS ${sandbox.token}`;
    const answer = await fetch(`${sandbox.url}${request.url ?? ''}`, {
      headers: { authorization },
    });
    response.writeHead(answer.status).end(await answer.text());
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/api/') === true) void answerApi(request, response);
    else issue(request, response);
  });
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return { url, refusals };
}

/** What oidc-provider keeps, for as long as one org lasts. */
class Memory {
  readonly #entries: Map<string, unknown>;
  readonly #kind: string;

  constructor(entries: Map<string, unknown>, kind: string) {
    this.#entries = entries;
    this.#kind = kind;
  }

  upsert(id: string, entry: unknown): Promise<void> {
    this.#entries.set(`${this.#kind} ${id}`, entry);
    return Promise.resolve();
  }

  find(id: string): Promise<unknown> {
    return Promise.resolve(this.#entries.get(`${this.#kind} ${id}`));
  }
}

function configurationFor(url: string, { algorithm, requiresDpop = false }: AppAtOrg) {
  const signing = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const audience = { scope: SCOPE, audience: url, accessTokenTTL: 3600, accessTokenFormat: 'jwt' };
  const entries = new Map<string, unknown>();
  return {
    adapter: (kind: string) => new Memory(entries, kind),
    ttl: { ClientCredentials: 3600 },
    clients: [
      {
        client_id: CLIENT_ID,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        scope: SCOPE,
        dpop_bound_access_tokens: requiresDpop,
        ...(algorithm === undefined
          ? { client_secret: CLIENT_SECRET.reveal() }
          : {
              token_endpoint_auth_method: 'private_key_jwt',
              token_endpoint_auth_signing_alg: algorithm,
              jwks: { keys: [{ ...publicKey(algorithm).export({ format: 'jwk' }), kid: KEY_ID }] },
            }),
      },
    ],
    scopes: [SCOPE],
    routes: { token: TOKEN_PATH },
    jwks: {
      keys: [{ ...signing.export({ format: 'jwk' }), kid: 'org', alg: 'RS256', use: 'sig' }],
    },
    enabledJWA: {
      clientAuthSigningAlgValues: ['RS256', 'ES256', 'ES384', 'ES512'],
      dPoPSigningAlgValues: ['RS256', 'ES256'],
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => url,
        useGrantedResource: () => true,
        getResourceServerInfo: () => audience,
      },
    },
  };
}
