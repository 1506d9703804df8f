import type { SlicePosition } from './backfill-state.ts';
import type { Remembered, WindowCheckpoint } from './checkpoint.ts';
import type { LogEvent, Page } from './page.ts';
import { newestPublished } from './page.ts';
import type { Instant, Window } from './time.ts';
import { instant, later } from './time.ts';
import { MARGIN, windowStep } from './window-step.ts';

/** What to do with a page of a slice. */
export interface SliceStep {
  /** The events to write, in Okta's order. */
  readonly write: readonly LogEvent[];
  /** How many events of the page were delivered before, or are not for this backfill. */
  readonly known: number;
  /** How far the slice is delivered once they are written; `undefined`: to its end. */
  readonly position: SlicePosition | undefined;
  /** The newest `published` of the page; `undefined` if no event has one. */
  readonly newest: Instant | undefined;
  /** Whether more must follow and there is no way on. */
  readonly isStuck: boolean;
}

/** Events that are delivered elsewhere, and so not here. */
export interface DeliveredElsewhere {
  /** By another slice: those that do not say when they were published may be in two. */
  readonly undated: ReadonlySet<string>;
  /** By the live stream. */
  readonly live: ReadonlySet<string>;
}

/**
 * Decides what to write of a page of a slice. The bounded request that the page belongs to may go
 * beyond the slice, which can have been shortened since: it is at its end when a page reaches so far
 * behind it that all events of the slice must have come, for Okta orders them by `published`
 * (okta-contract).
 */
export function sliceStep(
  page: Page,
  slice: Window,
  remembered: readonly Remembered[],
  elsewhere: DeliveredElsewhere,
): SliceStep {
  const step = windowStep(page, asCheckpoint(slice, remembered));
  const write = step.write.filter(
    ({ id, published }) =>
      !elsewhere.live.has(id) && (published !== undefined || !elsewhere.undated.has(id)),
  );
  const newest = newestPublished(page.events, FAR_AWAY);
  const isOver = step.then === 'end' || (newest !== undefined && newest >= endOf(slice));
  const { link } = step.progress;
  return {
    write,
    known: step.known + step.write.length - write.length,
    newest,
    isStuck: step.then === 'no way on' && !isOver,
    position:
      isOver || link === undefined ? undefined : { link, remembered: step.progress.remembered },
  };
}

const FAR_AWAY = instant(Number.POSITIVE_INFINITY);

/** From this moment on no event belongs to the slice, nor is one to be expected behind it that does. */
export function endOf({ until }: Window): Instant {
  return later(until, MARGIN);
}

function asCheckpoint(slice: Window, remembered: readonly Remembered[]): WindowCheckpoint {
  return {
    stream: 'window',
    window: slice,
    askedSince: slice.since,
    askedUntil: slice.until,
    link: undefined,
    finished: false,
    remembered,
  };
}
