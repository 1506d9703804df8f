import type { HeldPage, LiveCheckpoint } from './checkpoint.ts';
import type { LiveProgress, Outcome } from './held-pages.ts';
import { isBehindHeldPages, progressAfter } from './held-pages.ts';
import { sortOut } from './memory.ts';
import type { LogEvent, Page } from './page.ts';
import { isFull, newestPublished } from './page.ts';
import type { Duration, Instant } from './time.ts';
import { between, earlier, hours, instant, later, minutes } from './time.ts';

/** An event published later than this from now has an odd clock, and is not waited for. */
const ODD_CLOCK = minutes(5);
/** If the stream was at its tip, or an event published, within this time, the page may be close to the tip. */
const CLOSE_TO_TIP = hours(1);

/** What to do with a page of the live stream. */
export interface LiveStep {
  /** The events to write, in Okta's order. */
  readonly write: readonly LogEvent[];
  /** How many events of the page were written before. */
  readonly known: number;
  /** How many events of the page are too young to be written. */
  readonly unsettled: number;
  /** The progress to save once they are written. */
  readonly progress: LiveProgress;
  /** `go on` with the page's next link; the stream is read up to its `tip`; or more must follow and there is `no way on`. */
  readonly then: 'go on' | 'tip' | 'no way on';
}

/**
 * Decides what to write of a page and where the position goes then.
 *
 * An event younger than the horizon (`settle` before the server's now) is unsettled: it is left for
 * a later pass, and so is everything behind its page. A short page, or one with unsettled events, is
 * *held*: the position stays at its link, which later passes ask again until it has brought nothing
 * new for `settle`. So no link handed out at the very tip, where Okta's order is only approximate
 * (okta-contract), is ever relied on.
 *
 * A full page close to the tip is held too, though reading goes on behind it: all of it may have
 * been persisted just now, however old its events are (a burst of late ones), and its order still be
 * in motion. The position trails until such a page was asked again and was quiet. So it does behind a
 * page that is held: what is behind the position is met again, and must be remembered.
 */
export function liveStep(page: Page, before: LiveProgress, settle: Duration): LiveStep {
  const { fresh, known } = sortOut(page.events, before.checkpoint.remembered);
  const write = fresh.filter((event) => isSettled(event, page.serverTime, settle));
  const unsettled = fresh.length - write.length;
  const then = wayAfter(page, unsettled);
  const outcome = outcomeOf(page, before, then, { settle, write, unsettled });
  return {
    write,
    known,
    unsettled,
    then,
    progress: progressAfter(page, before, write, outcome, {
      isTip: then === 'tip',
      isWhole: unsettled === 0,
    }),
  };
}

function isSettled({ published }: LogEvent, now: Instant, settle: Duration): boolean {
  if (published === undefined) return true;
  return published <= earlier(now, settle) || published > later(now, ODD_CLOCK);
}

function wayAfter(page: Page, unsettled: number): LiveStep['then'] {
  if (!isFull(page) || unsettled > 0 || page.next === page.asked) return 'tip';
  return page.next === undefined ? 'no way on' : 'go on';
}

function outcomeOf(
  page: Page,
  { checkpoint, isTipUnknown }: LiveProgress,
  then: LiveStep['then'],
  { settle, write, unsettled }: { settle: Duration; write: readonly LogEvent[]; unsettled: number },
): Outcome {
  if (page.events.length === 0) return { kind: 'nothing to hold' };
  const quietSince = write.length > 0 ? page.serverTime : quietSinceOf(page, checkpoint.held);
  const isQuiet = write.length + unsettled === 0 && between(quietSince, page.serverTime) >= settle;
  const isFarFromTip = then === 'go on' && !isTipUnknown && !isCloseToTip(page, checkpoint);
  const { asked, next } = page;
  const isWayOn = next !== undefined && next !== asked && !isBehindHeldPages(page, checkpoint.held);
  const mayLeave = isWayOn && (isQuiet || isFarFromTip);
  return mayLeave ? { kind: 'leave', next } : { kind: 'hold', page: { link: asked, quietSince } };
}

/** A server's clock that went back must not make a page wait for the time it showed before. */
function quietSinceOf({ asked, serverTime }: Page, held: readonly HeldPage[]): Instant {
  const before = held.find(({ link }) => link === asked)?.quietSince;
  return before === undefined || before > serverTime ? serverTime : before;
}

/**
 * Now is the earlier one of both clocks: to take a page for close to the tip costs requests at worst.
 * So is one whose last event does not tell when it was: it may have been persisted just now.
 */
function isCloseToTip(page: Page, { tipReachedAt }: LiveCheckpoint): boolean {
  const last = page.events.at(-1)?.published;
  if (last === undefined || last > later(page.serverTime, ODD_CLOCK)) return true;
  const now = instant(Math.min(page.serverTime, page.receivedAt));
  const newest = newestPublished(page.events, later(page.serverTime, ODD_CLOCK));
  return [tipReachedAt, newest].some(
    (moment) => moment !== undefined && moment > earlier(now, CLOSE_TO_TIP),
  );
}
