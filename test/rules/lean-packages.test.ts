import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, expect, inject, test } from 'vitest';
import { leanPackages } from './lean-packages.js';

let program = '';
beforeAll(async () => {
  const folder = join(inject('program'), 'dist');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.cjs'));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  program = texts.join('\n');
});

test('of undici the program has the client and neither fetch, WebSocket, caches nor mocks', () => {
  expect(program).toContain('lazyllhttp');
  for (const part of ['class WebSocket', 'class MockAgent', 'class Cache', 'fetchFinale'])
    expect(program).not.toContain(part);
});

test.each(['node:assert', 'node:http2', 'node:worker_threads', 'worker_threads', 'node:sqlite'])(
  'the program never loads %s',
  (part) => {
    expect(program).not.toMatch(new RegExp(`require\\("${part}"\\);`));
  },
);

test('p-retry is left without the clock that loads node:perf_hooks', async () => {
  const file = createRequire(import.meta.url).resolve('p-retry');
  const code = await readFile(file, 'utf8');
  expect(code).toMatch(/\bperformance\b/);
  const { transform } = leanPackages();
  if (typeof transform !== 'function') throw new Error('no such hook');
  expect(Reflect.apply(transform, undefined, [code, file])).not.toMatch(/\bperformance\b/);
  expect(Reflect.apply(transform, undefined, [code, '/a/node_modules/other/x.js'])).toBe(undefined);
});

test('a package that is not known is left as it is', () => {
  const { resolveId } = leanPackages();
  if (typeof resolveId !== 'function') throw new Error('no such hook');
  expect(Reflect.apply(resolveId, undefined, ['node:http2', '/a/node_modules/other/x.js'])).toBe(
    undefined,
  );
});
