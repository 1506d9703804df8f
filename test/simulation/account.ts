import { momentOf, instant } from '../../src/domain/time.ts';
import type { Epoch, Installation, Stream } from './installation.ts';
import type { Encounters } from './network.ts';
import { RETENTION } from './org.ts';
import type { Outcome, RunPlan } from './run.ts';
import { rememberedBySumoJanus } from './sumojanus.ts';

/** What is noted when a run begins, for the account that is closed when it ends. */
interface Account {
  readonly began: number;
  readonly epoch: Epoch;
  /** Where the stream ought to begin, if it begins in this run and that can be told. */
  readonly expectedStart: number | undefined;
  readonly met: Encounters;
}

/** How far off the start of a stream may be: what the collector thinks right for a clock. */
const START_TOLERANCE = 6 * 60_000;
/** Beyond this, a run is long enough after an event to have seen it. */
const WELL_AFTER = 15 * 60_000;

/** Opens the account of a run. */
export function beginAccount(
  world: Installation,
  stream: Stream,
  plan: RunPlan,
  met: Encounters,
): Account {
  const text = world.disk.look(stream.path);
  const listed = rememberedBySumoJanus(text);
  stream.ledger.begin(
    text,
    stream.touchedBy,
    listed && (({ uuid }) => uuid !== undefined && listed.has(uuid)),
    () => met.refusals,
  );
  stream.touchedBy = 'nobody';
  stream.leastSettle = Math.min(stream.leastSettle, plan.settle);
  const isBeginning = !isSaved(text);
  let epoch = stream.epochs.at(-1);
  if (epoch === undefined || isBeginning) {
    epoch = { floor: listed && Number.NEGATIVE_INFINITY, visits: [] };
    stream.epochs.push(epoch);
  }
  return {
    began: world.timeline.now,
    epoch,
    expectedStart: isBeginning && stream.window === undefined ? startOf(world, plan) : undefined,
    met,
  };
}

function startOf(
  { timeline: { now } }: Installation,
  { start, mood }: RunPlan,
): number | undefined {
  if (mood.oddDates) return undefined;
  const bound = start ?? { kind: 'ago', by: 7 * 86_400_000 };
  const moment = bound.kind === 'ago' ? now - bound.by : momentOf(bound, instant(now));
  return Math.max(moment, now - RETENTION);
}

/** Closes the account of a run. */
export function closeAccount(
  world: Installation,
  stream: Stream,
  account: Account,
  run: number,
  outcome: Outcome,
): void {
  const { met } = account;
  world.tell(`run ${run} of ${stream.path}: ${outcome}; ${met.faults.join(', ')}`);
  count(world, met, outcome);
  stream.served.set(
    run,
    met.served.map(({ events }) => events),
  );
  if (outcome === 'killed' || outcome === 'failed: output') {
    stream.ledger.interrupt();
    stream.interruptions += 1;
  }
  if (stream.window === undefined) closeLive(world, stream, account, outcome);
  else closeWindow(world, stream, account, outcome);
}

function count({ tallies: { ends, faults } }: Installation, met: Encounters, end: Outcome): void {
  ends.set(end, (ends.get(end) ?? 0) + 1);
  for (const fault of met.faults) faults.set(fault, (faults.get(fault) ?? 0) + 1);
}

function closeWindow(
  { timeline }: Installation,
  stream: Stream,
  { met }: Account,
  outcome: Outcome,
): void {
  stream.firstAsked ??= met.served[0]?.at;
  const isFinished = outcome === 'window finished' || outcome === 'window was finished before';
  if (isFinished) stream.finishedAt ??= timeline.now;
}

function closeLive(
  world: Installation,
  stream: Stream,
  { began, epoch, expectedStart, met }: Account,
  outcome: Outcome,
): void {
  if (epoch.floor === undefined && isSaved(world.disk.look(stream.path))) {
    epoch.floor = sinceOf(met) ?? Number.NEGATIVE_INFINITY;
    checkStart(world, expectedStart, epoch.floor);
  }
  if (outcome === 'caught up' && met.faults.length === 0) {
    epoch.visits.push({ began: began - WELL_AFTER, ended: world.timeline.now });
  }
}

function isSaved(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}

/** Where the stream began: a start that was thought better of is asked for, and then another. */
function sinceOf({ served }: Encounters): number | undefined {
  const first = served.findLast(({ url }) => !url.includes('after='));
  return first && Date.parse(new URL(first.url).searchParams.get('since') ?? '');
}

function checkStart({ violations }: Installation, expected = Infinity, floor: number): void {
  if (floor <= expected + START_TOLERANCE) return;
  violations.push(
    `P1: the stream begins at ${new Date(floor).toISOString()} and not at ${new Date(expected).toISOString()}`,
  );
}
