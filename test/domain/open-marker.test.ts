import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { rolldown } from 'rolldown';
import { describe, expect, onTestFinished, test } from 'vitest';
import { instant } from '../../src/domain/time.ts';
import { makeEvent } from '../../src/sandbox/event.ts';
import { wat } from '../rules/wat-plugin.js';

const input = join(import.meta.dirname, 'programs', 'split-stdin.ts');
const events = Array.from({ length: 50 }, (_, index) => makeEvent(1, index, instant(0)));
const page = `[${events.map(({ json }) => json.toString()).join(',')}]`;
const expected = events
  .map(({ json, uuid, published }) => `${json.toString()}\n${uuid} ${published}\n`)
  .join('');

/** The program as one file, which goes with the test. */
async function build(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'open-marker-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'split-stdin.mjs');
  const bundle = await rolldown({ input, platform: 'node', plugins: [wat()] });
  await bundle.write({ file, codeSplitting: false });
  return file;
}

/** What the program makes of the page under Node with some options. */
async function split(...options: string[]): Promise<string> {
  const args = [...options, await build()];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(page);
  return text(child.stdout);
}

describe('openMarker', () => {
  test.each([
    ['with WebAssembly', []],
    // It takes with it whatever makes machine code.
    ['where there is no WebAssembly', ['--jitless']],
  ])('serves to split a page %s', async (_, options) => {
    expect(await split(...options)).toBe(expected);
  });
});
