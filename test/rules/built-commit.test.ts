import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, onTestFinished, test } from 'vitest';

/** A repository with one commit of one file. */
async function repository(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'built-commit-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  git(folder, 'init', '--quiet');
  await writeFile(join(folder, 'file'), 'one\n');
  git(folder, 'add', 'file');
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  git(folder, ...identity, 'commit', '--quiet', '--message', 'one');
  return folder;
}

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8' });
}

/** What a build in that working directory would bear. */
function builtIn(cwd: string): string {
  const module = JSON.stringify(new URL('built-commit.js', import.meta.url).href);
  const script = `import { builtCommit } from ${module}; process.stdout.write(String(builtCommit()));`;
  const args = ['--input-type=module', '--eval', script];
  return execFileSync(process.execPath, args, { cwd, encoding: 'utf8' });
}

test('a build bears seven digits of the commit', async () => {
  const folder = await repository();
  expect(builtIn(folder)).toBe(git(folder, 'rev-parse', 'HEAD').slice(0, 7));
});

test('a build of changed files says so', async () => {
  const folder = await repository();
  await writeFile(join(folder, 'file'), 'two\n');
  expect(builtIn(folder)).toMatch(/^[0-9a-f]{7}-dirty$/);
});

test('a build outside git bears no commit, not even that of a repository around it', async () => {
  const folder = join(await repository(), 'unpacked');
  await mkdir(folder);
  expect(builtIn(folder)).toBe('undefined');
});
