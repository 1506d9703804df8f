import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { controls } from './controls.ts';
import { liveOnce } from './life.ts';
import { describe, NOTHING_YET, sum } from './summary.ts';
import type { Task } from './tasks.ts';
import { serveTasks, shareOut } from './threads.ts';

/*
 * npm run simulate -- --lives 100000 [--seed N]       plays lives from a seed on, and sums them up
 * npm run simulate -- --seed N                        replays one life and tells all that happens
 * npm run simulate -- --controls 9 [--lives 2000]     looks for each deliberate bug, so many times
 */

const LIVES_TO_A_TASK = 25;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      lives: { type: 'string' },
      seed: { type: 'string' },
      controls: { type: 'string' },
    },
  });
  const seed = Number(values.seed ?? 1);
  const lives = Number(values.lives ?? 2000);
  if (values.controls !== undefined) return findControls(Number(values.controls), seed, lives);
  if (values.seed !== undefined && values.lives === undefined) return replay(seed);
  return playMany(seed, lives);
}

async function replay(seed: number): Promise<void> {
  const { violations } = await liveOnce(seed, { tell: print });
  print(violations.length === 0 ? 'All promises were kept' : violations.join('\n'));
  if (violations.length > 0) process.exitCode = 1;
}

async function playMany(seed: number, lives: number): Promise<void> {
  let summary = NOTHING_YET;
  await shareOut(slices(seed, lives), import.meta.filename, (result) => {
    if (result.kind !== 'lives') return;
    summary = sum(summary, result.summary);
    process.stderr.write(
      `\r${summary.lives} of ${lives} lives, ${summary.failures.length} broken `,
    );
    for (const failure of result.summary.failures) {
      process.stderr.write(`\nReplay with: npm run simulate -- --seed ${failure.seed}\n`);
    }
  });
  process.stderr.write('\n');
  print(describe(summary));
  if (summary.failures.length > 0) process.exitCode = 1;
}

function* slices(seed: number, lives: number): Generator<Task> {
  for (let done = 0; done < lives; done += LIVES_TO_A_TASK) {
    yield { kind: 'lives', from: seed + done, count: Math.min(LIVES_TO_A_TASK, lives - done) };
  }
}

/** Prints a row for each control: what it breaks, and the median number of lives until it was found. */
async function findControls(times: number, seed: number, most: number): Promise<void> {
  const found = new Map(controls.map(({ name }) => [name, [] as number[]]));
  const tasks = controls.flatMap(({ name }) =>
    Array.from({ length: times }, (_, n): Task => ({
      kind: 'control',
      name,
      from: seed + n * 1e6,
      most,
    })),
  );
  await shareOut(tasks, import.meta.filename, (result) => {
    if (result.kind === 'control') found.get(result.name)?.push(result.lives ?? Infinity);
  });
  print(`promise  lives until found (median of ${times})  control`);
  for (const { name, breaks } of controls) {
    const median = (found.get(name) ?? []).sort((a, b) => a - b)[Math.floor(times / 2)] ?? Infinity;
    print(
      `${breaks.padEnd(9)}${(median === Infinity ? 'not found' : String(median)).padEnd(33)}${name}`,
    );
    if (median === Infinity) process.exitCode = 1;
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

if (isMainThread) await main();
else serveTasks();
