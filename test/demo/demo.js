/**
 * The main job in one minute: an Okta org on this machine, a first run that prints its events, and a
 * second run that prints only what has come since. Leaves nothing behind.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const program = join(import.meta.dirname, '../../bin/okta-collector');
const token = 'demo-token-that-only-the-sandbox-knows';
const sandboxOptions = '--events 12 --days 1 --events-per-minute 120 --token'.split(' ');

const folder = await mkdtemp(join(tmpdir(), 'okta-collector-demo-'));
const org = spawn(process.execPath, [program, 'sandbox', ...sandboxOptions, token], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const url = await urlOf(org);
  say(`1. An Okta org with 12 events, two more every second, listens at ${url}`);
  say('2. First run: all events up to now on standard output, the summary on standard error');
  await collect(url);
  say('3. Some seconds pass, in which events arrive');
  await pause(4000);
  say('4. Second run: only what is new since the first one');
  await collect(url);
  say('5. Done; the org is stopped and the checkpoint removed');
} finally {
  org.kill();
  await rm(folder, { recursive: true });
}

/**
 * @param {import('node:child_process').ChildProcess} sandbox
 * @returns {Promise<string>} where it listens
 */
async function urlOf(sandbox) {
  if (sandbox.stdout === null) throw new Error('The sandbox has no output');
  for await (const line of createInterface(sandbox.stdout)) {
    const url = /http:\/\/\S+\d/.exec(line)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error('The sandbox did not start');
}

/** @param {string} url */
async function collect(url) {
  const run = spawn(process.execPath, [program], {
    cwd: folder,
    stdio: 'inherit',
    env: {
      ...process.env,
      OKTA_COLLECTOR_OKTA_ORG_URL: url,
      OKTA_COLLECTOR_API_TOKEN: token,
      OKTA_COLLECTOR_STREAM_POS_PATH: join(folder, 'okta_checkpoint.dat'),
      // A real org needs a minute for its order to settle; this one may be asked sooner.
      OKTA_COLLECTOR_SETTLE_SECONDS: '1',
    },
  });
  await once(run, 'exit');
  if (run.exitCode !== 0)
    throw new Error(`The collector ended with exit code ${String(run.exitCode)}`);
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`\n--- ${text}\n`);
}
