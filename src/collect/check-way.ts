import type { Clock } from '../domain/clock.ts';
import type { Failure } from '../domain/failure.ts';
import { isFailure } from '../domain/failure.ts';
import type { Finding } from '../domain/finding.ts';
import { fault, findingOf, remark, unknown, works } from '../domain/finding.ts';
import type { TlsLook, Way } from '../domain/looks.ts';
import type { Proxy } from '../domain/network.ts';
import { between, days, formatInstant } from '../domain/time.ts';

/** Certificates are renewed some weeks before their end; this one was not. */
const FEW_DAYS = days(14);

/** Looks at the way to the org; returns whether it leads there. */
export async function* checkWay(
  way: Way,
  proxy: Proxy | undefined,
  clock: Clock,
): AsyncGenerator<Finding, boolean> {
  yield proxyFinding(proxy);
  const name = await findingOf('DNS', () => nameFinding(way));
  yield name;
  if (name.verdict === 'fault') {
    yield unknown('Connection', 'Not looked at: there is no address to connect to');
    return false;
  }
  const connection = await connectionFinding(way, clock);
  yield connection;
  return connection.verdict !== 'fault';
}

function proxyFinding(proxy: Proxy | undefined): Finding {
  if (proxy === undefined) return works('Proxy', 'None is set: the org is reached straight');
  const credentials = proxy.authorization === undefined ? '' : ', with credentials';
  return works('Proxy', `"${proxy.origin}" is used${credentials}`);
}

async function nameFinding(way: Way): Promise<Finding> {
  const { host, addresses } = await way.lookUp();
  const [first, ...others] = addresses;
  if (first === undefined)
    return works('DNS', `"${host}" is an address: there is nothing to look up`);
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return works('DNS', `"${host}" is ${first}${more}`);
}

async function connectionFinding(way: Way, clock: Clock): Promise<Finding> {
  try {
    const look = await way.handshake();
    return look === undefined
      ? works('Connection', 'It stands, without TLS: the org is on this machine')
      : tlsFinding(look, clock);
  } catch (error) {
    if (!isFailure(error)) throw error;
    return refusedFinding(error, way);
  }
}

function tlsFinding({ protocol, issuer, validUntil }: TlsLook, clock: Clock): Finding {
  const left = between(clock.now(), validUntil);
  const certificate = `${protocol}, certificate by "${issuer}"`;
  const count = Math.floor(left / days(1));
  const text = `${certificate}, valid for ${count} more ${count === 1 ? 'day' : 'days'}`;
  if (left >= FEW_DAYS) return works('Connection', text);
  return remark(
    'Connection',
    `${text} (until ${formatInstant(validUntil)})`,
    'Without a renewal over there, collection stops then',
  );
}

/** Whose certificate it is tells which proxy or firewall has come in between. */
async function refusedFinding(failure: Failure, way: Way): Promise<Finding> {
  const found = fault('Connection', failure);
  const issuer = await way.issuer();
  if (issuer === undefined) return found;
  return { ...found, text: `${found.text}; the certificate was signed by "${issuer}"` };
}
