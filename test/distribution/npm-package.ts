import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { isJsonObject, parseJson } from '../../src/state/json-shape.ts';
import type { Entry } from './entry.ts';
import { file } from './entry.ts';
import type { Papers } from './installation-entries.ts';
import { paperEntries } from './installation-entries.ts';
import { toolFile } from './places.ts';

const run = promisify(execFile);

/** The program as an npm package for those who have Node. It is complete: installing it loads nothing else. */
export async function packNpmPackage(
  repository: string,
  papers: Papers,
  workplace: string,
): Promise<Entry> {
  const folder = join(workplace, 'package');
  const scripts = (await readdir(join(repository, 'bin'))).map((name) => `bin/${name}`);
  for (const path of [...scripts, 'conf/sumologic.properties', 'data/.gitkeep']) {
    await copyInto(folder, repository, path);
  }
  const rolldown = join(repository, 'node_modules', 'rolldown', 'bin', 'cli.mjs');
  const build = ['--config', 'test/rules/bundle.config.js', '--dir', join(folder, 'dist')];
  await run(process.execPath, [rolldown, ...build], { cwd: repository });
  for (const { path, content = '' } of await paperEntries(repository, papers)) {
    await writeFile(join(folder, path), content);
  }
  await writeFile(join(folder, 'package.json'), await manifest(repository));
  await run(process.execPath, [
    toolFile('publint', 'src', 'cli.js'),
    folder,
    '--strict',
    '--pack=npm',
  ]);
  const { stdout } = await run('npm', [
    'pack',
    folder,
    '--pack-destination',
    workplace,
    '--silent',
  ]);
  const name = stdout.trim();
  return file(name, await readFile(join(workplace, name)));
}

/** With a mode that does not depend on how the repository was checked out. */
async function copyInto(folder: string, repository: string, path: string): Promise<void> {
  const from = join(repository, path);
  const isProgram = ((await stat(from)).mode & 0o100) !== 0;
  await mkdir(join(folder, dirname(path)), { recursive: true });
  await writeFile(join(folder, path), await readFile(from), { mode: isProgram ? 0o755 : 0o644 });
}

/** What the package says of itself: the bundle brings all dependencies, and the sources are not in it. */
async function manifest(repository: string): Promise<string> {
  const ours = parseJson(await readFile(join(repository, 'package.json'), 'utf8'));
  if (!isJsonObject(ours)) throw new Error('Cannot read package.json');
  const kept = ['name', 'version', 'description', 'license', 'type', 'private', 'engines', 'bin'];
  const members = kept.map((name) => [name, ours[name]] as const);
  return `${JSON.stringify(Object.fromEntries(members), undefined, 2)}\n`;
}
