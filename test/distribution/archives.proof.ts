import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonStrictValidator } from '@cyclonedx/cyclonedx-library/Validation';
import { afterAll, expect, test } from 'vitest';
import type { JsonObject } from '../../src/state/json-shape.ts';
import { isJsonObject, parseJson } from '../../src/state/json-shape.ts';
import { checksums, file } from './entry.ts';
import { ask, released, textOf, unpackArchive } from './released.ts';

/** What lies in an archive beside the program and its wrapper. */
const beside = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'SHA256SUMS',
  'THIRD-PARTY-NOTICES.txt',
  'bin',
  'conf',
  'conf/sumologic.properties',
  'data',
  'sbom.cdx.json',
];

const place = await mkdtemp(join(tmpdir(), 'okta-collector-archives-'));
afterAll(() => rm(place, { recursive: true }));
const linux = await unpackArchive(released.linux, await mkdtemp(join(place, 'linux-')));
const windows = await unpackArchive(released.windows, await mkdtemp(join(place, 'windows-')));
const npmPackage = join(place, 'package');
await ask('tar', ['-xzf', released.npm, '-C', place]);

async function componentsOf(folder: string): Promise<readonly JsonObject[]> {
  const bill = parseJson(await textOf(folder, 'sbom.cdx.json'));
  const components = isJsonObject(bill) ? bill['components'] : undefined;
  if (!Array.isArray(components)) throw new Error('The bill of materials lists nothing');
  return components.filter(isJsonObject);
}

/** Told by what the bundler notes above modules, and by how it names those that it wraps. */
async function packagesInCode(folder: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const name of await readdir(join(folder, 'dist'))) {
    const code = await textOf(folder, `dist/${name}`);
    const notes = code.matchAll(/^\/\/ .*\bnode_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm);
    const wrapped = code.matchAll(/^var import_(\w+) = \S*__commonJSMin\(/gm);
    for (const [, found = ''] of [...notes, ...wrapped]) names.add(found);
  }
  return names;
}

test.each([
  ['Linux', linux, ['bin/SumoJanus_Okta.bash', 'bin/okta-collector']],
  ['Windows', windows, ['bin/SumoJanus_Okta.bat', 'bin/okta-collector.exe']],
])('the %s archive has the layout of SumoJanus and nothing else', async (_, folder, program) => {
  const found = await readdir(folder, { recursive: true });
  expect(found.toSorted()).toEqual([...beside, ...program].toSorted());
});

test('the unpacked program can be executed, and what will hold a token is its owner’s alone', async () => {
  const modeOf = async (path: string): Promise<string> =>
    ((await stat(join(linux, path))).mode & 0o777).toString(8);
  expect(await modeOf('bin/okta-collector')).toBe('755');
  expect(await modeOf('bin/SumoJanus_Okta.bash')).toBe('755');
  expect(await modeOf('conf/sumologic.properties')).toBe('600');
  expect(await modeOf('data')).toBe('700');
});

test.each([
  ['Linux', linux],
  ['Windows', windows],
])('the sums in the %s archive are those of its files', async (_, folder) => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.flatMap((entry) =>
    entry.isFile() && entry.name !== 'SHA256SUMS'
      ? [join(entry.parentPath, entry.name).slice(folder.length + 1)]
      : [],
  );
  const read = files.map(async (path) => file(path, await readFile(join(folder, path))));
  expect(await textOf(folder, 'SHA256SUMS')).toBe(checksums(await Promise.all(read)));
});

test.each([
  ['Linux archive', linux],
  ['Windows archive', windows],
  ['npm package', npmPackage],
])('the bill of materials in the %s is CycloneDX 1.6', async (_, folder) => {
  const validator = new JsonStrictValidator('1.6');
  expect(await validator.validate(await textOf(folder, 'sbom.cdx.json'))).toBeNull();
  const spoiled = (await textOf(folder, 'sbom.cdx.json')).replace('"library"', '"book"');
  expect(await validator.validate(spoiled)).not.toBeNull();
});

test('the bills of materials list the packages that are in the code, and Node where it is inside', async () => {
  // One package may be inside in two versions.
  const packages = new Set((await componentsOf(npmPackage)).map(({ name }) => String(name)));
  const inCode = await packagesInCode(npmPackage);
  expect(inCode.size).toBeGreaterThan(10);
  // The bundler notes nothing above code of its own, and llhttp lies in undici.
  expect(packages).toEqual(new Set([...inCode, 'llhttp', 'rolldown']));
  for (const folder of [linux, windows]) {
    const components = await componentsOf(folder);
    expect(new Set(components.map(({ name }) => name))).toEqual(new Set([...packages, 'node']));
  }
});

test('the notices have the text of the licence of everything that is listed', async () => {
  const notices = await textOf(linux, 'THIRD-PARTY-NOTICES.txt');
  for (const { name, version = '' } of await componentsOf(linux)) {
    const heading = `${'='.repeat(80)}\n${String(name)} ${String(version)}\n${'='.repeat(80)}\n\n`;
    const [, text = ''] = notices.split(heading);
    expect(text.split('='.repeat(80))[0]?.length).toBeGreaterThan(500);
  }
});

test('the executable knows the version and the commit that the bill of materials names', async () => {
  const told = await ask(join(linux, 'bin', 'okta-collector'), ['--version'], {});
  const [, version, commit] = /^(\S+) \((\S+)\)\n$/.exec(told) ?? [];
  expect(version).toBe(released.version);
  expect(await textOf(linux, 'sbom.cdx.json')).toContain(`"value": "${String(commit)}"`);
});

test('the program for Windows bears no signature, since that of Node would not hold for it', async () => {
  const program = await readFile(join(windows, 'bin', 'okta-collector.exe'));
  const certificates = program.readUInt32LE(0x3c) + 24 + 112 + 4 * 8;
  expect(program.readBigUInt64LE(certificates)).toBe(0n);
});
