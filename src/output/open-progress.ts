import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import type { Progress } from '../domain/progress.ts';
import type { Duration, Instant } from '../domain/time.ts';
import { earlier, instant, milliseconds, seconds } from '../domain/time.ts';
import { Pace } from './pace.ts';
import type { ProgressScreen } from './progress-screen.ts';
import { progressFields, progressLines } from './progress-text.ts';

interface ProgressOptions {
  /** `undefined`: nobody looks, so that the log is told. */
  readonly screen: ProgressScreen | undefined;
  readonly log: Log;
  readonly clock: Clock;
}

/** A progress that is shown until it is closed. */
export interface OpenProgress extends Progress {
  /** Shows no more, and leaves nothing of the display behind. */
  close(): void;
}

const LOG_INTERVAL = seconds(30);
const SCREEN_INTERVAL = seconds(1);
/** More often than this nobody can read. */
const SHORTEST = milliseconds(100);

/** Shows progress on a screen that is a terminal, else by a line in the log every 30 s. */
export function openProgress(options: ProgressOptions): Promise<OpenProgress> {
  const { screen, clock, log } = options;
  return screen !== undefined && process.stderr.isTTY
    ? openDisplay(screen, clock)
    : Promise.resolve(openLines(log, clock));
}

function openLines(log: Log, clock: Clock): OpenProgress {
  const pace = new Pace();
  const done = repeat(clock, LOG_INTERVAL, () => {
    const state = pace.at(clock.now());
    if (state !== undefined) log.info('Progress', progressFields(state));
  });
  return {
    show: (state) => {
      pace.add(state, clock.now());
    },
    close: () => {
      done.abort();
    },
  };
}

/** Drawn on `process.stderr`, which knows the width of the window also after a change of it. */
async function openDisplay(screen: ProgressScreen, clock: Clock): Promise<OpenProgress> {
  const { createLogUpdate } = await import('log-update');
  // A cursor that is never hidden need not be shown again, whatever ends the process; and whoever
  // hides it listens to signals, and ends the process where we want to finish the page in hand.
  const display = createLogUpdate(process.stderr, { showCursor: true });
  const pace = new Pace();
  let drawnAt: Instant = instant(0);
  const draw = (): void => {
    const now = clock.now();
    const state = pace.at(now);
    if (state === undefined) return;
    drawnAt = now;
    const { columns } = process.stderr;
    display(progressLines(state, columns, screen.stderr.hasColours).join('\n'));
  };
  const done = repeat(clock, SCREEN_INTERVAL, draw);
  screen.keepBelow({
    clear: () => {
      display.clear();
    },
    draw,
  });
  return {
    show(state) {
      const now = clock.now();
      pace.add(state, now);
      if (drawnAt <= earlier(now, SHORTEST)) draw();
    },
    close() {
      done.abort();
      screen.keepBelow(undefined);
      display.clear();
      display.done();
    },
  };
}

/** Does something again and again, until the controller that it gives is aborted. */
function repeat(clock: Clock, interval: Duration, action: () => void): AbortController {
  const done = new AbortController();
  const goOn = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(interval, done.signal);
      action();
    }
  };
  goOn().catch((error: unknown) => {
    if (!done.signal.aborted) throw error;
  });
  return done;
}
