import type { Remembered, WindowCheckpoint } from './checkpoint.ts';
import { remember, sortOut } from './memory.ts';
import type { LogEvent, Page } from './page.ts';
import { isFull, newestPublished } from './page.ts';
import type { Duration, Instant, Window } from './time.ts';
import { earlier, later, seconds } from './time.ts';

/** Nobody has written down whether Okta's `until` is inclusive (okta-contract): so more is asked for, and cut. */
export const MARGIN = seconds(1);

/** What to do with a page of a fixed window. */
export interface WindowStep {
  /** The events to write, in Okta's order. */
  readonly write: readonly LogEvent[];
  /** How many events of the page were written before. */
  readonly known: number;
  /** The progress to save once they are written. */
  readonly progress: WindowCheckpoint;
  /** `go on` with the page's next link; the bounded request has come to its `end`; or more must follow and there is `no way on`. */
  readonly then: 'go on' | 'end' | 'no way on';
}

/**
 * The bounded request to ask next: from where the last one ended up to the window's end, but not
 * beyond the horizon, for Okta would end it there without its remainder. `undefined` if nothing of
 * the rest lies before the horizon.
 */
export function nextRequest(
  checkpoint: WindowCheckpoint,
  now: Instant,
  settle: Duration,
): WindowCheckpoint | undefined {
  const { window, askedUntil } = checkpoint;
  const horizon = earlier(now, settle);
  const until = horizon < window.until ? horizon : window.until;
  return until <= askedUntil
    ? undefined
    : { ...checkpoint, askedSince: askedUntil, askedUntil: until, link: undefined };
}

/** The bounds to ask Okta for, a second wider than those to be written. */
export function widened({
  askedSince,
  askedUntil,
}: Pick<WindowCheckpoint, 'askedSince' | 'askedUntil'>): Window {
  return { since: earlier(askedSince, MARGIN), until: later(askedUntil, MARGIN) };
}

/** Decides what to write of a page of a bounded request, which ends where there is no next link. */
export function windowStep(page: Page, before: WindowCheckpoint): WindowStep {
  const inside = page.events.filter((event) => isInside(event, before));
  const { fresh, known } = sortOut(inside, before.remembered);
  const then = wayAfter(page);
  return {
    write: fresh,
    known,
    progress: {
      ...afterWriting(page, before, then),
      remembered: remembering(before, fresh),
    },
    then,
  };
}

/** Should a link be refused, the last second is asked for again: none of its events is ever forgotten, however many they are. */
function remembering(
  { remembered, askedUntil }: WindowCheckpoint,
  fresh: readonly LogEvent[],
): readonly Remembered[] {
  const known = [...remembered, ...fresh];
  const newest = newestPublished(known, askedUntil) ?? askedUntil;
  const isRecent = ({ published }: Remembered): boolean =>
    published !== undefined && published >= earlier(newest, MARGIN);
  const recent = new Set(known.filter(isRecent).map(({ id }) => id));
  return remember(remembered, fresh, (id) => recent.has(id));
}

/** An event that does not say when it was published is in the window because Okta says so. */
function isInside({ published }: LogEvent, { askedSince, askedUntil }: WindowCheckpoint): boolean {
  return published === undefined || (published >= askedSince && published < askedUntil);
}

/** A next link that leads back to its page says that nothing follows; a full page says the opposite. */
function wayAfter(page: Page): WindowStep['then'] {
  // A full page without any link has lost them on its way, and with them the one to the next page.
  if (page.next === undefined) return isFull(page) && !page.hasLinks ? 'no way on' : 'end';
  if (page.next !== page.asked) return 'go on';
  return isFull(page) ? 'no way on' : 'end';
}

function afterWriting(
  page: Page,
  before: WindowCheckpoint,
  then: WindowStep['then'],
): WindowCheckpoint {
  if (then !== 'end') return { ...before, link: then === 'go on' ? page.next : page.asked };
  const { askedUntil, window } = before;
  return {
    ...before,
    askedSince: askedUntil,
    link: undefined,
    finished: askedUntil === window.until,
  };
}
