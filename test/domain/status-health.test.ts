import { describe, expect, test } from 'vitest';
import { CheckpointError, CredentialsError } from '../../src/domain/failure.ts';
import type { KnownOfStream } from '../../src/domain/status-health.ts';
import { healthOf } from '../../src/domain/status-health.ts';
import { hours, minutes, seconds } from '../../src/domain/time.ts';
import { noon, progress } from '../support/stream.ts';
import { outcome, statusAfter, summary } from './status-samples.ts';

const EVERY = 300;
const fine = (at: number) => outcome({ startedAt: noon(at - 1), endedAt: noon(at) });
const failed = (at: number) =>
  outcome({
    endedAt: noon(at),
    summary: undefined,
    failure: { error: new CredentialsError('Cannot sign in') },
  });
const threeRuns = [fine(-2 * EVERY), fine(-EVERY), fine(0)];
const checkpoint = (tip: number | undefined, newest: number | undefined) =>
  progress({
    tipReachedAt: tip === undefined ? undefined : noon(tip),
    newestPublished: newest === undefined ? undefined : noon(newest),
  }).checkpoint;

/** What is known a minute after the last of three runs that went well, with changes. */
function known(parts: Partial<KnownOfStream> = {}): KnownOfStream {
  return {
    now: noon(60),
    status: statusAfter(...threeRuns),
    checkpoint: checkpoint(0, -90),
    checkpointError: undefined,
    statusError: undefined,
    lock: 'free',
    ...parts,
  };
}
const nothing = { status: undefined, checkpoint: undefined };
const atWork = (from: number, until: number) => ({
  pid: 7,
  startedAt: noon(from),
  until: noon(until),
});

describe('healthOf', () => {
  test('finds nothing to complain about where all is well', () => {
    expect(healthOf(known())).toEqual({
      state: 'Collecting',
      complaints: [],
      interval: seconds(EVERY),
      nextRun: noon(EVERY - 1),
      succeededAt: noon(),
      readUpTo: noon(),
      lag: minutes(1),
    });
  });

  test.each<{ state: string; of: Partial<KnownOfStream> }>([
    { state: 'Pending', of: nothing },
    { state: 'Started', of: { ...nothing, lock: atWork(0, 1800) } },
    {
      state: 'Initialized',
      of: {
        checkpoint: undefined,
        status: statusAfter(outcome({ summary: summary({ pages: 0, events: 0 }) })),
      },
    },
    {
      state: 'Authenticated',
      of: {
        checkpoint: checkpoint(0, undefined),
        status: statusAfter(
          outcome({ summary: summary({ events: 0, newestPublished: undefined }) }),
        ),
      },
    },
    { state: 'Collecting', of: { status: undefined } },
    { state: 'Collecting', of: { lock: atWork(0, 1800) } },
    { state: 'Error', of: { status: statusAfter(fine(-EVERY), failed(0)) } },
    { state: 'Error', of: { checkpoint: undefined, checkpointError: new CheckpointError('torn') } },
    { state: 'Error', of: { ...nothing, statusError: new CheckpointError('denied') } },
    { state: 'Error', of: { lock: 'silent' } },
    { state: 'Error', of: { lock: atWork(-3600, 0) } },
    { state: 'Stopping', of: { lock: atWork(-1800, 45) } },
  ])('calls it $state', ({ state, of }) => {
    expect(healthOf(known(of)).state).toBe(state);
  });

  test.each<{ complaint: string | undefined; of: Partial<KnownOfStream> }>([
    { complaint: 'No run has ended yet', of: nothing },
    {
      complaint: 'No run has succeeded yet',
      of: { status: statusAfter(failed(0)), checkpoint: undefined },
    },
    {
      complaint: 'Runs fail: Cannot sign in',
      of: { status: statusAfter(fine(-60), failed(0)) },
    },
    { complaint: undefined, of: { status: statusAfter(failed(-60), fine(0)) } },
    { complaint: 'denied', of: { statusError: new CheckpointError('denied') } },
    { complaint: 'torn', of: { checkpointError: new CheckpointError('torn') } },
    // Three intervals of five minutes.
    { complaint: undefined, of: { now: noon(900) } },
    {
      complaint: 'The last success is 15 minutes, 1 second old; a run is due every 5 minutes',
      of: { now: noon(901) },
    },
    // Of a run a minute, some may be missed.
    { complaint: undefined, of: { now: noon(900), status: statusAfter(fine(-60), fine(0)) } },
    // A single run does not tell when the next one is due.
    { complaint: undefined, of: { now: noon(3599), status: statusAfter(fine(0)) } },
    {
      complaint: 'The last success is 1 hour, 1 second old',
      of: { now: noon(3601), status: statusAfter(fine(0)) },
    },
    // Nor does a status that was lost.
    { complaint: undefined, of: { status: undefined } },
    // A run that polls is at work for long; its checkpoint shows that it reads.
    {
      complaint: undefined,
      of: { now: noon(3000), checkpoint: checkpoint(2990, -90), lock: atWork(300, 9000) },
    },
    { complaint: undefined, of: { checkpoint: checkpoint(undefined, -3539) } },
    { complaint: 'The stream is 1 hour behind', of: { checkpoint: checkpoint(undefined, -3540) } },
    {
      complaint: undefined,
      of: {
        now: noon(10_000),
        status: statusAfter(fine(-3600), fine(0)),
        checkpoint: checkpoint(0, -90),
      },
    },
    { complaint: 'The process that holds the stream does not answer', of: { lock: 'silent' } },
    { complaint: undefined, of: { lock: atWork(-1800, 30) } },
    { complaint: 'Process 7 should have ended 31 seconds ago', of: { lock: atWork(-1800, 29) } },
  ])('complains: $complaint', ({ complaint, of }) => {
    const { complaints } = healthOf(known(of));
    if (complaint === undefined) expect(complaints).toEqual([]);
    else expect(complaints).toContain(complaint);
  });

  test('does not say that no run has ended if the status cannot be read', () => {
    const statusError = new CheckpointError('denied');
    expect(healthOf(known({ ...nothing, statusError })).complaints).toEqual(['denied']);
  });

  test('says once that runs fail for the checkpoint, and of a fault of ours no stack', () => {
    const broken = (error: Error) => statusAfter(outcome({ failure: { error } }), fine(0));
    const failing = (error: Error) =>
      statusAfter(fine(-60), outcome({ endedAt: noon(), failure: { error } }));
    const checkpointError = new CheckpointError('torn');
    const status = failing(checkpointError);
    expect(healthOf(known({ checkpointError, status })).complaints).toEqual(['torn', 'Runs fail']);
    expect(healthOf(known({ status: broken(checkpointError) })).complaints).toEqual([]);
    const ofOurs = failing(new Error('odd\n    at here.ts:1'));
    expect(healthOf(known({ status: ofOurs })).complaints).toEqual(['Runs fail: Error: odd']);
  });

  test('knows by the status up to where a stream is read whose checkpoint is torn', () => {
    const torn = { checkpoint: undefined, checkpointError: new CheckpointError('torn') };
    expect(healthOf(known(torn))).toMatchObject({ readUpTo: noon(-90), lag: undefined });
    expect(healthOf(known({ checkpoint: undefined })).readUpTo).toBeUndefined();
  });

  test('mourns a gap for a day', () => {
    const caveats = [{ kind: 'gap' as const, text: 'gap', count: 1 }];
    const status = (at: number) => statusAfter(outcome({ endedAt: noon(at), caveats }), fine(0));
    const aDay = hours(24) / 1000;
    expect(healthOf(known({ status: status(61 - aDay) })).complaints).toEqual([
      'Events are lost: see the gap',
    ]);
    expect(healthOf(known({ status: status(60 - aDay) })).complaints).toEqual([]);
  });

  test('does not take a run that was started by hand for a new schedule', () => {
    const byHand = fine(-200);
    const status = statusAfter(...[-900, -600, -300].map(fine), byHand, fine(0));
    expect(healthOf(known({ status })).interval).toBe(seconds(300));
  });

  test('counts the next run from the one at work', () => {
    expect(healthOf(known({ lock: atWork(30, 1830) })).nextRun).toBe(noon(330));
  });

  test('does not rest on a success that lies a day ahead', () => {
    const day = 86_400;
    const wasAhead = { status: statusAfter(fine(day)), checkpoint: checkpoint(day, -90) };
    expect(healthOf(known(wasAhead)).complaints).toEqual([
      expect.stringContaining('Whether runs succeed is not known') as string,
    ]);
    // The clock of Okta may be ahead of ours all the time: what our own has seen is known.
    const since = { status: statusAfter(fine(0)), checkpoint: checkpoint(day, -90) };
    expect(healthOf(known(since))).toMatchObject({ complaints: [], succeededAt: noon(0) });
  });

  test('takes a clock that went back for no lag', () => {
    expect(healthOf(known({ now: noon(-60) })).lag).toBe(0);
  });
});
