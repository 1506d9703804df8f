/**
 * A connection that did not come about. Has no `code` of its own: undici takes some codes, that of
 * a dropped tunnel for one, for a reason to connect again at once and without end (its issue 3897).
 */
export class ConnectError extends Error {
  /** Who did not let us connect. */
  readonly to: 'org' | 'proxy';
  /** The status with which the proxy refused a tunnel; `undefined` if it did not come to that. */
  readonly proxyStatus: number | undefined;

  constructor(to: 'org' | 'proxy', cause: unknown, proxyStatus?: number) {
    super(`No connection to the ${to}`, { cause });
    this.name = 'ConnectError';
    this.to = to;
    this.proxyStatus = proxyStatus;
  }
}
