/**
 * Runs the program as `<program>/bin/okta-collector` with the arguments, and keeps what V8 has compiled
 * of it by the end: `node record-code-cache.js <program> <argument>...`
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import v8 from 'node:v8';

const [node = '', , program = '', ...args] = process.argv;
const launcher = join(program, 'bin', 'okta-collector');
process.argv = [node, launcher, ...args];

// V8 takes a cache only under the flags under which it was made, and the program starts without any.
v8.setFlagsFromString = () => undefined;
const load = createRequire(import.meta.url);
/** @type {unknown} */
const codeCache = load(join(program, 'bin', 'code-cache.js'));
const { scripts } =
  /** @type {{ readonly scripts: ReadonlyMap<string, import('node:vm').Script> }} */ (codeCache);
process.on('exit', (exitCode) => {
  if (exitCode !== 0) return;
  for (const [file, script] of scripts) writeFileSync(`${file}.cache`, script.createCachedData());
});
load(launcher);
