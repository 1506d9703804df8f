import type { LiveCheckpoint } from '../domain/checkpoint.ts';
import type { RefusedLinkError } from '../domain/failure.ts';
import type { LiveProgress } from '../domain/held-pages.ts';
import { resuming } from '../domain/held-pages.ts';
import { allAhead } from '../domain/live-memory.ts';
import type { Instant } from '../domain/time.ts';
import { earlier, formatInstant, instant, minutes } from '../domain/time.ts';
import type { LivePass } from './live-pass.ts';
import { withinRetention } from './retention.ts';

/** An event is persisted at the earliest when it is published, by a clock that may be minutes ahead. */
const BEFORE_NEWEST = minutes(7);

/**
 * The progress to go on with after Okta has refused a link: a polling request from a time before
 * which everything persisted is known to have been delivered. What is remembered is not written twice.
 */
export function startAfterRefusal(
  { progress, failure }: { progress: LiveProgress; failure: RefusedLinkError },
  { clock, log }: LivePass,
): LiveProgress {
  const safe = withinRetention(safeStart(progress.checkpoint), clock.now(), log);
  log.warn(`${failure.message}; the stream is read again from an earlier time`, {
    caveat: 'refused link',
    from: formatInstant(safe),
  });
  const checkpoint = {
    ...progress.checkpoint,
    ...allAhead(progress.checkpoint),
    start: safe,
    link: undefined,
    held: [],
  };
  return resuming(checkpoint, progress.isTipUnknown);
}

/**
 * Either is early enough by itself, so the later will do: the start, and the newest event delivered,
 * behind which the stream goes on. Not when the tip was last reached: a page that is short, or has
 * unsettled events, ends a pass, and events older than that may be behind it.
 */
function safeStart({ start, newestPublished }: LiveCheckpoint): Instant {
  if (newestPublished === undefined) return start;
  return instant(Math.max(start, earlier(newestPublished, BEFORE_NEWEST)));
}
