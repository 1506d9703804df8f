import type { Clock } from '../domain/clock.ts';
import type { Estimate, Means, Probe } from '../domain/estimate.ts';
import { estimateOf, placesToProbe } from '../domain/estimate.ts';
import type { PackedLog } from '../domain/packed-page.ts';
import { newestPublished } from '../domain/page.ts';
import type { Instant, Window } from '../domain/time.ts';
import { instant, later, milliseconds } from '../domain/time.ts';
import { oldestKept } from './retention.ts';

/** What a backfill is estimated with. */
export interface EstimateRun extends Omit<Means, 'requestsAMinute'> {
  readonly source: PackedLog;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly windowAt: (now: Instant) => Window;
}

/** So many requests tell a quiet org from a busy one; they cost less than one in a hundred of a large backfill. */
const PROBES = 12;

/**
 * Estimates what a backfill would take by a page here and there; if the first one holds everything,
 * it is known. Delivers and stores nothing. Rejects with a `Failure`, or with the signal's reason.
 */
export async function estimateBackfill(
  run: EstimateRun,
): Promise<{ readonly window: Window; readonly estimate: Estimate }> {
  const now = run.clock.now();
  const asked = run.windowAt(now);
  const window = { ...asked, since: instant(Math.max(asked.since, oldestKept(now))) };
  const probes: Probe[] = [];
  for (const { stratum, at } of placesToProbe(window, PROBES)) {
    const probe = await probeAt(run, stratum, { since: at, until: window.until });
    probes.push(probe);
    if (probe.seen.since === window.since && probe.seen.until >= window.until) break;
  }
  const requestsAMinute = run.source.requestsAMinute();
  return { window, estimate: estimateOf(probes, window, { ...run, requestsAMinute }) };
}

async function probeAt(
  { source, signal }: EstimateRun,
  stratum: Window,
  window: Window,
): Promise<Probe> {
  const packed = await source.ask({ kind: 'window', window }, signal);
  const { events } = await packed.open();
  const newest = newestPublished(events, window.until) ?? window.until;
  const isWhole = packed.next === undefined || packed.next === packed.asked;
  const until = isWhole ? window.until : later(newest, milliseconds(1));
  const seen = { since: window.since, until };
  return { stratum, seen, events: events.length, bytes: packed.bytes, took: packed.took };
}
