import type { Instant } from '../../src/domain/time.ts';
import { later, parseInstant, seconds } from '../../src/domain/time.ts';
import type { StoredEvent } from '../../src/sandbox/org.ts';
import type { ProgramRunEnd } from '../support/program-run.ts';
import type { Installation } from '../support/unpack.ts';
import type { Ledger } from './ledger.ts';
import type { SoakCounts } from './soak-report.ts';

/** A fault lets that many events come at once, though fewer were asked for. */
const LARGEST_PAGE = 40;
/** Several times what the order of events is off by. */
const FAR_BEHIND = seconds(5);

/** What comes again behind a refused link. */
interface ReadAgain {
  /** From when on, as the log says. */
  readonly from: Instant;
  /** Until when at the latest: all that was read by the end of that run was persisted before. */
  readonly until: Instant;
}

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
  /** When the newest event that was read was persisted. */
  newestRead: Instant;
  /** `undefined` once something newer has come. That a run has caught up tells less: some faults make a stream look shorter than it is. */
  readAgain: ReadAgain | undefined;
  /** The logs of the last runs: what a run does that has come to nothing yet, the next one may show. */
  readonly logs: string[];
}

/** How many logs tell of a run that is not explained: its own, and those of the runs before. */
const TELLING_LOGS = 6;

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
  customer.newestRead = newestOf(events, customer.newestRead);
  const again = readAgain(customer, log);
  customer.logs.splice(0, customer.logs.length - TELLING_LOGS + 1);
  customer.logs.push(log);
  const unannounced = repeated.filter(
    ({ persisted }) => again === undefined || persisted < again.from,
  );
  counts.repeated += repeated.length;
  counts.readAgain += repeated.length - unannounced.length;
  const surprising = unannounced.filter(({ uuid }) => !customer.mayComeAgain.has(uuid));
  if (surprising.length > 0) {
    counts.unexplained.push(
      `${surprising.length} events again in run ${counts.runs}, exit code ${String(end.exitCode)}\n${customer.logs.join('\n\n')}`,
    );
  }
  for (const { uuid } of events) customer.mayComeAgain.delete(uuid);
  if (isKilled) {
    const last = [...events.slice(-LARGEST_PAGE), ...(unended === undefined ? [] : [unended])];
    for (const { uuid } of last) customer.mayComeAgain.add(uuid);
  }
  customer.readAgain = isOver(again, customer.newestRead) ? undefined : again;
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

function newestOf(events: readonly StoredEvent[], before: Instant): Instant {
  return events.reduce(
    (newest, { persisted }) => (persisted > newest ? persisted : newest),
    before,
  );
}

const isOver = (again: ReadAgain | undefined, newestRead: Instant): boolean =>
  again !== undefined && newestRead > later(again.until, FAR_BEHIND);

/** What this run may bring again behind a refused link, met by it or by one before. */
function readAgain(
  { readAgain: before, newestRead }: Customer,
  log: string,
): ReadAgain | undefined {
  const [, text = ''] = /"caveat":"refused link","from":"([^"]+)"/.exec(log) ?? [];
  const from = parseInstant(text);
  if (from === undefined) return before;
  return {
    from: before === undefined || from < before.from ? from : before.from,
    until: newestRead,
  };
}

/** Counts one more of a name. */
export function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
