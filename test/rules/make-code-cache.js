/**
 * Makes the code cache of a built program by a scheduled run against the embedded org, so that it has
 * all that such a run executes: `node make-code-cache.js [<folder that holds bin and dist>]`. The
 * same program makes the same cache, but for what timing adds. If that fails, runs start slower, and that is all.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const program = resolve(process.argv[2] ?? join(import.meta.dirname, '../..'));
const launcher = join(program, 'bin', 'okta-collector');
const recorder = join(import.meta.dirname, 'record-code-cache.js');
const TOKEN = 'token-of-a-rehearsal';

const folder = await mkdtemp(join(tmpdir(), 'okta-collector-rehearsal-'));
const sandbox = ['sandbox', '--events', '3000', '--days', '1', '--token', TOKEN];
const org = spawn(process.execPath, [launcher, ...sandbox], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const config = await configFor(await urlOf(org.stdout));
  // The last hour is left to the run behind it, which so goes on from a checkpoint and finds something new.
  await run(launcher, '--config', config, '--settle', '3600');
  // With another seed of its hash tables V8 would make another cache.
  await run('--random-seed=1', recorder, program, '--config', config);
} catch (error) {
  process.stderr.write(`There is no code cache, so runs start slower: ${String(error)}\n`);
} finally {
  org.kill();
  await rm(folder, { recursive: true });
}

/**
 * @param {import('node:stream').Readable} output that of a sandbox
 * @returns {Promise<string>} where it listens
 */
async function urlOf(output) {
  for await (const line of createInterface(output)) {
    const url = /http:\/\/\S+\d/.exec(line)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error('The sandbox did not start');
}

/**
 * @param {string} url
 * @returns {Promise<string>} the path of a configuration of its own: an installation may have one
 */
async function configFor(url) {
  const path = join(folder, 'rehearsal.properties');
  const lines = [
    '[oktacollector]',
    `okta_org_url = ${url}`,
    `api_token = ${TOKEN}`,
    'stream_pos_path = okta_checkpoint.dat',
    'log_file = okta-collector.log',
  ];
  await writeFile(path, `${lines.join('\n')}\n`, { mode: 0o600 });
  return path;
}

/** @param {...string} args */
async function run(...args) {
  const settings = Object.entries(process.env).filter(([name]) => !/^OKTA_COLLECTOR_/i.test(name));
  await promisify(execFile)(process.execPath, [...args, '--quiet'], {
    cwd: folder,
    maxBuffer: Infinity,
    env: Object.fromEntries(settings),
  });
}
