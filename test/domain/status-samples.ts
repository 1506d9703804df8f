import type { RunSummary } from '../../src/domain/run-summary.ts';
import type { RunOutcome } from '../../src/domain/status-after-run.ts';
import { statusAfterRun } from '../../src/domain/status-after-run.ts';
import type { StreamStatus } from '../../src/domain/status.ts';
import { milliseconds } from '../../src/domain/time.ts';
import { noon } from '../support/stream.ts';

export const ORG = 'https://acme.okta.com';

/** The summary of a run that has read one page of 10 events, with changes. */
export function summary(parts: Partial<RunSummary> = {}): RunSummary {
  return {
    stream: 'live',
    ended: 'caught up',
    caughtUp: true,
    events: 10,
    dropped: 2,
    pages: 1,
    writtenBytes: 1000,
    traffic: { requests: 3, receivedBytes: 500, waitedMilliseconds: milliseconds(0) },
    newestPublished: noon(-90),
    serverTime: noon(),
    ...parts,
  };
}

/** A run that took a second up to noon and went well, with changes. */
export function outcome(parts: Partial<RunOutcome> = {}): RunOutcome {
  return {
    org: ORG,
    startedAt: noon(-1),
    endedAt: noon(),
    summary: summary(),
    failure: undefined,
    caveats: [],
    ...parts,
  };
}

/** The status after some runs. */
export function statusAfter(...outcomes: readonly RunOutcome[]): StreamStatus {
  const [first = outcome(), ...rest] = outcomes;
  return rest.reduce(
    (status, next) => statusAfterRun(status, next),
    statusAfterRun(undefined, first),
  );
}
