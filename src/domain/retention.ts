import { days } from './time.ts';

/** Okta keeps events for so long; what is older is missing from its answers without a word (okta-contract). */
export const RETENTION = days(90);
