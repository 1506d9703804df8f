import type { BackfillRun } from '../../src/collect/backfill.ts';
import { Tally } from '../../src/collect/tally.ts';
import type { BackfillSink, SavedWork } from '../../src/domain/backfill-sink.ts';
import type { BackfillState, BackfillStore } from '../../src/domain/backfill-state.ts';
import type { LogEvent } from '../../src/domain/page.ts';
import type { Instant, Window } from '../../src/domain/time.ts';
import { seconds } from '../../src/domain/time.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { notedLog } from '../support/noted-log.ts';
import { NOON } from '../support/stream.ts';
import type { PackedOrg } from './packed-org.ts';

/** A store without a disk. */
export interface MemoryStore extends BackfillStore {
  /** The state in force. */
  readonly inForce: () => BackfillState | undefined;
}

/** @param step called before each thing that a crash can come before; throws what stands for it */
export function memoryStore(
  before?: BackfillState,
  step: () => void = () => undefined,
): MemoryStore {
  let saved = before;
  return {
    inForce: () => saved,
    load: () => Promise.resolve(saved),
    async prepare(state) {
      await Promise.resolve();
      step();
      return {
        async commit() {
          await Promise.resolve();
          step();
          saved = state;
        },
      };
    },
  };
}

/** Takes events for good, as a pipe does. */
export interface MemorySink extends BackfillSink {
  /** The ids of what is out, in order. */
  readonly out: readonly string[];
  /** Up to where it was told that all is delivered. */
  readonly complete: () => Instant | undefined;
}

/** @param isFile whether what was not saved can be taken back */
export function memorySink(
  out: string[],
  isFile: boolean,
  step: () => void = () => undefined,
): MemorySink {
  let complete: Instant | undefined;
  return {
    out,
    complete: () => complete,
    marks: () => (isFile ? { file: out.length } : undefined),
    async resume(saved: SavedWork | undefined) {
      await Promise.resolve();
      if (isFile) out.length = saved?.marks['file'] ?? 0;
    },
    async deliver(events: readonly LogEvent[]) {
      for (const { id, line } of events) {
        await Promise.resolve();
        step();
        if (line.length === 0) throw new Error(`The page of ${id} was released too early`);
        out.push(id);
      }
    },
    async completeUntil(moment) {
      await Promise.resolve();
      step();
      complete = moment;
    },
  };
}

/** A backfill of a window, as far as a test does not say otherwise. */
export function backfillRun(
  org: PackedOrg,
  window: Window,
  parts: Partial<BackfillRun> = {},
): BackfillRun & { readonly log: ReturnType<typeof notedLog> } {
  const sink = memorySink([], false);
  return {
    source: org,
    systemLog: org,
    store: memoryStore(),
    openSink: () => Promise.resolve(sink),
    clock: fakeClock(NOON),
    tally: new Tally(),
    signal: new AbortController().signal,
    parallel: 4,
    isOrdered: true,
    settle: seconds(60),
    windowAt: () => window,
    live: undefined,
    onProgress: () => undefined,
    ...parts,
    log: notedLog(),
  };
}
