import type { Failure } from '../domain/failure.ts';
import { ConfigError, CredentialsError, ProtocolError, TransientError } from '../domain/failure.ts';
import type { Network } from '../domain/network.ts';
import { ConnectError } from './connect-error.ts';
import type { Remedy } from './network-words.ts';
import { wordsFor } from './network-words.ts';

/** The failure that stands for what the system, TLS, undici or a proxy said about a request to `origin`. */
export function networkFailure(error: unknown, origin: string, network: Network): Failure {
  const { proxy, connectTimeout, requestTimeout } = network;
  const status = error instanceof ConnectError ? error.proxyStatus : undefined;
  if (proxy !== undefined && status !== undefined) return refusedTunnel(status, origin, proxy);
  const isProxys = error instanceof ConnectError && error.to === 'proxy';
  const cause: unknown = error instanceof ConnectError ? error.cause : error;
  const way = proxy === undefined ? '' : ` through the proxy "${proxy.origin}"`;
  const place = isProxys ? `the proxy "${proxy?.origin ?? ''}"` : `"${origin}"${way}`;
  const { said, remedy, hint } = wordsFor(cause, {
    key: isProxys ? 'proxy_url' : 'okta_org_url',
    connect: connectTimeout,
    answer: isProxys ? connectTimeout : requestTimeout,
  });
  return failure(remedy, `Cannot reach ${place}: ${said}`, hint, cause);
}

/**
 * Trouble with a certificate does not pass, so it is not tried again. It is the configuration's if
 * a key of ours mends it, as `ca_file` does for an unknown authority; if only the other side can
 * mend it, it is a breach of the protocol.
 */
function failure(remedy: Remedy, message: string, hint: string, cause: unknown): Failure {
  switch (remedy) {
    case 'time':
      return new TransientError(message, { hint, cause });
    case 'configuration':
      return new ConfigError(message, [], { hint, cause });
    case 'other side':
      return new ProtocolError(message, { hint, cause });
  }
}

function refusedTunnel(
  status: number,
  origin: string,
  proxy: NonNullable<Network['proxy']>,
): Failure {
  const start = `Cannot reach "${origin}": the proxy "${proxy.origin}"`;
  if (status === 407) {
    const state =
      proxy.authorization === undefined ? 'asks for credentials' : 'refuses our credentials';
    return new CredentialsError(`${start} ${state} (407)`, {
      hint: 'Set proxy_url with the user name and password that the proxy knows, such as http://user:password@proxy.acme.com:3128',
    });
  }
  if (status === 401 || status === 403)
    return new CredentialsError(`${start} does not let us through (${status})`, {
      hint: 'Have the host of okta_org_url allowed in the proxy, or go round it with proxy_url = none',
    });
  if (status >= 500 || status === 408 || status === 429)
    return new TransientError(`${start} cannot connect us (${status})`, {
      hint: 'Check that the proxy can reach the host of okta_org_url; the next run goes on from here',
    });
  return new ProtocolError(`${start} does not open tunnels (${status})`, {
    hint: 'Check proxy_url: the proxy must allow CONNECT to the port of okta_org_url',
  });
}
