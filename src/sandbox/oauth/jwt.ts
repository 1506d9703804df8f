import { Buffer } from 'node:buffer';
import type { KeyObject } from 'node:crypto';
import { verify } from 'node:crypto';

type Members = Readonly<Record<string, unknown>>;

/** A signed JWT, taken apart. */
export interface Jwt {
  readonly header: Members;
  readonly claims: Members;
  isSignedWith(publicKey: KeyObject): boolean;
}

/** Reads a JWT in its compact form (RFC 7515, 3.1); `undefined` if the text is none. */
export function readJwt(text: string): Jwt | undefined {
  const [header, claims, signature, ...rest] = text.split('.');
  if (header === undefined || claims === undefined || signature === undefined || rest.length > 0)
    return undefined;
  const parsedHeader = membersIn(header);
  const parsedClaims = membersIn(claims);
  if (parsedHeader === undefined || parsedClaims === undefined) return undefined;
  return {
    header: parsedHeader,
    claims: parsedClaims,
    isSignedWith: (key) => {
      const [, family, bits] = /^(RS|ES)(256|384|512)$/.exec(String(parsedHeader['alg'])) ?? [];
      if (bits === undefined || key.asymmetricKeyType !== (family === 'RS' ? 'rsa' : 'ec'))
        return false;
      const data = Buffer.from(`${header}.${claims}`);
      const raw = Buffer.from(signature, 'base64url');
      return verify(`sha${bits}`, data, { key, dsaEncoding: 'ieee-p1363' }, raw);
    },
  };
}

function membersIn(part: string): Members | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    return Object.fromEntries(Object.entries(parsed));
  } catch {
    return undefined;
  }
}
