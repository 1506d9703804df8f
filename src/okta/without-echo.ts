import type { Exchange, HeaderFields, Request } from './exchange.ts';

/**
 * An exchange whose answers do not repeat what the request was signed with: what a server or a proxy
 * says of an error, and where a header field leads that is not followed, goes into the log and to standard
 * error, and some echo what they were sent. The body of a 200 is left as it is: nothing of it is told.
 */
export function withoutEcho(exchange: Exchange): Exchange {
  return async (request) => {
    const answer = await exchange(request);
    const conceal = concealing(secretsIn(request));
    const headers = concealFields(answer.headers, conceal);
    if (answer.status === 200) return { ...answer, headers };
    return { ...answer, headers, body: concealBody(answer.body, conceal) };
  };
}

/** Shorter ones stand in any text by chance. */
const SHORTEST_SECRET = 6;

/** What signs a request, in each of the forms in which it was sent. */
function secretsIn({ headers, body }: Request): readonly string[] {
  const [scheme = '', credentials = ''] = (headers['authorization'] ?? '').split(' ', 2);
  const basic = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString('latin1') : '';
  const assertion = new URLSearchParams(body ?? '').get('client_assertion') ?? '';
  const secret = basic.slice(basic.indexOf(':') + 1);
  return [credentials, secret, decodeURIComponent(secret), headers['dpop'] ?? '', assertion]
    .filter((text) => text.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
}

function concealing(secrets: readonly string[]): (text: string) => string {
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
}

/** In JSON, secrets may be escaped: there the texts count as they are read, and then all of it as it stands. */
function concealBody(body: Buffer, conceal: (text: string) => string): Buffer {
  const inTexts = (_: string, value: unknown): unknown =>
    typeof value === 'string' ? conceal(value) : value;
  try {
    return Buffer.from(conceal(JSON.stringify(JSON.parse(body.toString('utf8'), inTexts))));
  } catch {
    return Buffer.from(conceal(body.toString('latin1')), 'latin1');
  }
}

function concealFields(headers: HeaderFields, conceal: (text: string) => string): HeaderFields {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? conceal(value) : value?.map(conceal),
    ]),
  );
}
