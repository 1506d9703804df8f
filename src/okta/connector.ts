import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import type { Network } from '../domain/network.ts';
import { ConnectError } from './connect-error.ts';

type Connector = buildConnector.connector;
type Open = (options: buildConnector.Options) => Promise<Socket>;

/**
 * Opens connections for undici: straight or through the proxy, over TLS 1.2 or later with the
 * certificate verified, whatever the environment says. Fails with a `ConnectError`.
 * @param closing ends the connections, those still being opened above all: of these undici knows nothing yet; never, if it is left out
 */
export function createConnector(
  network: Network,
  closing = new AbortController().signal,
): Connector {
  const toOrg = direct(network, network.clientCertificate, closing);
  const open = network.proxy === undefined ? toOrg : tunnelled(toOrg, network, closing);
  return connectorOf('org', open);
}

function connectorOf(to: ConnectError['to'], open: Open): Connector {
  return (options, callback) => {
    open(options).then(
      (socket) => {
        callback(null, socket);
      },
      (error: unknown) => {
        callback(error instanceof ConnectError ? error : new ConnectError(to, error), null);
      },
    );
  };
}

function direct(network: Network, shown: Network['clientCertificate'], closing: AbortSignal): Open {
  const plain = buildConnector({ timeout: network.connectTimeout, signal: closing });
  let secure: Promise<Connector> | undefined;
  return async (options) => {
    const isSecure = options.protocol === 'https:';
    return opened(
      isSecure ? await (secure ??= secureConnector(network, shown, closing)) : plain,
      options,
    );
  };
}

function opened(connect: Connector, options: buildConnector.Options): Promise<Socket> {
  return new Promise((resolve, reject) => {
    connect(options, (...[error, socket]) => {
      if (error === null) resolve(endedByError(socket));
      else reject(error);
    });
  });
}

/**
 * In TLS 1.3 a server refuses a client's certificate after the handshake, by an alert that leaves
 * the socket open. Left so, the end of the connection behind it would be told for the reason.
 */
function endedByError(socket: Socket): Socket {
  return socket.on('error', (error) => {
    socket.destroy(error);
  });
}

function tunnelled(toOrg: Open, network: Network, closing: AbortSignal): Open {
  const { proxy, connectTimeout: timeout } = network;
  if (proxy === undefined) return toOrg;
  const connect = connectorOf('proxy', direct(network, undefined, closing));
  return async (options) => {
    const { openTunnel } = await import('./proxy-tunnel.ts');
    const isSecure = options.protocol === 'https:';
    const port = options.port === '' ? (isSecure ? 443 : 80) : options.port;
    const target = `${options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname}:${port}`;
    const tunnel = await openTunnel({ proxy, connect, timeout }, target);
    return isSecure ? toOrg({ ...options, httpSocket: tunnel }) : tunnel;
  };
}

/** Loads TLS, and the hundred and more authorities that Node trusts, only where it is spoken. */
async function secureConnector(
  { authorities, connectTimeout }: Network,
  shown: Network['clientCertificate'],
  closing: AbortSignal,
): Promise<Connector> {
  const { secureContextFor } = await import('./secure-context.ts');
  return buildConnector({
    timeout: connectTimeout,
    signal: closing,
    // Said, so that NODE_TLS_REJECT_UNAUTHORIZED and Node's own options cannot weaken it.
    rejectUnauthorized: true,
    secureContext: secureContextFor(authorities, shown),
  });
}
