import type { Instant } from '../domain/time.ts';
import { between, describeDuration, formatInstant, minutes } from '../domain/time.ts';

/** A moment for a person: `2026-11-15 12:00:00 UTC`. */
export function momentText(moment: Instant): string {
  return `${formatInstant(moment).slice(0, 19).replace('T', ' ')} UTC`;
}

/**
 * A moment that is past: `5 minutes ago (2026-11-15 12:00:00 UTC)`. If it is ahead of `now`, a clock is
 * off, which is said.
 */
export function pastText(moment: Instant, now: Instant): string {
  if (moment <= now) return relativeText(moment, now);
  const ahead = between(now, moment);
  return ahead < minutes(1)
    ? `just now (${momentText(moment)})`
    : `${momentText(moment)}, which is ${describeDuration(ahead)} ahead of this machine's clock`;
}

/** The same of a moment that may be to come: `in 5 minutes (2026-11-15 12:00:00 UTC)`. */
export function relativeText(moment: Instant, now: Instant): string {
  const distance = describeDuration(between(moment, now));
  return `${moment <= now ? `${distance} ago` : `in ${distance}`} (${momentText(moment)})`;
}
