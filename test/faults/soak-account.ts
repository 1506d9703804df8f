import type { Instant } from '../../src/domain/time.ts';
import { parseInstant } from '../../src/domain/time.ts';
import type { ProgramRunEnd } from '../support/program-run.ts';
import type { Installation } from '../support/unpack.ts';
import type { Ledger } from './ledger.ts';
import type { SoakCounts } from './soak-report.ts';

/** A fault lets that many events come at once, though fewer were asked for. */
const LARGEST_PAGE = 40;

/** One installation and the reader of its events. */
export interface Customer {
  readonly installation: Installation;
  /** `undefined` for a pipe. */
  readonly file: string | undefined;
  readonly ledger: Ledger;
  /**
   * What a killed run wrote last and no run has written again since, by its id: the position behind
   * its page may not have been saved.
   */
  readonly mayComeAgain: Set<string>;
  /** From when on a stream whose link was refused is read again, until it has caught up. */
  readAgainFrom: Instant | undefined;
}

/** Holds what a run has brought against what was promised. */
export function account(
  customer: Customer,
  counts: SoakCounts,
  end: ProgramRunEnd,
  log: string,
): void {
  const { lines, events, repeated, isTorn, unended, altered } = customer.ledger.take(end.output);
  const isKilled = end.exitCode === undefined;
  counts.runs += 1;
  counts.lines += lines;
  counts.altered.push(...altered);
  const again = readAgainFrom(customer.readAgainFrom, log);
  const unannounced = repeated.filter(({ persisted }) => again === undefined || persisted < again);
  counts.repeated += repeated.length;
  counts.readAgain += repeated.length - unannounced.length;
  const surprising = unannounced.filter(({ uuid }) => !customer.mayComeAgain.has(uuid));
  if (surprising.length > 0) {
    counts.unexplained.push(
      `${surprising.length} events again in run ${counts.runs}, exit code ${String(end.exitCode)}\n${log}`,
    );
  }
  for (const { uuid } of events) customer.mayComeAgain.delete(uuid);
  if (isKilled) {
    const last = [...events.slice(-LARGEST_PAGE), ...(unended === undefined ? [] : [unended])];
    for (const { uuid } of last) customer.mayComeAgain.add(uuid);
  }
  customer.readAgainFrom = log.includes('"caught_up":true') ? undefined : again;
  if (isTorn) counts.torn += 1;
  if (isKilled) {
    counts.kills += 1;
    return;
  }
  count(counts.exitCodes, String(end.exitCode));
  if (isTorn) counts.altered.push('a torn line, and nobody killed');
  const isSaid = end.exitCode === 0 ? end.stderr === '' : /^[^\n]+\n$/.test(end.stderr);
  if (!isSaid) counts.noise.push(end.stderr);
}

/** From when on the stream is read again behind a refused link, by this run or by one before that has not caught up. */
function readAgainFrom(before: Instant | undefined, log: string): Instant | undefined {
  const [, text = ''] = /"caveat":"refused link","from":"([^"]+)"/.exec(log) ?? [];
  const from = parseInstant(text);
  return before === undefined || (from !== undefined && from < before) ? from : before;
}

/** Counts one more of a name. */
export function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
