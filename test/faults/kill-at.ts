import { EventEmitter } from 'node:events';
import { watch } from 'node:fs';
import { dirname } from 'node:path';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { Draw } from '../../src/sandbox/chance.ts';
import { drawNumber } from '../../src/sandbox/chance.ts';
import type { ProgramRun, ProgramRunEnd } from '../support/program-run.ts';
import type { Installation } from '../support/unpack.ts';

/** The real time, for an org that looks at it once a request; tells of each of these looks. */
export interface TellingClock extends Clock {
  /** Emits `request` when one has been received and not been answered yet. */
  readonly requests: EventEmitter;
}

export function tellingClock(): TellingClock {
  const requests = new EventEmitter();
  return {
    ...systemClock,
    requests,
    now() {
      requests.emit('request');
      return systemClock.now();
    },
  };
}

/** Where a run can be watched. */
interface Watched {
  readonly run: ProgramRun;
  readonly installation: Installation;
  readonly clock: TellingClock;
  /** The file that the events go to, which exists; `undefined` for a pipe. */
  readonly file: string | undefined;
  /** Up to which request, output or state change the kill may wait. */
  readonly latest: number;
}

/**
 * Kills a run with SIGKILL at a moment drawn by chance, unless it ends before: some time after its
 * start; while a page is awaited, or some time after it was asked for; when a page or the first part of
 * one is out; when the draft of a checkpoint is written or renamed. Resolves with its end.
 */
export async function killedAt(
  { run, installation, clock, file, latest }: Watched,
  draw: Draw,
): Promise<ProgramRunEnd> {
  const over = new AbortController();
  const count = drawNumber(draw, 1, latest + 1);
  const kill = (): void => {
    run.kill('SIGKILL');
  };
  const killIn = (milliseconds: number) => (): void => {
    const timer = setTimeout(kill, milliseconds);
    over.signal.addEventListener('abort', () => {
      clearTimeout(timer);
    });
  };
  const atNth = (emitter: NodeJS.EventEmitter, event: string, act: () => void): void => {
    let seen = 0;
    const look = (): void => {
      seen += 1;
      if (seen === count) act();
    };
    emitter.on(event, look);
    over.signal.addEventListener('abort', () => emitter.off(event, look));
  };
  const kind = drawNumber(draw, 0, 10);
  if (kind < 1) killIn(50 + draw() * 300)();
  else if (kind < 4) atNth(clock.requests, 'request', kill);
  else if (kind < 6) atNth(clock.requests, 'request', killIn(draw() * 15));
  else if (kind < 8 && run.stdout !== undefined) atNth(run.stdout, 'data', kill);
  else {
    const place = kind < 8 && file !== undefined ? file : dirname(installation.checkpoint);
    atNth(watch(place, { signal: over.signal }), 'change', kill);
  }
  const end = await run.ended;
  over.abort();
  return end;
}
