import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ICruiseOptions, ICruiseResult } from 'dependency-cruiser';
import { cruise } from 'dependency-cruiser';
import { describe, expect, onTestFinished, test } from 'vitest';
import layers from './layers.config.cjs';

/** The names of the rules that the sources below a folder break. */
async function brokenRules(baseDir: string): Promise<readonly string[]> {
  const { forbidden } = layers;
  if (forbidden === undefined) throw new Error('The layers have no rules');
  const options: ICruiseOptions = {
    validate: true,
    ruleSet: { forbidden },
    baseDir,
    tsPreCompilationDeps: true,
  };
  const { output } = await cruise(['src'], options);
  return (output as ICruiseResult).summary.violations.map(({ rule }) => rule.name);
}

/** A small house with one import in it. */
async function house(from: string, to: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'layers-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const isOurs = to.startsWith('src/');
  const rooms = from
    .split('/')
    .slice(1)
    .map(() => '..')
    .join('/');
  const specifier = isOurs ? `${rooms}/${to}` : to;
  for (const [path, text] of [
    [from, `import '${specifier}';\n`],
    ...(isOurs ? [[to, 'export {};\n']] : []),
  ]) {
    if (path === undefined || text === undefined) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

// That the sources themselves keep them is seen by `npm run layers`.
describe('the layers', () => {
  test.each([
    ['src/okta/a.ts', 'src/state/b.ts', 'rooms-do-not-know-each-other'],
    ['src/collect/a.ts', 'src/okta/b.ts', 'rooms-do-not-know-each-other'],
    ['src/domain/a.ts', 'src/output/b.ts', 'ground-floor-stands-alone'],
    ['src/cli/a.ts', 'src/main.ts', 'nobody-imports-main'],
    ['src/cli/a.ts', 'src/main/run.ts', 'only-main-wires'],
    ['src/collect/a.ts', 'node:fs', 'use-cases-are-pure'],
    ['src/domain/a.ts', 'node:crypto', 'ground-floor-is-pure'],
    ['src/okta/a.ts', 'src/okta/missing', 'no-unresolvable'],
  ])('forbid that %s imports %s', async (from, to, rule) => {
    const folder = await house(from, to);
    if (rule === 'no-unresolvable') await rm(join(folder, to));
    expect(await brokenRules(folder)).toContain(rule);
  });

  test('allow a room its ground floor', async () => {
    expect(await brokenRules(await house('src/okta/a.ts', 'src/domain/b.ts'))).toEqual([]);
  });
});
