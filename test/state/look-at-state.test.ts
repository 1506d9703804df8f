import { chmod, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CheckpointError } from '../../src/domain/failure.ts';
import { freeBytes, lookAtState, writtenAt } from '../../src/state/look-at-state.ts';
import { freshFolder } from './folder.ts';
import { NOON } from './samples.ts';

test('a folder that takes a file is left as it was', async () => {
  const folder = await freshFolder();
  const log = join(folder, 'logs', 'run.log');
  expect(await lookAtState(join(folder, 'okta.dat'), log)).toEqual({ folder, denied: [] });
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['/nowhere/at/all/okta.dat', 'there is no folder "/nowhere/at/all"'],
  // Nobody may make a file there, root neither.
  ['/sys/okta.dat', /access is denied|read-only/],
  ['/dev/full/okta.dat', 'there is no folder'],
])('a place that takes none is said: %s', async (path, state) => {
  const look = lookAtState(path, '/dev/null');
  await expect(look).rejects.toThrow(CheckpointError);
  await expect(look).rejects.toThrow(state);
});

test.skipIf(process.getuid?.() === 0)('a file that is not open to us is named', async () => {
  const path = join(await freshFolder(), 'okta.dat');
  await writeFile(path, '{}');
  await chmod(path, 0o400);
  expect(await lookAtState(path, '/dev/null')).toMatchObject({ denied: [path] });
});

test.skipIf(process.getuid?.() === 0)(
  'a log that cannot be written, or made, is named',
  async () => {
    const folder = await freshFolder();
    const path = join(folder, 'okta.dat');
    const log = join(folder, 'run.log');
    await writeFile(log, '');
    await chmod(log, 0o400);
    expect(await lookAtState(path, log)).toMatchObject({ denied: [log] });
    expect(await lookAtState(path, '/logs/run.log')).toMatchObject({ denied: ['/logs/run.log'] });
  },
);

test('the checkpoint tells when it was written', async () => {
  const path = join(await freshFolder(), 'okta.dat');
  expect(await writtenAt(path)).toBeUndefined();
  await writeFile(path, '{}');
  await utimes(path, NOON / 1000, NOON / 1000);
  expect(await writtenAt(path)).toBe(NOON);
});

test('free space is told in bytes, where there is a disk', async () => {
  expect(await freeBytes(join(await freshFolder(), 'okta.dat'))).toBeGreaterThan(1000);
  expect(await freeBytes('/nowhere/at/all/okta.dat')).toBeUndefined();
});
