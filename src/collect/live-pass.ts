import type { LiveCheckpoint } from '../domain/checkpoint.ts';
import type { RefusedLinkError } from '../domain/failure.ts';
import { isFailure, ProtocolError } from '../domain/failure.ts';
import type { LiveProgress } from '../domain/held-pages.ts';
import { liveStep } from '../domain/live-step.ts';
import type { Page } from '../domain/page.ts';
import type { StreamPosition } from '../domain/system-log.ts';
import type { Duration, Instant } from '../domain/time.ts';
import { Deliveries } from './deliver.ts';
import type { Pass } from './take-page.ts';
import { takePage } from './take-page.ts';

/** What a pass over the live stream needs. */
export interface LivePass extends Pass<LiveCheckpoint> {
  /** Events to a page, as configured. */
  readonly pageLimit: number;
  /** How old an event must be to be written. */
  readonly settle: Duration;
}

/** How a pass ended, other than by a failure. */
export type PassEnd =
  /** All there was is written. */
  | { readonly kind: 'tip'; readonly progress: LiveProgress }
  /** Okta refuses a link; what came before it is written and saved. */
  | {
      readonly kind: 'refused';
      readonly progress: LiveProgress;
      readonly failure: RefusedLinkError;
    }
  /** Nothing is written yet, and the stream had better begin elsewhere. */
  | { readonly kind: 'begin anew'; readonly progress: LiveProgress };

/** Looks at the first page of a pass; gives the progress to begin with instead, if it had better be another. */
export type SecondThought = (first: Page, start: Instant) => LiveProgress | undefined;

/**
 * Reads from where the stream was left up to its tip. Each page is written, and then its position
 * saved, before the next one is written. Rejects with the signal's reason, or with a `Failure`.
 */
export async function livePass(
  run: LivePass,
  from: LiveProgress,
  secondThought?: SecondThought,
): Promise<PassEnd> {
  const deliveries = new Deliveries(run);
  let progress = from;
  let isFirst = true;
  try {
    for await (const page of run.systemLog.pages(positionOf(from.checkpoint), run.signal)) {
      const better = isFirst ? secondThought?.(page, from.checkpoint.start) : undefined;
      if (better !== undefined) return { kind: 'begin anew', progress: better };
      if (isFirst && from.sighted.size === 0) adviseOnLimit(run, page);
      isFirst = false;
      const step = liveStep(page, progress, run.settle);
      await takePage(run, deliveries, page, step, step.progress.checkpoint);
      progress = step.progress;
      if (step.then === 'tip') return { kind: 'tip', progress };
      run.signal.throwIfAborted();
    }
  } catch (error) {
    if (!isFailure(error) || error.kind !== 'refused-link') throw error;
    return { kind: 'refused', progress, failure: error };
  } finally {
    await deliveries.saved();
  }
  throw new ProtocolError('Cannot go on in the System Log: a full page has no next link', {
    hint: 'Run again; the stream goes on at this page',
  });
}

function positionOf({ link, start }: LiveCheckpoint): StreamPosition {
  return link === undefined ? { kind: 'since', since: start } : { kind: 'link', link };
}

function adviseOnLimit({ log, pageLimit }: LivePass, { limit }: Page): void {
  if (limit >= pageLimit) return;
  log.info(
    `The stored link asks for ${limit} events a page and is followed as it is; to ask for ${pageLimit}, ` +
      'move the checkpoint away and set start_time to when it was last saved',
  );
}
