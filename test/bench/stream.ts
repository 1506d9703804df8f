import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BenchWorld } from './bench-world.ts';
import { forgetting, scheduledRun } from './bench-world.ts';
import { EVENTS_A_PAGE } from './make-page.ts';
import { installPackages, isInstalled } from './installed.ts';
import type { Contender } from './measure.ts';
import { measureInTurn } from './measure.ts';
import { COST_COLUMNS, costRows, ratio, typical } from './program-costs.ts';
import type { Report } from './report.ts';

const PAGES = 40;
const PEERS = resolve('test/bench/peers');

const OURS = 'okta-collector';
const CURL = 'curl --compressed';
const JQ = "curl --compressed | jq -c '.[]'";
const SDK = '@okta/okta-sdk-nodejs';

/** What it costs to collect 40 pages over http, beside what else could do it. */
export async function benchStream(world: BenchWorld): Promise<Report> {
  const installation = await world.install(PAGES);
  const ours = scheduledRun(OURS, installation, forgetting(installation));
  const { others, missing } = await findOthers(world);
  const costs = await measureInTurn([ours, ...others], 9 * world.repeat, world.folder);
  const times = (one: string, other: string): number => ratio(costs, one, other, world.by);
  const events = PAGES * EVENTS_A_PAGE;
  const aSecond = (name: string): number => events / (typical(costs, name, 'wall') / 1000);
  return {
    name: 'stream',
    title: `${PAGES} pages, ${events} events, gzip over http, to /dev/null; as multiples of ${OURS}`,
    columns: [...COST_COLUMNS, 'events/s'],
    rows: costRows(costs, OURS).map((row) => [
      ...row,
      row[0] === NODE ? '' : aSecond(String(row[0])),
    ]),
    notes: missing.map((name) => `not installed: ${name}`),
    gates: [
      { what: `against ${CURL}`, value: times(OURS, CURL), limit: 2, kind: 'at most' },
      { what: `faster than ${SDK}`, value: times(SDK, OURS), limit: 10, kind: 'at least' },
      { what: 'its memory', value: ratio(costs, OURS, SDK, 'memory'), limit: 0.4, kind: 'at most' },
      { what: `faster than ${JQ}`, value: times(JQ, OURS), limit: 10, kind: 'at least' },
      {
        what: 'bytes equal',
        value: await shareOfEqualBytes(ours, world),
        limit: 1,
        kind: 'at least',
      },
    ],
  };
}

const NODE = 'node -e 0';

async function findOthers({ folder, server }: BenchWorld): Promise<{
  others: readonly Contender[];
  missing: readonly string[];
}> {
  const url = server.urls[PAGES] ?? '';
  const requests = join(folder, 'requests');
  await writeFile(requests, curlRequests(url));
  const curl = ['curl', '-sS', '--compressed', '-H', 'authorization: SSWS bench', '-K', requests];
  const bash = (script: string): string[] => ['/bin/bash', '-c', script, ...curl];
  const [hasCurl, hasJq, hasSdk] = await Promise.all([
    isInstalled('curl'),
    isInstalled('jq'),
    installPackages(PEERS),
  ]);
  const node = process.execPath;
  const all: readonly (readonly [boolean, Contender])[] = [
    [hasCurl, { name: CURL, command: curl }],
    [hasCurl && hasJq, { name: JQ, command: bash(`"$0" "$@" | jq -c '.[]'`) }],
    [hasSdk, { name: SDK, command: [node, join(PEERS, 'okta-sdk.js'), url] }],
    [
      true,
      {
        name: 'fetch, parse, stringify each event',
        command: [node, join(PEERS, 'parse-and-stringify.js'), url],
      },
    ],
    [
      true,
      {
        name: 'cat of the lines | cat',
        command: ['/bin/bash', '-c', 'cat "$0" | cat', server.file],
      },
    ],
    [true, { name: NODE, command: [node, '-e', '0'] }],
  ];
  return {
    others: all.flatMap(([isThere, contender]) => (isThere ? [contender] : [])),
    missing: all.flatMap(([isThere, { name }]) => (isThere ? [] : [name])),
  };
}

/** The requests of a run that knows all links already. */
function curlRequests(url: string): string {
  const requests = Array.from({ length: PAGES }, (_, page) => {
    return `url = "${url}/api/v1/logs?after=${page}&limit=${EVENTS_A_PAGE}"\n`;
  });
  return requests.join('');
}

/** 1 if a run writes what the server sent, byte for byte; else 0. */
async function shareOfEqualBytes(
  { command, prepare }: Contender,
  { folder, server }: BenchWorld,
): Promise<number> {
  await prepare?.();
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const hash = createHash('sha256');
  child.stdout.on('data', (chunk: Buffer) => hash.update(chunk));
  await once(child, 'close');
  return hash.digest('hex') === server.sha256 ? 1 : 0;
}
