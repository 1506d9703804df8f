import type { Duration } from '../domain/time.ts';

/** What mends a fault: waiting, a key of our configuration, or whoever runs the other side. */
export type Remedy = 'time' | 'configuration' | 'other side';

interface Words {
  readonly said: string;
  readonly remedy: Remedy;
  readonly hint: string;
}

const ADDRESS = 'Check <key> and the network; the next run goes on from here';
const LINE = 'Check the network and any firewall on the way; the next run goes on from here';
const AUTHORITY =
  'Set ca_file to the certificate of the authority that signed it, in PEM; a proxy or firewall that looks into TLS has one of its own';
const CLOCK =
  'Check the clock of this machine first; else the certificate must be renewed over there';
const SHOWN = 'Set client_cert_file and client_key_file to what the other side has registered';

const time = (said: string, hint: string): Words => ({ said, remedy: 'time', hint });
const ours = (said: string, hint: string): Words => ({ said, remedy: 'configuration', hint });
const theirs = (said: string, hint: string): Words => ({ said, remedy: 'other side', hint });

const unknownAuthority = ours(
  'its certificate comes from an authority that is not known',
  AUTHORITY,
);
const demanded = ours('it ends the TLS handshake, perhaps for want of a client certificate', SHOWN);
const refused = ours('it refuses our client certificate', SHOWN);
const unfit = theirs(
  'its certificate is not fit for its purpose',
  'It must be replaced over there',
);
const tooOld = theirs(
  'it offers no TLS version from 1.2 on',
  'TLS 1.2 must be turned on over there, or in the proxy or firewall on the way',
);
const slow = time('no connection within <connect> s', LINE);
const silent = time('no answer within <answer> s', LINE);
const noWay = time('there is no way to it', LINE);

/** By the code of the error: the system's, OpenSSL's, Node's, undici's. */
const WORDS = new Map<string, Words>([
  // A name server that is down gives this answer too, so it may pass.
  ['ENOTFOUND', time('its name is not known', ADDRESS)],
  ['EAI_AGAIN', time('the name server does not answer', ADDRESS)],
  ['ECONNREFUSED', time('it refuses the connection', ADDRESS)],
  ['ECONNRESET', time('the connection was cut', LINE)],
  ['EPIPE', time('the connection was cut', LINE)],
  ['UND_ERR_SOCKET', time('the connection was cut', LINE)],
  ['EHOSTUNREACH', noWay],
  ['ENETUNREACH', noWay],
  ['ETIMEDOUT', slow],
  ['UND_ERR_CONNECT_TIMEOUT', slow],
  ['TimeoutError', silent],
  ['UND_ERR_HEADERS_TIMEOUT', silent],
  ['UND_ERR_BODY_TIMEOUT', silent],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', unknownAuthority],
  ['UNABLE_TO_GET_ISSUER_CERT', unknownAuthority],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', unknownAuthority],
  ['SELF_SIGNED_CERT_IN_CHAIN', unknownAuthority],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', ours('its certificate is signed by itself', AUTHORITY)],
  ['CERT_UNTRUSTED', unknownAuthority],
  // An authority of ours has the same name, and another key.
  ['CERT_SIGNATURE_FAILURE', unknownAuthority],
  ['CERT_CHAIN_TOO_LONG', unfit],
  ['CERT_REJECTED', unfit],
  ['INVALID_CA', unfit],
  ['INVALID_PURPOSE', unfit],
  ['PATH_LENGTH_EXCEEDED', unfit],
  // What Node has no name for: a key or a signature that is too weak, an authority that may not sign.
  ['UNSPECIFIED', theirs('its certificate is not accepted', 'It must be replaced over there')],
  ['CERT_HAS_EXPIRED', theirs('its certificate has expired', CLOCK)],
  ['CERT_NOT_YET_VALID', theirs('its certificate is not valid yet', CLOCK)],
  ['CERT_REVOKED', theirs('its certificate was revoked', 'It must be replaced over there')],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    ours('its certificate is for another host', 'Check <key>, and who answers in its place'),
  ],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', tooOld],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', tooOld],
  [
    'ERR_SSL_WRONG_VERSION_NUMBER',
    ours('it does not speak TLS', 'Check <key>: http and https, and the port'),
  ],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', demanded],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', ours('it demands a client certificate', SHOWN)],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', refused],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', refused],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED', refused],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', refused],
  ['ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE', refused],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', refused],
  ['ERR_SSL_TLSV1_ALERT_ACCESS_DENIED', refused],
]);

/** Codes that say less than the message beside them. */
const SAYING_LITTLE = ['ERR_TLS_CERT_ALTNAME_INVALID', 'UNSPECIFIED'];

/** What the words are about. */
interface Circumstances {
  /** The key that says where to connect to. */
  readonly key: string;
  readonly connect: Duration;
  readonly answer: Duration;
}

/** Plain words for an error of the network, with its code. */
export function wordsFor(error: unknown, { key, connect, answer }: Circumstances): Words {
  const code = codeOf(error);
  const known = code === undefined ? undefined : WORDS.get(asListed(code));
  const { said, remedy, hint } = known ?? time(messageOf(error), LINE);
  const isSpoken = code !== undefined && SAYING_LITTLE.includes(code);
  const detail = isSpoken ? messageOf(error) : code;
  const filled = said
    .replace('<connect>', String(connect / 1000))
    .replace('<answer>', String(answer / 1000));
  return {
    said: detail === undefined || known === silent ? filled : `${filled} (${detail})`,
    remedy,
    hint: hint.replace('<key>', key),
  };
}

/** A code as the words have it: since OpenSSL 3.2 the alerts of SSL 3, which TLS took over, are called `SSL/TLS`. */
const asListed = (code: string): string => code.replace('_SSL/TLS_ALERT_', '_SSLV3_ALERT_');

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  // What an AbortSignal's time-out leaves; the code of such an error is a number.
  return error.name === 'TimeoutError' ? error.name : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
