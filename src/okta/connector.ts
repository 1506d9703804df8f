import type { Socket } from 'node:net';
import { createSecureContext, rootCertificates } from 'node:tls';
import { buildConnector } from 'undici';
import type { Network } from '../domain/network.ts';
import { ConnectError } from './connect-error.ts';
import { openTunnel } from './proxy-tunnel.ts';

/**
 * Opens connections for undici: straight or through the proxy, over TLS 1.2 or later with the
 * certificate verified, whatever the environment says. Fails with a `ConnectError`.
 */
export function createConnector(network: Network): buildConnector.connector {
  const toOrg = connectorOf(network, network.clientCertificate);
  const open = network.proxy === undefined ? direct(toOrg) : tunnelled(toOrg, network);
  return (options, callback) => {
    open(options).then(
      (socket) => {
        callback(null, socket);
      },
      (error: unknown) => {
        callback(error instanceof ConnectError ? error : new ConnectError('org', error), null);
      },
    );
  };
}

type Open = (options: buildConnector.Options) => Promise<Socket>;

function direct(connect: buildConnector.connector): Open {
  return (options) =>
    new Promise((resolve, reject) => {
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

function tunnelled(toOrg: buildConnector.connector, network: Network): Open {
  const { proxy, connectTimeout: timeout } = network;
  if (proxy === undefined) return direct(toOrg);
  const connect = connectorOf(network, undefined);
  return async (options) => {
    const isSecure = options.protocol === 'https:';
    const port = options.port === '' ? (isSecure ? 443 : 80) : options.port;
    const target = `${options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname}:${port}`;
    const tunnel = await openTunnel({ proxy, connect, timeout }, target);
    return isSecure ? direct(toOrg)({ ...options, httpSocket: tunnel }) : tunnel;
  };
}

function connectorOf(
  { authorities, connectTimeout }: Network,
  shown: Network['clientCertificate'],
): buildConnector.connector {
  return buildConnector({
    timeout: connectTimeout,
    // Said, so that NODE_TLS_REJECT_UNAUTHORIZED and Node's own options cannot weaken it.
    rejectUnauthorized: true,
    secureContext: createSecureContext({
      minVersion: 'TLSv1.2',
      // Node takes a list of authorities in place of its own.
      ...(authorities.length > 0 && { ca: [...rootCertificates, ...authorities] }),
      ...(shown && { cert: shown.chain, key: shown.key.reveal() }),
    }),
  });
}
