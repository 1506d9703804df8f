import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { repository } from './places.ts';
import { ask, released, temporaryFolder, textOf } from './released.ts';

test('building the same sources again makes the same bytes', async () => {
  const again = await temporaryFolder();
  const dist = join(repository, 'node_modules', '.cache', 'distribution', 'dist.js');
  // Under another time zone and another mask for modes, since both get into archives.
  const command = ['-c', 'umask 027 && exec "$0" "$@"', process.execPath, dist, again];
  const environment = { PATH: process.env['PATH'] ?? '', TZ: 'Asia/Kathmandu' };
  await ask('/bin/bash', command, environment);
  expect(await textOf(again, 'SHA256SUMS')).toBe(await textOf(released.folder, 'SHA256SUMS'));
});
