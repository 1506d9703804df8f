import type { Duration } from '../domain/time.ts';

/** A signal of limited time. */
interface TimeLimit {
  readonly signal: AbortSignal;
  /** To be called when the work is over: no timer is left behind, and nobody listens any more. */
  readonly lift: () => void;
}

/**
 * A signal that is given with `signal`, for the same reason, or with a `TimeoutError` when `duration`
 * is over. `AbortSignal.timeout` would leave a timer behind with each request, for a minute.
 */
export function timeLimit(signal: AbortSignal, duration: Duration): TimeLimit {
  const limit = new AbortController();
  const follow = (): void => {
    limit.abort(signal.reason);
  };
  const timer = setTimeout(() => {
    limit.abort(new DOMException('The time is over', 'TimeoutError'));
  }, duration);
  // Like that of `AbortSignal.timeout`, it does not keep the process.
  timer.unref();
  if (signal.aborted) follow();
  signal.addEventListener('abort', follow, { once: true });
  return {
    signal: limit.signal,
    lift: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', follow);
    },
  };
}
