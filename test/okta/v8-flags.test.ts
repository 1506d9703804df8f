import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

test.each([
  'liftoff-only',
  'wasm-tier-up',
  'wasm-dynamic-tiering',
  'semi-space-growth-factor',
  'heap-growing-percent',
])('V8 has the flag --%s', async (flag) => {
  const { stdout } = await run(process.execPath, ['--v8-options']);
  expect(stdout).toMatch(new RegExp(`^ +--${flag} \\(`, 'm'));
});

test('the flags are set and taken back without a word', async () => {
  const { rolldown } = await import('rolldown');
  const file = fileURLToPath(new URL('../../src/okta/v8-flags.ts', import.meta.url));
  const bundle = await rolldown({ input: file, platform: 'node' });
  const { output } = await bundle.generate({ format: 'cjs' });
  const script = `${output[0].code}; compileParserPlainly()(); keepHeapSmall();`;
  expect(await run(process.execPath, ['-e', script])).toEqual({ stdout: '', stderr: '' });
});
