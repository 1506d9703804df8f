import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { HostLook, TlsLook, Way } from '../domain/looks.ts';
import type { Network } from '../domain/network.ts';
import type { Duration } from '../domain/time.ts';
import { instant } from '../domain/time.ts';
import { ConnectError } from './connect-error.ts';
import { createConnector } from './connector.ts';
import { networkFailure } from './network-failure.ts';

/** The way to an org, to be looked at; each look connects anew, as a run does, and sends nothing. */
export function createWay(org: string, network: Network): Way {
  const explained = async <T>(look: Promise<T>): Promise<T> => {
    try {
      return await look;
    } catch (error) {
      throw networkFailure(error, org, network);
    }
  };
  return {
    lookUp: () => explained(lookUp(org, network)),
    handshake: () => explained(handshake(org, network)),
    issuer: () => issuerOf(org, network).catch(() => undefined),
  };
}

async function lookUp(org: string, { proxy, connectTimeout }: Network): Promise<HostLook> {
  const host = bareHost(new URL(proxy?.origin ?? org));
  if (isIP(host) !== 0) return { host, addresses: [] };
  try {
    const found = await within(connectTimeout, lookup(host, { all: true }));
    return { host, addresses: found.map(({ address }) => address) };
  } catch (error) {
    throw new ConnectError(proxy === undefined ? 'org' : 'proxy', error);
  }
}

async function handshake(org: string, network: Network): Promise<TlsLook | undefined> {
  const socket = await open(new URL(org), network);
  try {
    if (!(socket instanceof TLSSocket)) return undefined;
    const certificate = socket.getPeerCertificate();
    return {
      protocol: socket.getProtocol() ?? 'TLS',
      issuer: nameOfIssuer(certificate),
      validUntil: instant(Date.parse(certificate.valid_to)),
    };
  } finally {
    socket.destroy();
  }
}

/**
 * The certificate is read from a connection of its own that trusts anybody: nothing is sent over it,
 * and it is closed at once. A certificate of ours is not shown.
 */
async function issuerOf(org: string, network: Network): Promise<string | undefined> {
  const url = new URL(org);
  if (url.protocol !== 'https:') return undefined;
  // As far as the connector is concerned, TLS begins later.
  const socket = await open(url, network, 'http:');
  const host = bareHost(url);
  // TLS names no addresses.
  const servername = isIP(host) === 0 ? host : '';
  const tls = connectTls({ socket, servername, rejectUnauthorized: false });
  try {
    return await within(network.connectTimeout, firstIssuer(tls));
  } finally {
    tls.destroy();
    socket.destroy();
  }
}

function firstIssuer(tls: TLSSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    tls.once('error', reject).once('secureConnect', () => {
      resolve(nameOfIssuer(tls.getPeerCertificate()));
    });
  });
}

function open(url: URL, network: Network, protocol = url.protocol): Promise<Socket> {
  const connect = createConnector(network);
  const port = url.port === '' && url.protocol === 'https:' ? '443' : url.port;
  return new Promise((resolve, reject) => {
    connect({ protocol, hostname: bareHost(url), host: url.host, port }, (...[error, socket]) => {
      if (error === null) resolve(socket);
      else reject(error);
    });
  });
}

/** An IPv6 address has brackets around it in a URL only. */
function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/gu, '');
}

function nameOfIssuer({ issuer }: PeerCertificate): string {
  const [name = 'nobody'] = [issuer.CN, issuer.O].flat().filter((one) => one !== undefined);
  return name;
}

async function within<T>(duration: Duration, work: Promise<T>): Promise<T> {
  const over = AbortSignal.timeout(duration);
  const tooLong = new Promise<never>((_, reject) => {
    over.addEventListener('abort', () => {
      reject(new Error(`no answer within ${duration / 1000} s`));
    });
  });
  return Promise.race([work, tooLong]);
}
