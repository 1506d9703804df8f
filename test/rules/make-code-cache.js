/**
 * Makes the code cache of a built program by a scheduled run against the embedded org, so that it has
 * all that such a run executes: `node make-code-cache.js [<folder that holds bin and dist>]`
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
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
  const url = await urlOf(org.stdout);
  // The last hour is left to the run behind it, which so goes on from a checkpoint and finds something new.
  await run(url, launcher, '--settle', '3600');
  // The seed of a hash table would make each cache another one.
  await run(url, '--random-seed=1', recorder, program);
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
 * @param {...string} args
 */
async function run(url, ...args) {
  const log = join(folder, 'okta-collector.log');
  await promisify(execFile)(process.execPath, [...args, '--quiet', '--log-file', log], {
    cwd: folder,
    maxBuffer: Infinity,
    env: {
      OKTA_COLLECTOR_OKTA_ORG_URL: url,
      OKTA_COLLECTOR_API_TOKEN: TOKEN,
      OKTA_COLLECTOR_STREAM_POS_PATH: join(folder, 'okta_checkpoint.dat'),
    },
  });
}
