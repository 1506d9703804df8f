import { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { Client } from 'undici';
import type { Proxy } from '../domain/network.ts';
import type { Duration } from '../domain/time.ts';
import { ConnectError } from './connect-error.ts';

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
  const client = new Client(proxy.origin, { connect, headersTimeout: timeout });
  try {
    const { statusCode, socket } = await client.connect({
      path: target,
      headers: {
        host: target,
        ...(proxy.authorization && { 'proxy-authorization': proxy.authorization.reveal() }),
      },
    });
    if (statusCode < 300 && socket instanceof Socket) return socket;
    socket.on('error', () => undefined).destroy();
    throw new ConnectError('proxy', undefined, statusCode);
  } catch (error) {
    throw error instanceof ConnectError ? error : new ConnectError('proxy', error);
  } finally {
    // A socket that has become a tunnel is no longer the client's, and lives on.
    void client.destroy();
  }
}
