import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { BusyError } from '../../src/domain/failure.ts';
import { instant, minutes } from '../../src/domain/time.ts';
import { acquireRunLock } from '../../src/state/run-lock.ts';

/** What the program says of each command that it has carried out, one JSON line each. */
export type Said =
  | { readonly said: 'ready' | 'held' | 'released' }
  | { readonly said: 'busy'; readonly message: string; readonly overdue: boolean };

const [, , path = ''] = process.argv;
const clock = {
  now: () => instant(new Date().getTime()),
  sleep: (duration: number, signal: AbortSignal) => wait(duration, undefined, { signal }),
};
let lock: Awaited<ReturnType<typeof acquireRunLock>> | undefined;

/** A program for the tests of the run lock: reads `acquire` and `release` until its input ends. */
async function main(): Promise<void> {
  say({ said: 'ready' });
  for await (const command of createInterface(process.stdin)) {
    say(await (command === 'acquire' ? acquire() : release()));
  }
}

async function acquire(): Promise<Said> {
  try {
    lock = await acquireRunLock({ path, budget: minutes(1), clock });
    return { said: 'held' };
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    return { said: 'busy', message: error.message, overdue: error.overdue };
  }
}

async function release(): Promise<Said> {
  await lock?.release();
  return { said: 'released' };
}

function say(what: Said): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

await main();
