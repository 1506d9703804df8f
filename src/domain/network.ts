import type { Secret } from './secret.ts';
import type { Duration } from './time.ts';

/** A proxy that all connections to the org are tunnelled through. */
export interface Proxy {
  /** Its address without credentials, such as `http://proxy.acme.com:3128`. */
  readonly origin: string;
  /** The value of `Proxy-Authorization`; `undefined` for none. */
  readonly authorization: Secret | undefined;
}

/** By which way, and with whose word for it, the org is reached. */
export interface Network {
  /** `undefined`: straight. */
  readonly proxy: Proxy | undefined;
  /** Certificates, in PEM, of authorities that are trusted beside those that Node trusts. */
  readonly authorities: readonly string[];
  /** What we show an org that wants to know who connects, in PEM; never shown to a proxy. */
  readonly clientCertificate: { readonly chain: string; readonly key: Secret } | undefined;
  /** For each step of connecting: to the host or proxy, through the proxy, TLS. */
  readonly connectTimeout: Duration;
  /** For a whole request, from connecting to the last byte. */
  readonly requestTimeout: Duration;
}
