import type { KeyObject } from 'node:crypto';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Network } from '../domain/network.ts';
import { Secret } from '../domain/secret.ts';
import { Refusal } from './key.ts';

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu;

/** The certificates in the text of a PEM file, at least one. */
export function readCertificates(text: string): readonly [string, ...string[]] {
  const [first, ...rest] = text.match(BLOCK) ?? [];
  if (first === undefined) {
    throw new Refusal(
      'names a file without a certificate in PEM',
      'Convert it: openssl x509 -inform DER -in <file> -out <new file>',
    );
  }
  for (const block of [first, ...rest]) {
    attempt(
      () => new X509Certificate(block),
      'names a file with a certificate that is damaged',
      'Copy the certificate again, from its BEGIN line to its END line',
    );
  }
  return [first, ...rest];
}

/** A client certificate with its chain, and the text of the file with its key, if the two belong together. */
export function readClientCertificate(
  chain: readonly [string, ...string[]],
  keyText: string,
): Network['clientCertificate'] {
  const key = readKey(keyText);
  if (!new X509Certificate(chain[0]).checkPrivateKey(key)) {
    throw new Refusal(
      'names a key that does not belong to the certificate in client_cert_file',
      'Set the two files that were issued together; the certificate comes first in its file',
    );
  }
  const shown = { chain: chain.join('\n'), key: new Secret(keyText) };
  attempt(
    () => createSecureContext({ cert: shown.chain, key: keyText }),
    'names a key, or client_cert_file a certificate, that TLS does not take, perhaps for being too weak',
    'Have a certificate issued for an RSA key of 2048 bits or more, or for one on the curve P-256',
  );
  return shown;
}

function readKey(text: string): KeyObject {
  if (text.includes('ENCRYPTED')) {
    throw new Refusal(
      'names a key that is protected by a password',
      'Take the password off (openssl pkey -in <file> -out <new file>), and keep the file to its owner',
    );
  }
  return attempt(
    () => createPrivateKey(text),
    'names a file without a private key in PEM',
    'Name the file that begins with a line such as -----BEGIN PRIVATE KEY-----',
  );
}

/** The error of the library is dropped: it may quote the text. */
function attempt<Result>(action: () => Result, reason: string, remedy: string): Result {
  try {
    return action();
  } catch {
    throw new Refusal(reason, remedy);
  }
}
