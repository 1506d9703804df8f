import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/domain/secret.ts';
import { instant } from '../../src/domain/time.ts';
import type { KeptToken } from '../../src/domain/token-store.ts';
import { systemDisk } from '../../src/state/system-disk.ts';
import { createTokenFile, tokenPath } from '../../src/state/token-file.ts';
import { notedLog } from '../support/noted-log.ts';
import { freshFolder } from './folder.ts';

const owner = { org: 'https://acme.okta.com', clientId: '0oaApp', scope: 'okta.logs.read' };
const token: KeptToken = {
  accessToken: new Secret('the-access-token'),
  usableUntil: instant(1_794_000_000_000),
  dpop: { key: new Secret('{"kty":"EC","d":"private"}'), nonce: 'n-1' },
};
/** What is in it, secrets too. */
const revealed = (kept: KeptToken | undefined) =>
  kept && {
    accessToken: kept.accessToken.reveal(),
    usableUntil: kept.usableUntil,
    dpop: kept.dpop && { key: kept.dpop.key.reveal(), nonce: kept.dpop.nonce },
  };

async function tokenFile() {
  const livePath = join(await freshFolder(), 'okta.dat');
  const log = notedLog();
  const open = (other: Partial<typeof owner> = {}) =>
    createTokenFile({ ...owner, ...other, disk: systemDisk, livePath, log });
  return { open, path: tokenPath(livePath), log };
}

describe('a token file', () => {
  test.each([token, { ...token, dpop: undefined }])('gives back what was saved', async (saved) => {
    const { open } = await tokenFile();
    await open().save(saved);
    expect(revealed(await open().load())).toEqual(revealed(saved));
  });

  test('lies beside the checkpoint, for its owner only', async () => {
    const { open, path } = await tokenFile();
    expect(path).toMatch(/\/okta\.token\.json$/);
    await open().save(token);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('is none on the first run', async () => {
    const { open, log } = await tokenFile();
    expect(await open().load()).toBeUndefined();
    expect(log.records).toEqual([]);
  });

  test.each([
    { org: 'https://other.okta.com' },
    { clientId: '0oaOther' },
    { scope: 'okta.users.read' },
  ])('is not used for %o', async (other) => {
    const { open } = await tokenFile();
    await open().save(token);
    expect(await open(other).load()).toBeUndefined();
  });

  test.each([
    ['cut', (text: string) => text.slice(0, -5)],
    ['of another version', (text: string) => text.replace('"version":1', '"version":2')],
    ['with a token that no header can hold', (text: string) => text.replace('the-access', 'a\\nb')],
    ['without an end', (text: string) => text.replace('usable_until', 'end')],
  ])('is not used if it is %s, and replaced', async (_, spoil) => {
    const { open, path } = await tokenFile();
    await open().save(token);
    await writeFile(path, spoil(await readFile(path, 'utf8')));
    expect(await open().load()).toBeUndefined();
    await open().save(token);
    expect(await open().load()).toBeDefined();
  });

  test.skipIf(process.platform === 'win32')(
    'is not used if others can get at it, and closed to them',
    async () => {
      const { open, path, log } = await tokenFile();
      await open().save(token);
      await chmod(path, 0o640);
      expect(await open().load()).toBeUndefined();
      expect(log.messages('warn')).toEqual([
        `Cannot use the kept access token "${path}": it is open to other users`,
      ]);
      await open().save(token);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    },
  );

  test('that cannot be written is told, and fails nothing', async () => {
    const log = notedLog();
    const livePath = join(await freshFolder(), 'gone', 'okta.dat');
    const store = createTokenFile({ ...owner, disk: systemDisk, livePath, log });
    await store.save(token);
    expect(log.messages('warn').join()).toMatch(
      /^Cannot keep the access token in ".*there is no folder/,
    );
    expect(JSON.stringify(log.records)).not.toContain('the-access-token');
  });
});
