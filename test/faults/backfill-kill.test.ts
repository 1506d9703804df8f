import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { inject, test } from 'vitest';
import { days, earlier, formatInstant, hours } from '../../src/domain/time.ts';
import { drawNumber, drawsFor } from '../../src/sandbox/chance.ts';
import type { StoredEvent } from '../../src/sandbox/org.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startProgramRun } from '../support/program-run.ts';
import { unpack } from '../support/unpack.ts';
import { killedAt, tellingClock } from './kill-at.ts';
import { createLedger } from './ledger.ts';

/** How often each of the backfills is killed. */
const KILLS = 50;
const MOST_RUNS = 2 * KILLS;
const PAGE_LIMIT = 10;
/** About so many pages come out before the moment does, read ahead as they are: enough are needed for the backfill to last. */
const PAGES_A_RUN = 12;

test.concurrent.for([
  { into: 'files', args: ['--output-dir', 'days'] },
  { into: 'compressed files', args: ['--output-dir', 'days', '--gzip'] },
  { into: 'a pipe', args: [] },
])(
  `killed ${KILLS} times, a backfill into $into loses nothing, and at most a page is repeated a time, in files none`,
  { timeout: 240_000 },
  async ({ into, args }, { expect, onTestFinished }) => {
    const clock = tellingClock();
    const seed = into.length;
    const sandbox = await startSandbox({
      clock,
      seed,
      events: KILLS * PAGES_A_RUN * PAGE_LIMIT,
      days: 9,
      rateLimit: 1e9,
    });
    onTestFinished(() => sandbox.close());
    const installation = await unpack(inject('program'), sandbox, {
      pagination_limit: String(PAGE_LIMIT),
    });
    onTestFinished(() => rm(installation.folder, { recursive: true }));
    const since = earlier(clock.now(), days(10));
    const until = earlier(clock.now(), hours(1));
    const bounds = ['--start', formatInstant(since), '--end', formatInstant(until)];
    const command = ['backfill', ...bounds, ...args];
    const folder = join(installation.folder, 'days');
    await mkdir(folder);
    const isToFiles = args.length > 0;
    // Nothing comes there; but with it the kill does not wait for that.
    const stdout = isToFiles ? join(installation.folder, 'stdout') : undefined;
    const watched = { installation, clock, file: isToFiles ? folder : undefined, latest: 10 };

    const ledger = createLedger(sandbox.org, false);
    let kills = 0;
    let wasKilled = false;
    for (let runs = 0; kills < KILLS && runs < MOST_RUNS; runs += 1) {
      const draw = drawsFor(seed, runs);
      if (draw() < 0.3)
        sandbox.misbehave(`slow:2@${sandbox.requests.length + drawNumber(draw, 1, 6)}`);
      const run = await startProgramRun(installation, command, stdout);
      const end = await killedAt({ ...watched, run }, draw);
      const receipt = ledger.take(end.output);
      expect(receipt.altered).toEqual([]);
      expect(receipt.repeated.length).toBeLessThanOrEqual(wasKilled ? PAGE_LIMIT : 0);
      wasKilled = end.exitCode === undefined;
      if (wasKilled) kills += 1;
      else expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    }
    expect(kills).toBe(KILLS);

    const last = await (await startProgramRun(installation, command, stdout)).ended;
    expect(last).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ledger.take(last.output)).toMatchObject({ altered: [], isTorn: false });
    const inside = sandbox.org.events.filter(({ published }) => published < until);
    if (isToFiles) expect((await linesIn(folder)).equals(linesOf(inside))).toBe(true);
    else expect(ledger.missing(inside)).toEqual([]);
  },
);

/** What the day files hold, in order of the days. */
async function linesIn(folder: string): Promise<Buffer> {
  const names = (await readdir(folder)).toSorted().filter((name) => name !== 'manifest.json');
  const bodies = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return Buffer.concat(bodies.map((body) => (body[0] === 0x1f ? gunzipSync(body) : body)));
}

function linesOf(events: readonly StoredEvent[]): Buffer {
  const inOrder = events.toSorted(
    (one, other) => one.published - other.published || one.sequence - other.sequence,
  );
  return Buffer.concat(inOrder.flatMap(({ json }) => [json, Buffer.from('\n')]));
}
