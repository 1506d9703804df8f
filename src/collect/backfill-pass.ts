import { afterWriting, deliveredUntil } from '../domain/backfill-progress.ts';
import type { BackfillSink } from '../domain/backfill-sink.ts';
import type { BackfillState, BackfillStore, OpenStretch } from '../domain/backfill-state.ts';
import { isFailure, ProtocolError } from '../domain/failure.ts';
import type { Page } from '../domain/page.ts';
import type { SliceStep } from '../domain/slice-step.ts';
import { sliceStep } from '../domain/slice-step.ts';
import type { SystemLog } from '../domain/system-log.ts';
import type { Instant } from '../domain/time.ts';
import { withPatience } from './deliver.ts';
import type { LiveRecord } from './live-record.ts';
import type { ReadAheadOptions, ReadyPage } from './read-ahead.ts';
import { ReadAhead } from './read-ahead.ts';
import type { SliceReader } from './slice-reader.ts';
import { linkTo } from './slice-reader.ts';
import { warnOfLongEvents } from './take-page.ts';
import type { Tally } from './tally.ts';

/** What a pass over a backfill needs. */
export interface BackfillPass extends ReadAheadOptions {
  /** For pages that prove unusable. */
  readonly systemLog: SystemLog;
  readonly store: BackfillStore;
  readonly sink: BackfillSink;
  readonly tally: Tally;
  /** Given if the live stream delivers some of the events. */
  readonly live: LiveRecord | undefined;
  /** Told after each page. */
  readonly onProgress: (state: BackfillState) => void;
}

/** How a pass ended, other than by a failure. */
export type BackfillPassEnd =
  /** All that was to be read is written. */
  | { readonly kind: 'end'; readonly state: BackfillState }
  /** Nothing is written yet, and other requests had better be asked. */
  | { readonly kind: 'ask anew'; readonly serverTime: Instant };

/**
 * Reads the stretches `readable` in slices and writes them, page by page: each is delivered, and
 * then its position saved, before the next one counts. `later` stays open.
 * Rejects with the signal's reason, or with a `Failure`.
 * @param isBeyond whether the requests go beyond what the server can answer, by the time that the first answer tells
 */
export async function backfillPass(
  pass: BackfillPass,
  before: BackfillState,
  { readable, later }: Record<'readable' | 'later', readonly OpenStretch[]>,
  isBeyond: (serverTime: Instant) => boolean,
): Promise<BackfillPassEnd> {
  const ahead = new ReadAhead(pass, readable);
  let state = before;
  try {
    for (let ready = await ahead.next(); ready !== undefined; ready = await ahead.next()) {
      const { serverTime } = ready.packed;
      if (state === before && isBeyond(serverTime)) return { kind: 'ask anew', serverTime };
      state = await takePage(pass, ahead, ready, state, later);
      pass.onProgress(state);
    }
    return { kind: 'end', state };
  } finally {
    ahead.close();
  }
}

async function takePage(
  pass: BackfillPass,
  ahead: ReadAhead,
  ready: ReadyPage,
  state: BackfillState,
  later: readonly OpenStretch[],
): Promise<BackfillState> {
  const { reader, page } = await opened(pass, ahead, ready);
  const live = (await pass.live?.idsFor(page.events)) ?? new Set();
  const elsewhere = { undated: new Set(state.undated), live };
  const remembered = reader.position?.remembered ?? [];
  // Between this and the sighting nobody may shorten the slice to an end that this page goes beyond.
  const step = sliceStep(page, ahead.windowOf(reader), remembered, elsewhere);
  if (step.newest !== undefined) reader.sight(step.newest);
  if (step.isStuck) throw noWayOn();
  const open = [...ahead.openAfter(reader, step.position), ...later];
  ahead.openNext();
  pass.tally.received(page);
  const after = await deliverThenSave(pass, step, afterWriting(state, step.write, open));
  pass.tally.written(step.write, step.known);
  ahead.delivered(reader, step.position);
  warnOfLongEvents(step.write, pass.log);
  ready.packed.release(page);
  return after;
}

/**
 * A pipe takes nothing back: the disk is tried first. What files hold beyond the marks that are saved is
 * cut off again, but not once a day is complete: so the disk is tried before that.
 */
async function deliverThenSave(
  { sink, store, clock, signal }: BackfillPass,
  { write }: SliceStep,
  after: BackfillState,
): Promise<BackfillState> {
  const prepared = sink.marks() === undefined ? await store.prepare(after) : undefined;
  if (write.length > 0) await withPatience(sink.deliver(write), clock, signal);
  const marked = { ...after, marks: sink.marks() ?? {} };
  const saved = prepared ?? (await store.prepare(marked));
  await sink.completeUntil(deliveredUntil(after));
  await saved.commit();
  return marked;
}

/** Opens a page; one that is damaged is asked for again, until it is whole or has failed too often. */
async function opened(
  { systemLog, log, signal }: BackfillPass,
  ahead: ReadAhead,
  { reader, packed, opened: coming }: ReadyPage,
): Promise<{ reader: SliceReader; page: Page }> {
  try {
    return { reader, page: await coming };
  } catch (error) {
    if (!isFailure(error) || error.kind !== 'unusable-page') throw error;
    log.warn(`${error.message}; the page is asked for again`);
  }
  for await (const page of systemLog.pages(linkTo(packed.asked), signal)) {
    if (page.next === packed.next || page.next === undefined) return { reader, page };
    // What was read ahead lies behind another link.
    return { reader: ahead.restart(reader, linkTo(page.next)), page };
  }
  throw noWayOn();
}

function noWayOn(): ProtocolError {
  return new ProtocolError(
    'Cannot go on in the backfill: a full page has no next link, or one that leads back to it',
    { hint: 'Run the same command again; it goes on at this page' },
  );
}
