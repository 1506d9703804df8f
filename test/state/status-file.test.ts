import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CredentialsError } from '../../src/domain/failure.ts';
import { createStatusFile, statusPath } from '../../src/state/status-file.ts';
import { systemDisk } from '../../src/state/system-disk.ts';
import { outcome, statusAfter } from '../domain/status-samples.ts';
import { freshFolder } from './folder.ts';

const caveats = [{ kind: 'gap' as const, text: 'lost', count: 2 }];
const failure = { error: new CredentialsError('Cannot sign in', { hint: 'Do this' }) };
const eventful = statusAfter(outcome({ caveats }), outcome({ failure, summary: undefined }));

async function statusFile() {
  const livePath = join(await freshFolder(), 'okta.dat');
  return { store: createStatusFile(systemDisk, livePath), path: statusPath(livePath) };
}

describe('a status file', () => {
  test.each([
    ['of a run that went well', statusAfter(outcome())],
    ['of a run that failed, with a caveat', eventful],
    ['of a run that has recovered', statusAfter(outcome({ failure }), outcome())],
    ['of runs that have never succeeded', statusAfter(outcome({ failure, summary: undefined }))],
  ])('gives back the status %s', async (_, status) => {
    const { store } = await statusFile();
    await store.save(eventful);
    await store.save(status);
    expect(await store.load()).toEqual(status);
  });

  test('lies beside the checkpoint, alone, and only its owner may read it', async () => {
    const { store, path } = await statusFile();
    await store.save(eventful);
    expect(await readdir(dirname(path))).toEqual(['okta.status.json']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('is none before the first run', async () => {
    expect(await (await statusFile()).store.load()).toBeUndefined();
  });

  test.each([
    ['empty', () => ''],
    ['torn', (text: string) => text.slice(0, -5)],
    ['no object', () => '[]'],
    ['of another version', (text: string) => text.replace('"version":1', '"version":2')],
    ['of an unknown end', (text: string) => text.replace('"failed"', '"gone"')],
    ['of an unknown error type', (text: string) => text.replace('ThirdPartyConfig', 'Third')],
    ['of an unknown caveat', (text: string) => text.replace('"gap"', '"gaps"')],
    ['without a count', (text: string) => text.replace('"runs":2', '"runs":-1')],
    ['without a moment', (text: string) => text.replace('"ended_at"', '"ended"')],
  ])('is begun anew if it is %s', async (_, change) => {
    const { store, path } = await statusFile();
    await store.save(eventful);
    const text = await readFile(path, 'utf8');
    expect(change(text)).not.toBe(text);
    await writeFile(path, change(text));
    expect(await store.load()).toBeUndefined();
    await store.save(eventful);
    expect(await store.load()).toEqual(eventful);
  });

  test('is not hindered by a draft that a crash has left behind', async () => {
    const { store, path } = await statusFile();
    await appendFile(`${path}.draft`, '{"torn');
    await store.save(eventful);
    expect(await store.load()).toEqual(eventful);
  });

  test('rejects if it cannot be written', async () => {
    const { store, path } = await statusFile();
    await mkdir(path);
    await expect(store.save(eventful)).rejects.toThrow('EISDIR');
    await rm(dirname(path), { recursive: true });
    await mkdir(dirname(path));
    await writeFile(path, '');
    await store.save(eventful);
    expect(await store.load()).toEqual(eventful);
  });
});
