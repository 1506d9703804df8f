import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { Client } from 'undici';
import type { Proxy } from '../domain/network.ts';
import type { Duration } from '../domain/time.ts';
import { ConnectError } from './connect-error.ts';

/** As much as Node itself takes; it has to be named, since the bundle leaves out the part of Node that says so. */
const MOST_HEADER_BYTES = 16 * 1024;

/** A way through a proxy. */
export interface TunnelOptions {
  readonly proxy: Proxy;
  /** How the proxy itself is reached. */
  readonly connect: buildConnector.connector;
  /** Longest time for the proxy to answer. */
  readonly timeout: Duration;
}

/**
 * Has a proxy connect us with `target`, a host and port, by CONNECT: nothing but those two and the
 * proxy's own credentials is told to it. Rejects with a `ConnectError`.
 */
export async function openTunnel(options: TunnelOptions, target: string): Promise<Socket> {
  const { proxy, connect, timeout } = options;
  const client = new Client(proxy.origin, {
    connect,
    headersTimeout: timeout,
    maxHeaderSize: MOST_HEADER_BYTES,
  });
  try {
    const { status, socket } = await answerToConnect(client, target, proxy);
    if (status < 300 && socket instanceof Socket) return socket;
    socket.on('error', () => undefined).destroy();
    throw new ConnectError('proxy', undefined, status);
  } catch (error) {
    throw error instanceof ConnectError ? error : new ConnectError('proxy', error);
  } finally {
    // A socket that has become a tunnel is no longer the client's, and lives on.
    void client.destroy();
  }
}

/** What a proxy says, and the connection on which it does. */
interface ConnectAnswer {
  readonly status: number;
  readonly socket: Duplex;
}

function answerToConnect(
  client: Client,
  target: string,
  { authorization }: Proxy,
): Promise<ConnectAnswer> {
  const headers = {
    host: target,
    ...(authorization && { 'proxy-authorization': authorization.reveal() }),
  };
  return new Promise((resolve, reject) => {
    client.dispatch(
      { method: 'CONNECT', path: target, headers },
      {
        // Tells undici which kind of handler this is.
        onRequestStart: () => undefined,
        onRequestUpgrade: (_, status, __, socket) => {
          resolve({ status, socket });
        },
        onResponseError: (_, error) => {
          reject(error);
        },
      },
    );
  });
}
