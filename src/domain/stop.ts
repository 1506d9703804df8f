import type { RunEnd } from './run-summary.ts';

/** Why a run was asked to end before its work was done; the reason of the signal that all waiting hears. */
export class Stop extends Error {
  readonly ended: Extract<RunEnd, 'time budget over' | 'stopped by signal'>;

  constructor(ended: Stop['ended']) {
    super(`The run ends: ${ended}`);
    this.name = 'Stop';
    this.ended = ended;
  }
}
