import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createLogFile } from '../../src/output/log-file.ts';

const root = mkdtempSync(join(tmpdir(), 'okta-collector-log-file-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const newPath = (): string => join(mkdtempSync(join(root, 'log-')), 'run.log');
const read = (path: string): string => readFileSync(path, 'utf8');

describe('createLogFile', () => {
  test('begins a new file before one would become too long, and keeps three old ones', () => {
    const path = newPath();
    const log = createLogFile(path, 10, '/');
    for (const line of ['aaaa\n', 'bbbb\n', 'cccc\n', 'dddd\n', 'eeee\n']) log.append(line);
    expect(read(path)).toBe('eeee\n');
    expect(read(`${path}.1`)).toBe('cccc\ndddd\n');
    expect(read(`${path}.2`)).toBe('aaaa\nbbbb\n');
    for (const line of ['1234567\n', '2345678\n', '3456789\n']) log.append(line);
    expect([path, `${path}.1`, `${path}.2`, `${path}.3`].map(read)).toEqual([
      '3456789\n',
      '2345678\n',
      '1234567\n',
      'eeee\n',
    ]);
    expect(existsSync(`${path}.4`)).toBe(false);
  });

  test('a line longer than the limit is written whole', () => {
    const path = newPath();
    const log = createLogFile(path, 10, '/');
    log.append('longer than the limit\n');
    log.append('next\n');
    expect([read(`${path}.1`), read(path)]).toEqual(['longer than the limit\n', 'next\n']);
  });

  test('the limit counts bytes, not characters', () => {
    const path = newPath();
    const log = createLogFile(path, 10, '/');
    log.append('aa\n');
    log.append('ääää\n');
    expect(read(path)).toBe('ääää\n');
  });

  test('two processes with the same file rotate it once', () => {
    const path = newPath();
    const [one, other] = [createLogFile(path, 10, '/'), createLogFile(path, 10, '/')];
    one.append('1111\n');
    other.append('2222\n');
    one.append('3333\n');
    other.append('4444\n');
    expect([read(`${path}.1`), read(path)]).toEqual(['1111\n2222\n', '3333\n4444\n']);
  });

  test('a file moved away by somebody else is begun anew, for its owner only', () => {
    const path = newPath();
    const log = createLogFile(path, 100, '/');
    log.append('before\n');
    renameSync(path, `${path}-archived`);
    log.append('after\n');
    expect(read(path)).toBe('after\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('a new file belongs to the owner of its folder, also when root makes it', () => {
    const path = newPath();
    if (process.getuid?.() === 0) chownSync(join(path, '..'), 12345, 12345);
    createLogFile(path, 100, '/').append('by hand\n');
    const [file, folder] = [statSync(path), statSync(join(path, '..'))];
    expect([file.uid, file.gid]).toEqual([folder.uid, folder.gid]);
  });

  test('makes its folder, but never that of the state', () => {
    const folder = join(newPath(), '..', 'data');
    const logs = join(folder, 'logs', 'run.log');
    expect(() => {
      createLogFile(logs, 100, folder).append('not there\n');
    }).toThrow(`there is no folder "${folder}"`);
    mkdirSync(folder);
    createLogFile(logs, 100, folder).append('there\n');
    expect(read(logs)).toBe('there\n');
  });
});
