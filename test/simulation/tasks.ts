import { controls } from './controls.ts';
import { liveOnce } from './life.ts';
import type { Summary } from './summary.ts';
import { NOTHING_YET, sum, summaryOf } from './summary.ts';

/** Work for one thread. */
export type Task =
  | { readonly kind: 'lives'; readonly from: number; readonly count: number }
  | {
      readonly kind: 'control';
      readonly name: string;
      readonly from: number;
      readonly most: number;
    };

/** What came of it. */
export type TaskResult =
  | { readonly kind: 'lives'; readonly summary: Summary }
  | {
      readonly kind: 'control';
      readonly name: string;
      /** How many lives it took until the bug was found; `undefined`: it was not. */
      readonly lives: number | undefined;
    };

/** Plays the lives of a task. */
export async function carryOut(task: Task): Promise<TaskResult> {
  switch (task.kind) {
    case 'lives':
      return { kind: 'lives', summary: await playLives(task.from, task.count) };
    case 'control':
      return { kind: 'control', name: task.name, lives: await livesUntilFound(task) };
  }
}

async function playLives(from: number, count: number): Promise<Summary> {
  let summary = NOTHING_YET;
  for (let seed = from; seed < from + count; seed += 1) {
    summary = sum(summary, summaryOf(seed, await liveOnce(seed)));
  }
  return summary;
}

/** A bug counts as found only by the promise that it is said to break. */
async function livesUntilFound(task: Task & { kind: 'control' }): Promise<number | undefined> {
  const control = controls.find(({ name }) => name === task.name);
  if (control === undefined) return undefined;
  const { mutation, breaks } = control;
  for (let lives = 1; lives <= task.most; lives += 1) {
    const { violations } = await liveOnce(task.from + lives, { mutation });
    if (violations.some((one) => one.startsWith(breaks))) return lives;
  }
  return undefined;
}
