import type { Duration, Instant } from '../../domain/time.ts';
import { later } from '../../domain/time.ts';

/** The values that a server wants to see in proofs, so that none can be made in advance. */
export interface Nonces {
  /** The one that counts now. */
  current(now: Instant): string;
}

/** Nonces each of which counts for a while and never again. */
export function createNonces(prefix: string, lifetime: Duration): Nonces {
  let issued = 0;
  let endsAt: Instant | undefined;
  return {
    current(now) {
      if (endsAt === undefined || now >= endsAt) {
        issued += 1;
        endsAt = later(now, lifetime);
      }
      return `${prefix}-nonce-${issued}`;
    },
  };
}
