import type { Instant } from '../domain/time.ts';
import { between, describeDuration, formatInstant } from '../domain/time.ts';

/** A moment for a person: `2026-11-15 12:00:00 UTC`. */
export function momentText(moment: Instant): string {
  return `${formatInstant(moment).slice(0, 19).replace('T', ' ')} UTC`;
}

/** The same and how far away it is: `5 minutes ago (2026-11-15 12:00:00 UTC)`. */
export function relativeText(moment: Instant, now: Instant): string {
  const distance = describeDuration(between(moment, now));
  return `${moment <= now ? `${distance} ago` : `in ${distance}`} (${momentText(moment)})`;
}
