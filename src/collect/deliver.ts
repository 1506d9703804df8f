import type { Checkpoint, CheckpointStore } from '../domain/checkpoint.ts';
import type { Clock } from '../domain/clock.ts';
import { OutputError } from '../domain/failure.ts';
import type { LogEvent } from '../domain/page.ts';
import type { Sink } from '../domain/sink.ts';
import { seconds } from '../domain/time.ts';

/** How long a run that was asked to stop waits for its reader to take the page in hand. */
const LAST_PATIENCE = seconds(10);

/** What it takes to deliver a page and keep the position behind it. */
export interface Delivery<Kind extends Checkpoint> {
  readonly sink: Sink;
  readonly checkpoints: CheckpointStore<Kind>;
  readonly clock: Clock;
  /** Given when the run shall stop: the page in hand is still written, but not waited for without end. */
  readonly signal: AbortSignal;
}

/**
 * Delivers pages one after the other. The position behind a page is put in force while the next page
 * is awaited and looked at, and before anything of it is written.
 */
export class Deliveries<Kind extends Checkpoint> {
  readonly #delivery: Delivery<Kind>;
  #saved = Promise.resolve();

  constructor(delivery: Delivery<Kind>) {
    this.#delivery = delivery;
  }

  /**
   * Writes the events out; resolves when they have left this process. The checkpoint behind them is
   * made durable first, when the one before may still be on its way: a disk that cannot take it is
   * found out before anything is written twice. Rejects with what kept the page before from being
   * saved, too.
   */
  async deliver(events: readonly LogEvent[], checkpoint: Kind): Promise<void> {
    const { sink, checkpoints, clock, signal } = this.#delivery;
    const [prepared] = await Promise.all([checkpoints.prepare(checkpoint), this.#saved]);
    if (events.length > 0) await withPatience(sink.deliver(events), clock, signal);
    this.#saved = prepared.commit();
    // Met by whoever delivers next, or asks whether all is saved.
    this.#saved.catch(() => undefined);
  }

  /** Resolves once the position behind all that was delivered is in force; rejects if it cannot be. */
  saved(): Promise<void> {
    return this.#saved;
  }
}

/** Waits for a delivery; a run that was asked to stop does not wait without end. Rejects as the delivery does, or with an `OutputError`. */
export async function withPatience(
  delivered: Promise<void>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let patience: AbortController | undefined;
  let lose: (error: OutputError) => void = () => undefined;
  const lost = new Promise<never>((_, reject) => (lose = reject));
  const onStop = (): void => {
    patience = new AbortController();
    clock.sleep(LAST_PATIENCE, patience.signal).then(
      () => {
        lose(outOfPatience());
      },
      () => undefined,
    );
  };
  if (signal.aborted) onStop();
  else signal.addEventListener('abort', onStop, { once: true });
  try {
    await Promise.race([delivered, lost]);
  } finally {
    signal.removeEventListener('abort', onStop);
    patience?.abort();
  }
}

function outOfPatience(): OutputError {
  return new OutputError('Cannot write events: the reader of standard output takes nothing', {
    hint: 'The page is written again by the next run; see why the reader does not read',
  });
}
