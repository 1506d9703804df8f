import type { Failure } from './failure.ts';
import type { LockState } from './run-at-work.ts';
import type { Instant } from './time.ts';

/** What was found of the state files and the log. */
export interface StateLook {
  /** Where the state files lie. */
  readonly folder: string;
  /** Files that this user may not both read and write, or not make. */
  readonly denied: readonly string[];
}

/** This machine, as far as a run depends on it. */
export interface Machine {
  /** Writes and removes a file as large as a checkpoint. Rejects with a `CheckpointError` if that cannot be done. */
  lookAtState(): Promise<StateLook>;
  /** When the checkpoint was written last; `undefined` if there is none. */
  savedAt(): Promise<Instant | undefined>;
  /** Bytes free to us on the disk of the state files; `undefined` if the system does not tell. */
  freeBytes(): Promise<number | undefined>;
  /** Rejects with a `CheckpointError`. */
  lookAtLock(): Promise<LockState>;
  /** What standard output is connected to: `a pipe`. */
  describeOutput(): string;
}

/** The host that connections are made to, and what its name means here. */
export interface HostLook {
  readonly host: string;
  /** Empty if the host is an address itself. */
  readonly addresses: readonly string[];
}

/** What a TLS handshake has shown. */
export interface TlsLook {
  /** Such as `TLSv1.3`. */
  readonly protocol: string;
  /** Who has signed the certificate. */
  readonly issuer: string;
  readonly validUntil: Instant;
}

/** The way to the org. */
export interface Way {
  /** Looks up the first host on the way: the proxy, if there is one. Rejects with a `Failure`. */
  lookUp(): Promise<HostLook>;
  /** Connects as a run would; `undefined` if the org is not reached by TLS. Rejects with a `Failure`. */
  handshake(): Promise<TlsLook | undefined>;
  /** Who has signed the certificate that is shown to us, whether we trust it or not; `undefined` if nobody can tell. */
  issuer(): Promise<string | undefined>;
}

/** How Okta answered one small request. */
export interface AccessLook {
  readonly status: number;
  /** How a run would fail for it; `undefined` if the answer was what was asked for. */
  readonly failure: Failure | undefined;
  readonly isEmpty: boolean;
  /** `undefined` if Okta does not tell. */
  readonly serverTime: Instant | undefined;
  readonly receivedAt: Instant;
  /** Requests a minute, and how many of them are left in this one; `undefined` if Okta does not tell. */
  readonly grant: { readonly limit: number; readonly remaining: number } | undefined;
}

/** What an org can be asked for. */
export type AccessTarget = 'logs' | 'users' | 'groups';

/** The org, asked for as little as possible. */
export interface Access {
  /** Asks for one item. Rejects with a `Failure` if there is no answer, or the signal's reason. */
  ask(target: AccessTarget, signal: AbortSignal): Promise<AccessLook>;
}
