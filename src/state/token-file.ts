import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Disk } from '../domain/disk.ts';
import type { Log } from '../domain/log.ts';
import { Secret } from '../domain/secret.ts';
import type { KeptDpop, KeptToken, TokenStore } from '../domain/token-store.ts';
import { systemCode } from './disk-error.ts';
import type { JsonObject } from './json-shape.ts';
import { isInstant, isJsonObject, parseJson } from './json-shape.ts';
import { prepareReplacement } from './replace-file.ts';

/** Whose token it is; that of anybody else is not used. */
interface TokenOwner {
  readonly org: string;
  readonly clientId: string;
  readonly scope: string;
}

interface TokenFileOptions extends TokenOwner {
  readonly disk: Disk;
  /** The file of the live stream's checkpoint. */
  readonly livePath: string;
  readonly log: Log;
}

const VERSION = 1;

/** The path of the token's file: beside the live stream's. */
export function tokenPath(livePath: string): string {
  return `${livePath.slice(0, livePath.length - extname(livePath).length)}.token.json`;
}

/** Keeps a token in a file that only its owner may read. A file that others can get at, or that is not as we write it, is taken for none. */
export function createTokenFile({ disk, livePath, log, ...owner }: TokenFileOptions): TokenStore {
  const path = tokenPath(livePath);
  return {
    async load() {
      try {
        const text = await readPrivate(path);
        return text === undefined ? undefined : parseToken(text, owner);
      } catch (error) {
        log.warn(`Cannot use the kept access token "${path}": ${reasonOf(error)}`);
        return undefined;
      }
    },
    async save(token) {
      try {
        const replacement = await prepareReplacement(disk, path, formatToken(token, owner));
        await replacement.commit();
      } catch (error) {
        log.warn(`Cannot keep the access token in "${path}": ${reasonOf(error)}`);
      }
    },
  };
}

/** The file's text; `undefined` if there is none. Rejects if others than its owner can get at it, or have made it. */
async function readPrivate(path: string): Promise<string | undefined> {
  const file = await openOrNone(path);
  if (file === undefined) return undefined;
  try {
    const { mode, uid } = await file.stat();
    const me = process.getuid?.();
    // The permission bits that Windows reports mean nothing there.
    if (me !== undefined && (mode & 0o077) !== 0) throw new Error('it is open to other users');
    if (me !== undefined && me !== 0 && uid !== me) throw new Error('it belongs to another user');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function openOrNone(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseToken(text: string, owner: TokenOwner): KeptToken | undefined {
  const json = parseJson(text);
  if (!isJsonObject(json) || json['version'] !== VERSION) return undefined;
  const { org, client_id: clientId, scope, access_token: token, usable_until: until } = json;
  if (org !== owner.org || clientId !== owner.clientId || scope !== owner.scope) return undefined;
  // What is no visible ASCII cannot be in a header.
  if (typeof token !== 'string' || !/^[!-~]+$/u.test(token) || !isInstant(until)) return undefined;
  return { accessToken: new Secret(token), usableUntil: until, dpop: parseDpop(json) };
}

function parseDpop({ dpop_key: key, dpop_nonce: nonce }: JsonObject): KeptDpop | undefined {
  if (!isJsonObject(key)) return undefined;
  return {
    key: new Secret(JSON.stringify(key)),
    nonce: typeof nonce === 'string' ? nonce : undefined,
  };
}

function formatToken({ accessToken, usableUntil, dpop }: KeptToken, owner: TokenOwner): string {
  return JSON.stringify({
    version: VERSION,
    org: owner.org,
    client_id: owner.clientId,
    scope: owner.scope,
    access_token: accessToken.reveal(),
    usable_until: usableUntil,
    dpop_key: dpop && parseJson(dpop.key.reveal()),
    dpop_nonce: dpop?.nonce,
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
