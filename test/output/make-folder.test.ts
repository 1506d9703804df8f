import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { makeFolder } from '../../src/output/make-folder.ts';

let place = '';
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'make-folder-'));
  onTestFinished(() => {
    rmSync(place, { recursive: true });
  });
});

describe('making a folder', () => {
  test('makes those it lies in, too', () => {
    const path = join(place, 'a', 'b', 'c');
    makeFolder(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  test('leaves one that is there as it is, also behind a link', () => {
    const link = join(place, 'link');
    symlinkSync(place, link);
    const before = statSync(place).mtimeMs;
    makeFolder(link);
    makeFolder(place);
    expect(statSync(place).mtimeMs).toBe(before);
  });

  test.each([
    { name: 'file', code: 'EEXIST' },
    // By Node 20 that the path leads through a file, by later ones that this is no folder.
    { name: 'file/folder', code: /^(?:ENOTDIR|EEXIST): / },
    { name: 'nowhere', code: 'EEXIST' },
    { name: 'nowhere/folder', code: 'EEXIST' },
  ])('fails where something else is in the way: $name', ({ name, code }) => {
    writeFileSync(join(place, 'file'), '');
    symlinkSync(join(place, 'nothing'), join(place, 'nowhere'));
    expect(() => {
      makeFolder(join(place, name));
    }).toThrow(code);
  });
});
