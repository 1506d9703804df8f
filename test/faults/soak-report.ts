import type { Duration } from '../../src/domain/time.ts';
import { minutes } from '../../src/domain/time.ts';

/** What a soak has seen. */
export interface SoakCounts {
  readonly seed: number;
  readonly minutes: number;
  /** What both installations had to read. */
  events: number;
  lines: number;
  lost: number;
  repeated: number;
  /** Of the repeated: persisted after the time from which a stream was read again, as its log says, for its link was refused. */
  readAgain: number;
  /** Of the others: runs that wrote what no killed run had written last. */
  readonly unexplained: string[];
  readonly altered: string[];
  torn: number;
  /** What runs said on standard error beside the one line of a run that fails. */
  readonly noise: string[];
  runs: number;
  kills: number;
  readonly faults: Map<string, number>;
  readonly exitCodes: Map<string, number>;
  longestRun: { readonly seconds: number; readonly peakKilobytes: number };
}

/** Before the first run. */
export function noCounts(seed: number, length: Duration): SoakCounts {
  return {
    seed,
    minutes: length / minutes(1),
    events: 0,
    lines: 0,
    lost: 0,
    repeated: 0,
    readAgain: 0,
    unexplained: [],
    altered: [],
    torn: 0,
    noise: [],
    runs: 0,
    kills: 0,
    faults: new Map(),
    exitCodes: new Map(),
    longestRun: { seconds: 0, peakKilobytes: 0 },
  };
}

/** Whether every promise was kept. */
export function isKept({ lost, unexplained, altered, noise, exitCodes }: SoakCounts): boolean {
  const problems = [
    lost,
    unexplained.length,
    altered.length,
    noise.length,
    exitCodes.get('70') ?? 0,
  ];
  return problems.every((count) => count === 0);
}

/** The table, and what is wrong in full. */
export function report(counts: SoakCounts): string {
  const { longestRun } = counts;
  const rows: readonly (readonly [string, string | number])[] = [
    ['seed', counts.seed],
    ['minutes', counts.minutes],
    ['installations', 'one into a pipe, one into a file'],
    ['events of the org', counts.events],
    ['lines read by both', counts.lines],
    ['lost', counts.lost],
    [
      'duplicated',
      `${counts.repeated}: ${counts.repeated - counts.readAgain} by kills, ${counts.readAgain} behind refused links; ` +
        `runs that neither explains: ${counts.unexplained.length}`,
    ],
    ['altered', counts.altered.length],
    ['torn lines, ended', counts.torn],
    ['runs', counts.runs],
    ['kills', counts.kills],
    ['exit codes', listOf(counts.exitCodes)],
    ['faults', listOf(counts.faults)],
    ['stray words on stderr', counts.noise.length],
    [
      'longest run',
      `${longestRun.seconds.toFixed(1)} s, at most ${Math.round(longestRun.peakKilobytes / 1024)} MB`,
    ],
  ];
  const table = rows.map(([name, value]) => `${name.padEnd(24)}${value}\n`).join('');
  const breaches = [...counts.unexplained, ...counts.altered, ...counts.noise];
  return table + breaches.map((text) => `! ${text}\n`).join('');
}

function listOf(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  return sorted.map(([name, count]) => `${name}: ${count}`).join(', ');
}
