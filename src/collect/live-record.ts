import type { CheckpointStore, HandOver, LiveCheckpoint } from '../domain/checkpoint.ts';
import { CheckpointError } from '../domain/failure.ts';
import type { LogEvent } from '../domain/page.ts';
import { newestPublished } from '../domain/page.ts';
import type { Instant } from '../domain/time.ts';
import { days, earlier, instant, later, minutes } from '../domain/time.ts';

/** How late an event may be persisted of which the record is waited for. */
const LATENESS = minutes(10);
/** Pages that end before that are written without looking at the record again. */
const FAR_FROM_HAND_OVER = days(1);

/** What the live stream delivers of the time before it began; it grows as long as late events come. */
export class LiveRecord {
  readonly #checkpoints: CheckpointStore<LiveCheckpoint>;
  readonly #since: Instant;
  #ids: ReadonlySet<string>;
  #tip: Instant | undefined;

  /** Rejects with a `CheckpointError` if it is not known where the live stream began. */
  static async open(checkpoints: CheckpointStore<LiveCheckpoint>): Promise<LiveRecord> {
    const { record, tip } = await readRecord(checkpoints);
    return new LiveRecord(checkpoints, record, tip);
  }

  private constructor(
    checkpoints: CheckpointStore<LiveCheckpoint>,
    record: HandOver,
    tip: Instant | undefined,
  ) {
    this.#checkpoints = checkpoints;
    this.#since = record.since;
    this.#ids = new Set(record.deliveredFromBefore);
    this.#tip = tip;
  }

  /** Where the live stream began: what was published from here on is its own. */
  get since(): Instant {
    return this.#since;
  }

  /** Throws a `CheckpointError` if a backfill that was to end where the live stream began ends elsewhere. */
  checkEnd(until: Instant): void {
    if (until !== this.#since) throw movedOn();
  }

  /** Up to where a backfill may go by now: not to the very end before the live stream is well beyond it, and has shown what came late. */
  async readableUntil(): Promise<Instant> {
    await this.#renew();
    const isSettled = this.#tip !== undefined && this.#tip >= later(this.#since, LATENESS);
    return isSettled ? this.#since : earlier(this.#since, LATENESS);
  }

  /** The ids that a backfill must leave out, as far as `events` can have some of them. */
  async idsFor(events: readonly LogEvent[]): Promise<ReadonlySet<string>> {
    const newest = newestPublished(events, instant(Number.POSITIVE_INFINITY));
    if (newest === undefined || newest >= earlier(this.#since, FAR_FROM_HAND_OVER))
      await this.#renew();
    return this.#ids;
  }

  async #renew(): Promise<void> {
    const { record, tip } = await readRecord(this.#checkpoints);
    this.checkEnd(record.since);
    this.#ids = new Set(record.deliveredFromBefore);
    this.#tip = tip;
  }
}

async function readRecord(
  checkpoints: CheckpointStore<LiveCheckpoint>,
): Promise<{ record: HandOver; tip: Instant | undefined }> {
  const found = await checkpoints.load();
  if (found === undefined) {
    throw new CheckpointError(
      'Cannot end the backfill where the live stream began: there is no live stream yet',
      { hint: 'Let the live stream run once, or give --end' },
    );
  }
  const { handOver, tipReachedAt } = found.checkpoint;
  if (handOver === undefined) {
    throw new CheckpointError(
      'Cannot end the backfill where the live stream began: its checkpoint does not tell where that was',
      { hint: 'It was taken over from SumoJanus or begun by an older version: give --end' },
    );
  }
  return { record: handOver, tip: tipReachedAt };
}

function movedOn(): CheckpointError {
  return new CheckpointError(
    'Cannot end the backfill where the live stream began: the live stream was begun anew since',
    { hint: 'Remove this backfill with --forget, or give it --end' },
  );
}
