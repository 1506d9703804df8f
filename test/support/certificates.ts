import { randomUUID } from 'node:crypto';
import { generate } from 'selfsigned';

/** A certificate and its key, both in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

interface CertificateOptions {
  /** The hosts it is for, by name or IP address; those of this machine by default. */
  readonly hosts?: readonly string[];
  readonly from?: Date;
  readonly to?: Date;
  /** What its key may be used for; anything, if that is not said. */
  readonly keyUsage?: { readonly digitalSignature: true };
}

/** A private authority, which trusts itself. */
export function makeAuthority(options: CertificateOptions = {}): Promise<Certificate> {
  return make(`Authority ${randomUUID()}`, options, undefined);
}

/** A certificate of a server or a client, signed by an authority, or by itself if that is `undefined`. */
export function makeCertificate(
  authority: Certificate | undefined,
  options: CertificateOptions = {},
): Promise<Certificate> {
  return make('Certificate of a test', options, authority);
}

async function make(
  commonName: string,
  { hosts = ['localhost', '127.0.0.1', '::1'], from, to, keyUsage }: CertificateOptions,
  authority: Certificate | undefined,
): Promise<Certificate> {
  const isAuthority = commonName.startsWith('Authority');
  const made = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(from && { notBeforeDate: from }),
    ...(to && { notAfterDate: to }),
    ...(authority && { ca: authority }),
    extensions: [
      { name: 'basicConstraints', cA: isAuthority, critical: true },
      ...(keyUsage ? [{ name: 'keyUsage' as const, critical: true, ...keyUsage }] : []),
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) =>
          /^[\d.]+$|:/u.test(host) ? { type: 7, ip: host } : { type: 2, value: host },
        ),
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}
