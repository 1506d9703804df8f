import type { BackfillState, OpenStretch } from './backfill-state.ts';
import type { LogEvent } from './page.ts';
import { newestPublished } from './page.ts';
import type { Instant } from './time.ts';
import { between, earlier, instant } from './time.ts';
import { MARGIN } from './window-step.ts';

/** Before this moment all events of a backfill are delivered. */
export function deliveredUntil({ window, open }: BackfillState): Instant {
  const [first] = open;
  return first === undefined ? window.until : reachedIn(first);
}

/** How much of the time of a backfill is delivered, from 0 to 1. */
export function coveredBy({ window, open }: BackfillState): number {
  const left = open.reduce((sum, stretch) => sum + between(reachedIn(stretch), stretch.until), 0);
  return 1 - left / between(window.since, window.until);
}

/** Okta orders by `published` (okta-contract), but of a moment that was just reached more may come. */
function reachedIn({ since, until, position }: OpenStretch): Instant {
  const newest = newestPublished(position?.remembered ?? [], until) ?? since;
  return instant(Math.max(since, earlier(newest, MARGIN)));
}

/** Events without a date are few, if there are any. */
const MOST_UNDATED = 10_000;

/** The state once `written` is out and `open` is what is left. */
export function afterWriting(
  state: BackfillState,
  written: readonly LogEvent[],
  open: readonly OpenStretch[],
): BackfillState {
  const undated = written.filter(({ published }) => published === undefined).map(({ id }) => id);
  return {
    ...state,
    open,
    undated: [...state.undated, ...undated].slice(-MOST_UNDATED),
    events: state.events + written.length,
  };
}
