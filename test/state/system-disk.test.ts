import { execFileSync, spawn } from 'node:child_process';
import {
  chown,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Disk } from '../../src/domain/disk.ts';
import { CheckpointError } from '../../src/domain/failure.ts';
import { seconds } from '../../src/domain/time.ts';
import { createReplacer, prepareReplacement } from '../../src/state/replace-file.ts';
import { systemDisk } from '../../src/state/system-disk.ts';
import { freshFolder } from './folder.ts';

const isRoot = process.getuid?.() === 0;

describe('prepareReplacement', () => {
  test('replaces the file on commit, and leaves no draft behind', async () => {
    const folder = await freshFolder();
    const path = join(folder, 'okta.dat');
    await writeFile(path, 'old');
    const prepared = await prepareReplacement(systemDisk, path, 'new, größer');
    expect(await readFile(path, 'utf8')).toBe('old');
    await prepared.commit();
    expect(await readFile(path, 'utf8')).toBe('new, größer');
    expect(await readdir(folder)).toEqual(['okta.dat']);
  });

  test.runIf(process.platform === 'linux')('leaves nothing open', async () => {
    const path = join(await freshFolder(), 'okta.dat');
    await (await prepareReplacement(systemDisk, path, 'first')).commit();
    await (await prepareReplacement(systemDisk, path, 'second')).commit();
    await vi.waitFor(async () => {
      expect(await openFiles()).not.toContainEqual(expect.stringContaining(path));
    });
  });

  test.runIf(process.platform === 'linux')(
    'replaces a pipe without waiting for it',
    { timeout: seconds(5) },
    async () => {
      const path = join(await freshFolder(), 'okta.dat');
      execFileSync('mkfifo', [path]);
      // Lets go of whoever waits for the pipe, too late for this test.
      const writer = spawn('/bin/sh', ['-c', 'sleep 10; : > "$0"', path], { stdio: 'ignore' });
      onTestFinished(() => void writer.kill());
      await (await prepareReplacement(systemDisk, path, 'new')).commit();
      expect(await readFile(path, 'utf8')).toBe('new');
    },
  );

  test('writes over a draft that a crash left behind', async () => {
    const path = join(await freshFolder(), 'okta.dat');
    await writeFile(`${path}.draft`, 'a longer text than the new one', { mode: 0o644 });
    await (await prepareReplacement(systemDisk, path, 'new')).commit();
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('does not write through a draft that is a link', async () => {
    const folder = await freshFolder();
    const path = join(folder, 'okta.dat');
    await writeFile(join(folder, 'other'), 'not ours');
    await symlink(join(folder, 'other'), `${path}.draft`);
    await (await prepareReplacement(systemDisk, path, 'new')).commit();
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe('not ours');
  });

  test.runIf(isRoot)(
    'as root keeps the owner of the file, or takes that of the folder',
    async () => {
      const folder = await freshFolder();
      const path = join(folder, 'okta.dat');
      await chown(folder, 4711, 4712);
      await (await prepareReplacement(systemDisk, path, 'first')).commit();
      expect(await stat(path)).toMatchObject({ uid: 4711, gid: 4712 });
      await chown(path, 4713, 4714);
      await (await prepareReplacement(systemDisk, path, 'second')).commit();
      expect(await stat(path)).toMatchObject({ uid: 4713, gid: 4714 });
    },
  );

  test('names a folder that is missing', async () => {
    const folder = join(await freshFolder(), 'missing');
    await expect(prepareReplacement(systemDisk, join(folder, 'okta.dat'), 'new')).rejects.toThrow(
      `Cannot save the checkpoint "${join(folder, 'okta.dat')}": there is no folder "${folder}"`,
    );
  });

  test('fails on commit if the path has become a folder', async () => {
    const path = join(await freshFolder(), 'okta.dat');
    const prepared = await prepareReplacement(systemDisk, path, 'new');
    await mkdir(path);
    await expect(prepared.commit()).rejects.toThrow(`"${path}": it is a folder`);
  });

  test.each([
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'the disk quota is used up'],
    ['EROFS', 'the file system is read-only'],
    ['EACCES', 'access is denied'],
    ['EIO', 'the system reports EIO'],
  ])('says what %s means, what to do, and keeps the cause', async (code, said) => {
    const cause = Object.assign(new Error(code), { code });
    const error: unknown = await prepareReplacement(
      failingToWrite(cause),
      '/data/okta.dat',
      'new',
    ).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error).toMatchObject({
      message: `Cannot save the checkpoint "/data/okta.dat": ${said}`,
      hint: expect.stringContaining('"/data"') as unknown,
      cause,
    });
  });

  test('passes on what is not a matter of the disk', async () => {
    const bug = new TypeError('a bug');
    await expect(prepareReplacement(failingToWrite(bug), '/data/okta.dat', 'new')).rejects.toBe(
      bug,
    );
  });
});

describe('createReplacer', () => {
  test('begins no draft before the one before is in its place', async () => {
    const path = join(await freshFolder(), 'okta.dat');
    let letGo = (): void => undefined;
    const slow: Disk = {
      ...systemDisk,
      rename: async (from, to) => {
        await new Promise<void>((resolve) => (letGo = resolve));
        await systemDisk.rename(from, to);
      },
    };
    const replace = createReplacer(slow, path);
    const committed = (await replace('first')).commit();
    const second = replace('second');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await readFile(`${path}.draft`, 'utf8')).toBe('first');
    letGo();
    await Promise.all([committed, second]);
    expect(await readFile(path, 'utf8')).toBe('first');
    expect(await readFile(`${path}.draft`, 'utf8')).toBe('second');
  });

  test('makes a draft durable while the folder is still being synced', async () => {
    const path = join(await freshFolder(), 'okta.dat');
    const stuck: Disk = { ...systemDisk, syncFolder: () => new Promise(() => undefined) };
    const replace = createReplacer(stuck, path);
    void (await replace('first')).commit();
    await replace('second');
    expect(await readFile(path, 'utf8')).toBe('first');
  });
});

/** What this process has open, by its paths. */
async function openFiles(): Promise<string[]> {
  const folder = '/proc/self/fd';
  const paths = (await readdir(folder)).map((name) => readlink(join(folder, name)));
  return (await Promise.allSettled(paths)).flatMap((path) =>
    path.status === 'fulfilled' ? [path.value] : [],
  );
}

function failingToWrite(error: Error): Disk {
  return {
    ...systemDisk,
    create: () =>
      Promise.resolve({
        write: () => Promise.reject(error),
        sync: () => Promise.resolve(),
        close: () => Promise.resolve(),
      }),
  };
}
