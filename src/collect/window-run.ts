import type { WindowCheckpoint } from '../domain/checkpoint.ts';
import { newestPublished } from '../domain/page.ts';
import type { RunEnd } from '../domain/run-summary.ts';
import type { Duration, Instant, Window } from '../domain/time.ts';
import { formatInstant, instant, later, seconds } from '../domain/time.ts';
import { nextRequest } from '../domain/window-step.ts';
import { oldestKept, tellOfGap } from './retention.ts';
import type { Pass } from './take-page.ts';
import type { WindowPassEnd } from './window-pass.ts';
import { windowPass } from './window-pass.ts';

/** What a fixed window is collected with. */
export interface WindowRun extends Pass<WindowCheckpoint> {
  readonly window: Window;
  /** How old an event must be to be asked for. */
  readonly settle: Duration;
}

/** A `Date` is cut to whole seconds and is some time on its way. */
const DATE_TOLERANCE = seconds(2);

/**
 * Writes the events of a window, as far as it lies before the horizon; a later run writes the rest.
 * Rejects with the signal's reason if that comes first, or with a `Failure`.
 */
export async function collectWindow(run: WindowRun): Promise<RunEnd> {
  const found = await run.checkpoints.load();
  if (found?.writer === 'SumoJanus') {
    run.log.warn(
      'The window is taken over from SumoJanus: up to a page may come that it has printed before',
    );
  }
  const before = found?.checkpoint ?? unread(run);
  if (before.finished) {
    run.log.info('The window was finished by an earlier run: nothing is asked');
    return 'window was finished before';
  }
  const after = await readOn(run, before, run.clock.now());
  if (after.finished) return 'window finished';
  run.log.info(
    'The rest of the window is still to come: a later run goes on with it, given these bounds',
    {
      start: formatInstant(after.window.since),
      end: formatInstant(after.window.until),
      read_up_to: formatInstant(after.askedUntil),
    },
  );
  return 'window waits for its end';
}

function unread({ window }: WindowRun): WindowCheckpoint {
  return {
    stream: 'window',
    window,
    askedSince: window.since,
    askedUntil: window.since,
    link: undefined,
    finished: false,
    remembered: [],
  };
}

/** Goes on with the request in hand, or with the next one as far as `now` allows. */
async function readOn(
  run: WindowRun,
  before: WindowCheckpoint,
  now: Instant,
): Promise<WindowCheckpoint> {
  const isNew = before.link === undefined;
  const request = isNew ? requestAt(now, run, before) : before;
  if (request === undefined) return before;
  const end = await windowPass(
    run,
    request,
    ({ serverTime }) => isNew && isReckonedWrong(request, requestAt(serverTime, run, before)),
  );
  if (end.kind === 'ask anew') return readOn(run, before, end.serverTime);
  if (isNew && request.askedSince > before.askedUntil) {
    tellOfGap(before.askedUntil, request.askedSince, run.log);
  }
  return afterPass(run, end);
}

/** What can be asked at a moment: nothing behind the horizon, and nothing that Okta no longer keeps. */
function requestAt(
  now: Instant,
  { settle }: WindowRun,
  before: WindowCheckpoint,
): WindowCheckpoint | undefined {
  const request = nextRequest(before, now, settle);
  if (request === undefined) return undefined;
  const oldest = instant(Math.min(oldestKept(now), request.askedUntil));
  return request.askedSince < oldest ? { ...request, askedSince: oldest } : request;
}

/** Our clock was off: Okta ends a request into the future without its remainder, and still has what we thought too old. */
function isReckonedWrong(request: WindowCheckpoint, better: WindowCheckpoint | undefined): boolean {
  if (better === undefined) return true;
  return (
    request.askedUntil > later(better.askedUntil, DATE_TOLERANCE) ||
    request.askedSince > later(better.askedSince, DATE_TOLERANCE)
  );
}

/** Asks a refused request again from the newest event that was delivered, once; refused again, it is a failure. */
async function afterPass(
  run: WindowRun,
  end: Exclude<WindowPassEnd, { kind: 'ask anew' }>,
): Promise<WindowCheckpoint> {
  if (end.kind === 'end') return end.progress;
  const { progress, failure } = end;
  const askedSince = newestRemembered(progress) ?? progress.askedSince;
  run.log.warn(`${failure.message}; the window is asked again from an earlier time`, {
    from: formatInstant(askedSince),
  });
  const again = await windowPass(run, { ...progress, askedSince, link: undefined }, () => false);
  if (again.kind === 'end') return again.progress;
  throw failure;
}

function newestRemembered({ remembered, askedUntil }: WindowCheckpoint): Instant | undefined {
  return newestPublished(remembered, askedUntil);
}
