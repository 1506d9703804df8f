import type { CaveatKind } from '../domain/caveat.ts';
import type { Clock } from '../domain/clock.ts';
import type { BusyError } from '../domain/failure.ts';
import { isFailure } from '../domain/failure.ts';
import type { Log, LogFields } from '../domain/log.ts';
import type { RunSummary } from '../domain/run-summary.ts';
import type { MetCaveat } from '../domain/status-after-run.ts';
import { isOfStream, statusAfterRun } from '../domain/status-after-run.ts';
import type { StatusStore } from '../domain/status.ts';

/** What the status of a stream is kept with. */
export interface StatusKeeping {
  readonly org: string;
  readonly store: StatusStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a run says while it is at work, as far as the status wants to know. */
export interface RunReport {
  /** To be told each record of the run's log. */
  recorded(message: string, fields?: LogFields): void;
  /** To be told the sum of it. */
  summed(summary: RunSummary): void;
}

/**
 * Does a run of the live stream and keeps in the status how it went. Ends as the run does: that the
 * status cannot be written is only logged. A run that found another one at work leaves no trace,
 * unless that one hangs; nor does one for another org that was refused.
 */
export async function keepStatus(
  { org, store, clock, log }: StatusKeeping,
  run: (report: RunReport) => Promise<void>,
): Promise<void> {
  const startedAt = clock.now();
  const caveats = new Map<CaveatKind, MetCaveat>();
  let summary: RunSummary | undefined;
  const keep = async (failure: { readonly error: unknown } | undefined): Promise<void> => {
    const endedAt = clock.now();
    const met = [...caveats.values()];
    const outcome = { org, startedAt, endedAt, summary, failure, caveats: met };
    try {
      const before = await store.load();
      if (isOfStream(before, outcome)) await store.save(statusAfterRun(before, outcome));
    } catch (error) {
      log.warn(`Cannot keep the status: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  try {
    await run({
      recorded: (message, fields = {}) => {
        const { caveat: kind } = fields;
        if (kind === undefined) return;
        const count = (caveats.get(kind)?.count ?? 0) + 1;
        caveats.set(kind, { kind, text: inWords(message, fields), count });
      },
      summed: (sum) => (summary = sum),
    });
  } catch (error) {
    if (!isStepAside(error)) await keep({ error });
    throw error;
  }
  await keep(undefined);
}

/** Whether a run stepped back from another one that is at work, as it should be. */
export function isStepAside(error: unknown): error is BusyError {
  return isFailure(error) && error.kind === 'busy' && !error.overdue;
}

/** `Gap: Okta no longer has the events of this time (from 2026-08-01, to 2026-08-24)`. */
function inWords(message: string, fields: LogFields): string {
  const facts = Object.entries(fields)
    .filter(([name, value]) => name !== 'caveat' && value !== undefined)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${String(value)}`);
  return facts.length === 0 ? message : `${message} (${facts.join(', ')})`;
}
