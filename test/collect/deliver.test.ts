import { describe, expect, test } from 'vitest';
import { Deliveries } from '../../src/collect/deliver.ts';
import type { LiveCheckpoint } from '../../src/domain/checkpoint.ts';
import { CheckpointError, OutputError } from '../../src/domain/failure.ts';
import type { LogEvent } from '../../src/domain/page.ts';
import { Stop } from '../../src/domain/stop.ts';
import { seconds } from '../../src/domain/time.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { memoryCheckpoints } from '../support/memory-checkpoints.ts';
import { notingSink } from '../support/noting-sink.ts';
import { event, NOON, progress } from '../support/stream.ts';

const events = [event('a'), event('b')];
const { checkpoint } = progress();
const stuck = (): Promise<void> => new Promise(() => undefined);
const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('woken'));
    });
  });

/** All that one delivery needs, and what can be seen of it. */
function setUp({
  refuse,
  take,
  during,
}: {
  refuse?: Error;
  take?: (events: readonly LogEvent[]) => Promise<void> | void;
  during?: (signal: AbortSignal) => Promise<void> | void;
} = {}) {
  const journal: string[] = [];
  const clock = fakeClock(NOON, during);
  const stop = new AbortController();
  const sink = notingSink(journal, take);
  const checkpoints = memoryCheckpoints<LiveCheckpoint>(undefined, {
    journal,
    ...(refuse !== undefined && { refuse }),
  });
  const deliveries = new Deliveries({ sink, checkpoints, clock, signal: stop.signal });
  const run = async (write: readonly LogEvent[] = events) => {
    await deliveries.deliver(write, checkpoint);
    await deliveries.saved();
  };
  return { journal, clock, stop, sink, checkpoints, deliveries, run };
}

describe('Deliveries', () => {
  test('makes the checkpoint durable, delivers, and only then puts it in force', async () => {
    const { journal, run, checkpoints } = setUp();
    await run();
    expect(journal).toEqual(['prepare', 'deliver a b', 'commit']);
    expect(checkpoints.inForce()).toBe(checkpoint);
  });

  test('delivers nothing if the checkpoint cannot be made durable', async () => {
    const refuse = new CheckpointError('disk full');
    const { journal, run } = setUp({ refuse });
    await expect(run()).rejects.toBe(refuse);
    expect(journal).toEqual(['prepare']);
  });

  test('leaves the old checkpoint in force if the events cannot be delivered', async () => {
    const gone = new OutputError('reader gone');
    const { journal, run } = setUp({ take: () => Promise.reject(gone) });
    await expect(run()).rejects.toBe(gone);
    expect(journal).toEqual(['prepare', 'deliver a b']);
  });

  test('saves without a delivery if there is nothing to write', async () => {
    const { journal, run } = setUp();
    await run([]);
    expect(journal).toEqual(['prepare', 'commit']);
  });

  test('writes nothing of a page before the position behind the one before is in force', async () => {
    const { journal, deliveries, checkpoints } = setUp();
    const prepare = checkpoints.prepare.bind(checkpoints);
    checkpoints.prepare = async (one) => {
      const prepared = await prepare(one);
      return { commit: () => new Promise(setImmediate).then(() => prepared.commit()) };
    };
    await deliveries.deliver(events, checkpoint);
    expect(journal).toEqual(['prepare', 'deliver a b']);
    await deliveries.deliver([event('c')], checkpoint);
    expect(journal).toEqual(['prepare', 'deliver a b', 'prepare', 'commit', 'deliver c']);
  });

  test('writes nothing behind a page whose position cannot be put in force', async () => {
    const gone = new CheckpointError('no folder');
    const { journal, deliveries, checkpoints } = setUp();
    const prepare = checkpoints.prepare.bind(checkpoints);
    checkpoints.prepare = async (one) => ({
      ...(await prepare(one)),
      commit: () => Promise.reject(gone),
    });
    await deliveries.deliver(events, checkpoint);
    // Nobody has asked yet; that alone must not end the process.
    await new Promise(setImmediate);
    await expect(deliveries.deliver([event('c')], checkpoint)).rejects.toBe(gone);
    await expect(deliveries.saved()).rejects.toBe(gone);
    expect(journal).toEqual(['prepare', 'deliver a b', 'prepare']);
  });

  test('waits for a slow reader without a limit as long as nobody asks the run to stop', async () => {
    let takeAll = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      takeAll = resolve;
    });
    const { journal, run, clock } = setUp({ take: () => slow });
    const saved = run();
    await Promise.race([saved, new Promise(setImmediate)]);
    expect(journal).toEqual(['prepare', 'deliver a b']);
    takeAll();
    await saved;
    expect(journal).toEqual(['prepare', 'deliver a b', 'commit']);
    expect(clock.naps).toEqual([]);
  });

  test.each([
    { when: 'before the delivery', stopFirst: true },
    { when: 'during the delivery', stopFirst: false },
  ])('gives a stuck reader 10 seconds if the stop comes $when', async ({ stopFirst }) => {
    const { journal, run, clock, stop } = setUp({
      take: () => {
        stop.abort(new Stop('stopped by signal'));
        return stuck();
      },
    });
    if (stopFirst) stop.abort(new Stop('time budget over'));
    await expect(run()).rejects.toThrow(OutputError);
    expect(clock.naps).toEqual([seconds(10)]);
    expect(journal).toEqual(['prepare', 'deliver a b']);
  });

  test('saves the page in hand if its reader takes it within the 10 seconds', async () => {
    let takeAll = (): void => undefined;
    const { journal, run, clock, stop } = setUp({
      take: () =>
        new Promise((resolve) => {
          takeAll = resolve;
        }),
      during: (signal) => {
        takeAll();
        return untilAborted(signal);
      },
    });
    stop.abort(new Stop('stopped by signal'));
    await run();
    expect(journal).toEqual(['prepare', 'deliver a b', 'commit']);
    expect(clock.naps).toEqual([seconds(10)]);
  });
});
