import type { LiveCheckpoint } from '../domain/checkpoint.ts';
import type { LiveProgress } from '../domain/held-pages.ts';
import { beginning, resuming } from '../domain/held-pages.ts';
import { newestDelivered } from '../domain/read-up-to.ts';
import type { RunEnd } from '../domain/run-summary.ts';
import type { Duration, TimeBound } from '../domain/time.ts';
import { between, days, formatInstant, minutes, momentOf } from '../domain/time.ts';
import type { LivePass, PassEnd, SecondThought } from './live-pass.ts';
import { livePass } from './live-pass.ts';
import { startAfterRefusal } from './refused-link.ts';
import { tellOfLag, withinRetention } from './retention.ts';

/** What the live stream is collected with. */
export interface LiveRun extends LivePass {
  /** Where a stream begins that has no checkpoint; `undefined`: 7 days ago. */
  readonly start: TimeBound | undefined;
  /** The time between two passes; `undefined`: one pass is all. */
  readonly pollInterval: Duration | undefined;
}

const DEFAULT_START: TimeBound = { kind: 'ago', by: days(7) };
/** Our clock may be off by so much before a start that was reckoned by it is reckoned anew. */
const CLOCK_TOLERANCE = minutes(5);

/**
 * Reads the live stream from where it was left up to its tip, once or every `pollInterval`; resolves
 * when it is caught up, rejects with the signal's reason if that comes first, or with a `Failure`.
 */
export async function collectLive(run: LiveRun): Promise<RunEnd> {
  const found = await run.checkpoints.load();
  let progress = found === undefined ? await firstPass(run) : await pass(run, goOnFrom(run, found));
  while (run.pollInterval !== undefined) {
    await run.clock.sleep(run.pollInterval, run.signal);
    progress = await pass(run, progress);
  }
  return 'caught up';
}

function firstPass(run: LiveRun): Promise<LiveProgress> {
  const bound = run.start ?? DEFAULT_START;
  const now = run.clock.now();
  const start = withinRetention(momentOf(bound, now), now, run.log);
  return pass(run, beginning(start), unlessClockIsOff(run, bound));
}

/** One answer whose `Date` is wrong is put right by the next; after so many, the last one is believed. */
const MOST_SECOND_THOUGHTS = 3;

/** What lies some time ago, and what is too old for Okta, was reckoned by our clock; the server's own is what counts. */
function unlessClockIsOff({ log }: LiveRun, bound: TimeBound): SecondThought {
  let thoughts = 0;
  return ({ serverTime, receivedAt }, start) => {
    const better = withinRetention(momentOf(bound, serverTime), serverTime, log);
    if (Math.abs(between(start, better)) <= CLOCK_TOLERANCE) return undefined;
    if (++thoughts > MOST_SECOND_THOUGHTS) return undefined;
    log.warn('The clock of this machine is off: the start is reckoned by that of Okta', {
      our_time: formatInstant(receivedAt),
      server_time: formatInstant(serverTime),
    });
    return beginning(better);
  };
}

function goOnFrom(
  run: LiveRun,
  { checkpoint, writer }: { checkpoint: LiveCheckpoint; writer: string },
): LiveProgress {
  run.tally.startFrom(newestDelivered(checkpoint, run.clock.now()));
  if (run.start !== undefined)
    run.log.info('start_time is not used: the checkpoint says where to go on', {
      caveat: 'start ignored',
    });
  if (writer === 'SumoJanus') {
    run.log.warn(
      'The position is taken over from SumoJanus: up to a page may come that it has printed before',
      {
        caveat: 'taken over',
        remembered: checkpoint.remembered.length,
      },
    );
  }
  tellOfLag(checkpoint, run.clock.now(), run.log);
  return resuming(checkpoint);
}

async function pass(
  run: LiveRun,
  from: LiveProgress,
  secondThought?: SecondThought,
): Promise<LiveProgress> {
  const end = await livePass(run, from, secondThought);
  switch (end.kind) {
    case 'tip':
      return end.progress;
    case 'begin anew':
      return pass(run, end.progress, secondThought);
    case 'refused':
      return passAfterRefusal(run, end);
  }
}

/** Goes on from a safe earlier time, once; refused again, it is a failure. */
async function passAfterRefusal(
  run: LiveRun,
  refused: PassEnd & { kind: 'refused' },
): Promise<LiveProgress> {
  const before = run.tally.counts;
  const again = await livePass(run, startAfterRefusal(refused, run));
  if (again.kind === 'refused') throw again.failure;
  run.log.warn('The stream is past the refused link', {
    written: run.tally.counts.events - before.events,
    dropped_as_delivered_before: run.tally.counts.dropped - before.dropped,
  });
  return again.progress;
}
