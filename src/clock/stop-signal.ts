import type { Clock } from '../domain/clock.ts';
import { Stop } from '../domain/stop.ts';
import type { Duration } from '../domain/time.ts';

/** Tells a run when to end before its work is done. */
export interface StopSignal {
  /** Given with a `Stop` as its reason. */
  readonly signal: AbortSignal;
  /** Listens no longer, so that the process can end. */
  cancel(): void;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Given on SIGTERM, on SIGINT, and when the time budget is over (`undefined`: there is none). A
 * second SIGTERM or SIGINT ends the process at once, as it would any other.
 */
export function stopSignal(budget: Duration | undefined, clock: Clock): StopSignal {
  const stop = new AbortController();
  const done = new AbortController();
  const onSignal = (): void => {
    stop.abort(new Stop('stopped by signal'));
    unlisten();
  };
  const unlisten = (): void => {
    SIGNALS.forEach((name) => process.off(name, onSignal));
  };
  SIGNALS.forEach((name) => process.on(name, onSignal));
  if (budget !== undefined) {
    clock.sleep(budget, done.signal).then(
      () => {
        stop.abort(new Stop('time budget over'));
      },
      () => undefined,
    );
  }
  return {
    signal: stop.signal,
    cancel: () => {
      unlisten();
      done.abort();
    },
  };
}
