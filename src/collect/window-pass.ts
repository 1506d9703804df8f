import type { WindowCheckpoint } from '../domain/checkpoint.ts';
import type { RefusedLinkError } from '../domain/failure.ts';
import { isFailure, ProtocolError } from '../domain/failure.ts';
import type { Page } from '../domain/page.ts';
import type { StreamPosition } from '../domain/system-log.ts';
import { widened, windowStep } from '../domain/window-step.ts';
import { Deliveries } from './deliver.ts';
import type { Pass } from './take-page.ts';
import { takePage } from './take-page.ts';

/** How a bounded request ended, other than by a failure. */
export type WindowPassEnd =
  /** All of it is written. */
  | { readonly kind: 'end'; readonly progress: WindowCheckpoint }
  /** Okta refuses a link; what came before it is written and saved. */
  | {
      readonly kind: 'refused';
      readonly progress: WindowCheckpoint;
      readonly failure: RefusedLinkError;
    }
  /** Nothing is written yet, and another request had better be asked. */
  | { readonly kind: 'ask anew'; readonly serverTime: Page['serverTime'] };

/**
 * Reads the bounded request in hand to its end. Each page is written, and then its position saved,
 * before the next one counts. Rejects with the signal's reason, or with a `Failure`.
 * @param isBeyond whether the request goes beyond what the server can answer, by the time it tells
 */
export async function windowPass(
  run: Pass<WindowCheckpoint>,
  request: WindowCheckpoint,
  isBeyond: (first: Page) => boolean,
): Promise<WindowPassEnd> {
  const deliveries = new Deliveries(run);
  let progress = request;
  try {
    for await (const page of run.systemLog.pages(positionOf(request), run.signal)) {
      if (progress === request && isBeyond(page))
        return { kind: 'ask anew', serverTime: page.serverTime };
      const step = windowStep(page, progress);
      await takePage(run, deliveries, page, step, step.progress);
      progress = step.progress;
      if (step.then === 'end') return { kind: 'end', progress };
      run.signal.throwIfAborted();
    }
  } catch (error) {
    if (!isFailure(error) || error.kind !== 'refused-link') throw error;
    return { kind: 'refused', progress, failure: error };
  } finally {
    await deliveries.saved();
  }
  throw new ProtocolError(
    'Cannot go on in the window: a full page has no next link, or one that leads back to it',
    {
      hint: 'Run the same command again; it goes on at this page',
    },
  );
}

function positionOf(request: WindowCheckpoint): StreamPosition {
  const { link } = request;
  return link === undefined ? { kind: 'window', window: widened(request) } : { kind: 'link', link };
}
