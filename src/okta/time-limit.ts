import type { Duration } from '../domain/time.ts';

/**
 * Tells when `signal` is given, with its reason, or with a `TimeoutError` when `duration` is over;
 * once at most, at once if the signal is given already. What comes back ends the waiting: no timer is
 * left behind, and nobody listens any more. `AbortSignal.timeout` and `AbortSignal.any` would leave both
 * behind with each request, for a minute.
 */
export function whenOver(
  signal: AbortSignal,
  duration: Duration,
  tell: (reason: Error) => void,
): () => void {
  const follow = (): void => {
    clearTimeout(timer);
    tell(signal.reason as Error);
  };
  const timer = setTimeout(() => {
    signal.removeEventListener('abort', follow);
    tell(new DOMException('The time is over', 'TimeoutError'));
  }, duration);
  // Like that of `AbortSignal.timeout`, it does not keep the process.
  timer.unref();
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', follow);
  };
}
