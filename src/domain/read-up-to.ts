import type { LiveCheckpoint } from './checkpoint.ts';
import type { Instant } from './time.ts';
import { instant } from './time.ts';

/** Up to where a live stream is read, as far as its checkpoint knows. */
export function readUpToOf({ start, tipReachedAt, newestPublished }: LiveCheckpoint): Instant {
  return instant(Math.max(start, tipReachedAt ?? start, newestPublished ?? start));
}
