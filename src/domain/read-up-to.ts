import type { LiveCheckpoint } from './checkpoint.ts';
import { newestPublished } from './page.ts';
import type { Instant } from './time.ts';
import { instant } from './time.ts';

/** Up to where a live stream is read, as far as its checkpoint knows. */
export function readUpToOf({ start, tipReachedAt, newestPublished }: LiveCheckpoint): Instant {
  return instant(Math.max(start, tipReachedAt ?? start, newestPublished ?? start));
}

/**
 * The newest `published` of all that a live stream has delivered, its held pages included;
 * `undefined` if nothing is known. What names a moment in the future, as an odd clock does, stands for nothing.
 */
export function newestDelivered(checkpoint: LiveCheckpoint, now: Instant): Instant | undefined {
  const { remembered, newestPublished: published, tipReachedAt } = checkpoint;
  // Our clock may be behind that of the server, by which the tip was reached.
  const latest = instant(Math.max(now, tipReachedAt ?? now));
  return newestPublished([...remembered, { published }], latest);
}
