/**
 * Whether a list as in `NO_PROXY` names the host of an address: entries between commas or blanks, a
 * host with all below it, perhaps with a port, or `*` for every host.
 */
export function isExempt(address: string, list: string): boolean {
  const { hostname, port, protocol } = new URL(address);
  const own = { host: bare(hostname), port: port || (protocol === 'https:' ? '443' : '80') };
  return list
    .toLowerCase()
    .split(/[\s,]+/u)
    .filter((entry) => entry !== '')
    .map(parseEntry)
    .some(
      (entry) =>
        entry.host === '*' ||
        ((entry.port === undefined || entry.port === own.port) &&
          `.${own.host}`.endsWith(`.${entry.host}`)),
    );
}

function parseEntry(entry: string): { host: string; port: string | undefined } {
  // More than one colon without brackets is an IPv6 address and no port.
  const [, host = entry, port] = /^(\[.*\]|[^:]*)(?::(\d+))?$/u.exec(entry) ?? [];
  return { host: bare(host).replace(/^\*?\./u, ''), port };
}

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/u, '$1');
}
