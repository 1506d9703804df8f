import type { AuditResult, Difference, FiledLine, Fingerprint } from '../domain/audit.ts';
import type { WindowCheckpoint } from '../domain/checkpoint.ts';
import { FiledEvents } from '../domain/filed-events.ts';
import type { LogEvent } from '../domain/page.ts';
import { newestPublished } from '../domain/page.ts';
import type { Sink } from '../domain/sink.ts';
import type { Instant, Window } from '../domain/time.ts';
import { AuditTally } from './audit-tally.ts';
import { auditedWindow, requireClock, requireSomething } from './audited-window.ts';
import { keptInMemory } from './kept-in-memory.ts';
import type { WindowRun } from './window-run.ts';
import { collectWindow } from './window-run.ts';

/** What files are compared with the org by. */
export interface Audit extends Omit<WindowRun, 'checkpoints' | 'sink'> {
  /** What the files hold, in their order. */
  readonly lines: AsyncIterable<readonly FiledLine[]>;
  readonly fingerprint: (line: Uint8Array) => Fingerprint;
  /** Gets the missing events, in Okta's order; `undefined`: nobody does. */
  readonly repair: Sink | undefined;
  /** Told of the differences as they are found. */
  readonly tell: (differences: readonly Difference[]) => Promise<void>;
  /** Told after each page up to where the org was read, and how many of its events by then. */
  readonly passed: (reached: Instant, events: number) => void;
}

/** Differences that need no page of the org are told so many at a time. */
const TOLD_TOGETHER = 1000;

/**
 * Reads the files, asks the org for the events of the window by bounded requests, and compares by
 * id and bytes. Rejects with the signal's reason if that comes first, or with a `Failure`: then
 * nothing is known of what was not told. It is one, too, if nothing of the window can be looked at.
 */
export async function audit(run: Audit): Promise<AuditResult> {
  const asked = auditedWindow(run);
  const tally = new AuditTally(run.tell);
  const filed = await readFiles(run, asked, tally);
  const checkpoints = keptInMemory<WindowCheckpoint>();
  const compare = (events: readonly LogEvent[]): Promise<void> => {
    requireClockOfOkta(run, asked);
    return compareWithFiles(run, filed, tally, events);
  };
  await collectWindow({ ...run, window: asked, checkpoints, sink: { deliver: compare } });
  requireClockOfOkta(run, asked);
  const window = { ...asked, until: checkpoints.last()?.askedUntil ?? asked.since };
  requireSomething(window.since, window.until, run.settle);
  await tellUnseen(filed, window, tally);
  return tally.result(window);
}

function requireClockOfOkta({ window, clock, tally }: Audit, asked: Window): void {
  const { serverTime } = tally.counts;
  if (serverTime !== undefined) requireClock(window, asked, clock.now(), serverTime);
}

async function readFiles(run: Audit, window: Window, tally: AuditTally): Promise<FiledEvents> {
  const filed = new FiledEvents();
  for await (const lines of run.lines) {
    run.signal.throwIfAborted();
    const found = lines.map((line) => takeLine(filed, window, tally, line));
    await tally.tell(found.filter((difference) => difference !== undefined));
  }
  return filed;
}

function takeLine(
  filed: FiledEvents,
  window: Window,
  tally: AuditTally,
  line: FiledLine,
): Difference | undefined {
  const { id, published, ...rest } = line;
  const place = { file: rest.file, line: rest.line };
  if (id === undefined) {
    return { kind: 'unreadable', id, published, place, first: undefined };
  }
  // An event that does not say when it was may be of any window.
  const isInside =
    published === undefined || (published >= window.since && published < window.until);
  tally.filed(isInside);
  const first = isInside ? filed.add(id, { published, ...rest }) : undefined;
  return first && { kind: 'duplicated', id, published, place, first };
}

async function compareWithFiles(
  run: Audit,
  filed: FiledEvents,
  tally: AuditTally,
  events: readonly LogEvent[],
): Promise<void> {
  const differences: Difference[] = [];
  const missing: LogEvent[] = [];
  for (const event of events) {
    const { id, published } = event;
    const found = filed.see(id, run.fingerprint(event.line));
    if (found === 'same') continue;
    if (found === 'absent') missing.push(event);
    const isMissing = found === 'absent';
    differences.push({
      kind: isMissing ? 'missing' : 'altered',
      id,
      published,
      place: isMissing ? undefined : found,
      first: undefined,
    });
  }
  tally.asked(events.length);
  run.passed(newestPublished(events, run.window.until) ?? run.window.since, tally.inOrg);
  await run.repair?.deliver(missing);
  await tally.tell(differences);
}

async function tellUnseen(filed: FiledEvents, window: Window, tally: AuditTally): Promise<void> {
  let found: Difference[] = [];
  for (const difference of filed.unseen()) {
    if (difference.published !== undefined && difference.published >= window.until) {
      tally.foundOutside();
      continue;
    }
    found.push(difference);
    if (found.length < TOLD_TOGETHER) continue;
    await tally.tell(found);
    found = [];
  }
  await tally.tell(found);
}
