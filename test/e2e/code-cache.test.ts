import { execFile } from 'node:child_process';
import { readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Installation } from '../support/installation.ts';
import { install } from '../support/installation.ts';
import { collect, start } from '../support/program.ts';
import { openOrg } from './open-org.ts';
import { expectPrinted } from './printed.ts';

const repository = join(import.meta.dirname, '../..');

/** Makes the caches as the build does; gives their paths. */
async function makeCache({ folder }: Installation): Promise<readonly string[]> {
  const script = join(repository, 'test', 'rules', 'make-code-cache.js');
  await promisify(execFile)(process.execPath, [script, folder]);
  const files = await readdir(join(folder, 'dist'));
  return files.filter((file) => file.endsWith('.cache')).map((file) => join(folder, 'dist', file));
}

/** Runs the program with the flags; gives what V8 has said of each cache: whether it refuses it. */
async function refusals(
  { folder }: Installation,
  ...flags: readonly string[]
): Promise<Record<string, boolean | undefined>> {
  const program = join(folder, 'bin', 'okta-collector');
  const script = `
    process.argv.splice(1, 0, ${JSON.stringify(program)});
    const { scripts } = require(${JSON.stringify(join(folder, 'bin', 'code-cache.js'))});
    process.on('exit', () => {
      const said = [...scripts].map(([file, script]) => [file, script.cachedDataRejected]);
      console.error(JSON.stringify(Object.fromEntries(said)));
    });
    require(${JSON.stringify(program)});
  `;
  const { exitCode, stderr } = await start(
    process.execPath,
    [...flags, '-e', script, '--', '--quiet'],
    {
      folder,
    },
  ).ended;
  expect(exitCode).toBe(0);
  return JSON.parse(stderr) as Record<string, boolean | undefined>;
}

test('a scheduled run takes all of its code from the cache that the build makes', async () => {
  const { sandbox } = await openOrg({ events: 300 });
  const installation = await install(sandbox);
  const caches = await makeCache(installation);
  const said = await refusals(installation);
  expect(Object.keys(said).map((file) => `${file}.cache`)).toEqual(
    expect.arrayContaining([...caches]),
  );
  expect(new Set(Object.values(said))).toEqual(new Set([false]));
});

test('a cache that V8 refuses is of no consequence', async () => {
  const { sandbox } = await openOrg({ events: 300 });
  const installation = await install(sandbox);
  await makeCache(installation);
  expect(Object.values(await refusals(installation, '--no-opt'))).toContain(true);
});

test.each<{ name: string; harm: (cache: string) => Promise<void> }>([
  { name: 'cut off', harm: (cache) => truncate(cache, 1000) },
  { name: 'empty', harm: (cache) => truncate(cache, 0) },
  { name: 'something else', harm: (cache) => writeFile(cache, 'x'.repeat(100_000)) },
])('with a cache that is $name the program works as ever', async ({ harm }) => {
  const { sandbox } = await openOrg({ events: 300 });
  const installation = await install(sandbox);
  for (const cache of await makeCache(installation)) await harm(cache);
  const { exitCode, stdout, stderr } = await collect(installation, '--quiet');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expectPrinted(stdout, sandbox.org.events);
});

test('the version is told by a program that has loaded nothing else', async () => {
  const { sandbox } = await openOrg();
  const { folder } = await install(sandbox);
  const script = `
    process.argv.splice(1, 0, 'okta-collector');
    process.on('exit', () => console.error(Object.keys(require.cache).length));
    require(${JSON.stringify(join(folder, 'bin', 'okta-collector'))});
  `;
  const { stdout, stderr } = await start(process.execPath, ['-e', script, '--', '--version'], {
    folder,
  }).ended;
  expect(stdout.toString()).toMatch(/^\d+\.\d+\.\d+.*\n$/);
  // The launcher, the cache's loader, the entry, the version and what the bundler adds.
  expect(Number(stderr)).toBeLessThanOrEqual(5);
});
