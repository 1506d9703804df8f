import type { Failure } from './failure.ts';

/** What the program leaves behind when a run failed: the codes of BSD's sysexits. */
export function exitCodeOf(failure: Failure): number {
  return EXIT_CODES[failure.kind];
}

/** A failure that nobody foresaw. */
export const BUG_EXIT_CODE = 70;

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
