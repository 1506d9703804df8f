import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject, test } from 'vitest';
import { drawNumber, drawsFor } from '../../src/sandbox/chance.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startProgramRun } from '../support/program-run.ts';
import { unpack } from '../support/unpack.ts';
import { killedAt, tellingClock } from './kill-at.ts';
import { createLedger } from './ledger.ts';

/** How often each of the four installations has a run killed. */
const KILLS = 50;
/** A run that ends before its moment comes does not count. */
const MOST_RUNS = 2 * KILLS;
/** About so many pages come out before the moment does: enough are needed for the backlog to last. */
const PAGES_A_RUN = 4;

test.concurrent.for([
  { into: 'a pipe', pageLimit: 5 },
  { into: 'a file', pageLimit: 10 },
  { into: 'a pipe', pageLimit: 30 },
  { into: 'a file', pageLimit: 50 },
])(
  `killed ${KILLS} times with pages of $pageLimit into $into, it loses nothing and repeats at most a page a time`,
  { timeout: 180_000 },
  async ({ into, pageLimit }, { expect, onTestFinished }) => {
    const clock = tellingClock();
    const sandbox = await startSandbox({
      clock,
      events: KILLS * PAGES_A_RUN * pageLimit,
      days: 6,
      rateLimit: 1e9,
      seed: pageLimit,
    });
    onTestFinished(() => sandbox.close());
    const installation = await unpack(inject('program'), sandbox, {
      pagination_limit: String(pageLimit),
    });
    onTestFinished(() => rm(installation.folder, { recursive: true }));
    const file = into === 'a file' ? join(installation.folder, 'events.json') : undefined;
    if (file !== undefined) await writeFile(file, '');

    const ledger = createLedger(sandbox.org, file !== undefined);
    let kills = 0;
    let wasKilled = false;
    for (let runs = 0; kills < KILLS && runs < MOST_RUNS; runs += 1) {
      const draw = drawsFor(pageLimit, runs);
      orderSlowAnswer(sandbox, draw);
      const run = await startProgramRun(installation, [], file);
      const end = await killedAt({ run, installation, clock, file, latest: 8 }, draw);
      const receipt = ledger.take(end.output);
      expect(receipt.altered).toEqual([]);
      expect(receipt.repeated.length).toBeLessThanOrEqual(wasKilled ? pageLimit : 0);
      wasKilled = end.exitCode === undefined;
      if (wasKilled) kills += 1;
      else expect(end).toMatchObject({ exitCode: 0, stderr: '' });
      expect(receipt.isTorn && !wasKilled).toBe(false);
      if (wasKilled && file !== undefined && (await endsWhole(file)) && draw() < 0.3) {
        ledger.take(await tear(file, sandbox));
      }
    }
    expect(kills).toBe(KILLS);

    const last = await (await startProgramRun(installation, [], file)).ended;
    expect(last).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ledger.take(last.output)).toMatchObject({ altered: [], isTorn: false });
    const idle = await (await startProgramRun(installation, [], file)).ended;
    expect(idle).toMatchObject({ exitCode: 0, stderr: '', output: Buffer.alloc(0) });
    expect(ledger.missing(sandbox.org.events)).toEqual([]);
  },
);

/** Now and then an answer comes so slowly that the kill falls into it. */
function orderSlowAnswer(sandbox: Sandbox, draw: () => number): void {
  if (draw() < 0.3) sandbox.misbehave(`slow:2@${sandbox.requests.length + drawNumber(draw, 1, 6)}`);
}

async function endsWhole(file: string): Promise<boolean> {
  const bytes = await readFile(file);
  return bytes.length === 0 || bytes.at(-1) === 10;
}

/** The kernel finishes a write as small as these; one of megabytes, or a power cut, leaves the beginning of a line. */
async function tear(file: string, { org }: Sandbox): Promise<Buffer> {
  const torn = Buffer.concat(org.events.slice(-1).map(({ json }) => json.subarray(0, 200)));
  await appendFile(file, torn);
  return torn;
}
