import type { Failure } from './failure.ts';

/** What the program leaves behind when a run failed: the codes of BSD's sysexits. */
export function exitCodeOf(failure: Failure): number {
  return EXIT_CODES[failure.kind];
}

/** A failure that nobody foresaw. */
export const BUG_EXIT_CODE = 70;

/** Not a failure: the answer to a question is no. `status` found that collection is not healthy. */
export const UNHEALTHY_EXIT_CODE = 1;

/** Likewise: `audit` found that files are not as the org is. */
export const DIFFERENCES_EXIT_CODE = 1;

const EXIT_CODES: Readonly<Record<Failure['kind'], number>> = {
  usage: 64,
  checkpoint: 73,
  output: 74,
  busy: 75,
  'rate-limit': 75,
  transient: 75,
  'unusable-page': 76,
  'refused-link': 76,
  protocol: 76,
  credentials: 77,
  config: 78,
};
