import { chown, lstat, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from '../../src/domain/failure.ts';
import { saveProperties } from '../../src/state/save-properties.ts';
import { systemDisk } from '../../src/state/system-disk.ts';
import { freshFolder } from './folder.ts';
import { NOON } from './samples.ts';

async function written(): Promise<{ folder: string; path: string }> {
  const folder = await freshFolder();
  const path = join(folder, 'x.properties');
  await writeFile(path, 'old', { mode: 0o644 });
  return { folder, path };
}

test('a properties file is replaced, and what was is kept beside it, for its owner only', async () => {
  const { folder, path } = await written();
  const backup = await saveProperties(systemDisk, path, 'new', NOON);
  expect(backup).toBe(`${path}.20261115T120000.000Z.bak`);
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await readFile(`${path}.20261115T120000.000Z.bak`, 'utf8')).toBe('old');
  for (const name of await readdir(folder))
    expect((await stat(join(folder, name))).mode & 0o777, name).toBe(0o600);
  expect(await readdir(folder)).toHaveLength(2);
});

test('a properties file that is a symbolic link stays one', async () => {
  const { folder, path } = await written();
  const link = join(folder, 'link');
  await symlink(path, link);
  await saveProperties(systemDisk, link, 'new', NOON);
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(path, 'utf8')).toBe('new');
});

test('a new properties file leaves no backup', async () => {
  const path = join(await freshFolder(), 'x.properties');
  expect(await saveProperties(systemDisk, path, 'new', NOON)).toBeUndefined();
  expect(await readFile(path, 'utf8')).toBe('new');
});

// Only root can give files away.
test.runIf(process.getuid?.() === 0)('a properties file stays its owner’s', async () => {
  const { path } = await written();
  await chown(path, 1234, 1234);
  const backup = await saveProperties(systemDisk, path, 'new', NOON);
  for (const one of [path, backup ?? ''])
    expect(await stat(one)).toMatchObject({ uid: 1234, gid: 1234 });
});

test('a properties file in a folder that is not there is a fault of the configuration', async () => {
  const path = join(await freshFolder(), 'no', 'x.properties');
  const saving = saveProperties(systemDisk, path, 'new', NOON);
  await expect(saving).rejects.toThrow(ConfigError);
  await expect(saving).rejects.toThrow(`Cannot write the properties file "${path}": there is no`);
});

test('a backup of the same moment is never overwritten; the file stays as it is, without a draft', async () => {
  const { folder, path } = await written();
  await saveProperties(systemDisk, path, 'new', NOON);
  await expect(saveProperties(systemDisk, path, 'newer', NOON)).rejects.toThrow('EEXIST');
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await readdir(folder)).toHaveLength(2);
});
