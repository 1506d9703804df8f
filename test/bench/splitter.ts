import { PlainMarker } from '../../src/domain/plain-marker.ts';
import { PIECE_LENGTH } from '../../src/domain/structure-marker.ts';
import { splitPage } from '../../src/domain/split-page.ts';
import { instant } from '../../src/domain/time.ts';
import type { BenchWorld } from './bench-world.ts';
import { makePage } from './make-page.ts';
import { median, medianRatio } from './median.ts';
import type { Report } from './report.ts';

const REFERENCE = 'JSON.parse, JSON.stringify each event';
const SPLIT = 'splitPage';

/** A way to make lines of a page; the page given may be written to. */
type Method = (page: Buffer) => unknown;

/** What it costs in process to make lines of a page. */
export function benchSplitter({ by, repeat }: BenchWorld): Report {
  const events = makePage(0, instant(1_794_738_713_141));
  const page = Buffer.from(`[${events.join(',')}]`);
  const pretty = Buffer.from(JSON.stringify(JSON.parse(page.toString()), null, 2));
  const times = measureMethods({ wall: wallTime, cpu: cpuTime }[by], page, pretty, 30 * repeat);
  const against = (name: string): number => medianRatio(times.get(REFERENCE), times.get(name));
  return {
    name: 'splitter',
    title: `Page to lines in process: 1000 events, ${(page.length / 1e6).toFixed(1)} MB`,
    columns: ['', by === 'cpu' ? 'cpu ms' : 'ms', 'MB/s', `× ${REFERENCE}`],
    rows: Array.from(times, ([name, milliseconds]) => {
      const size = name.endsWith(WITH_SPACE) ? pretty.length : page.length;
      return [name, median(milliseconds), size / 1000 / median(milliseconds), against(name)];
    }),
    notes: [],
    gates: [{ what: SPLIT, value: against(SPLIT), limit: 14, kind: 'at least' }],
  };
}

const WITH_SPACE = 'of a page with white space';

function measureMethods(
  clock: () => number,
  page: Buffer,
  pretty: Buffer,
  rounds: number,
): Map<string, number[]> {
  const plain = new PlainMarker();
  const methods: readonly (readonly [string, Buffer, number, Method])[] = [
    [REFERENCE, page, 2, parseAndStringify],
    ['the same, and a buffer of lines made of it', page, 2, parseAndJoin],
    ['JSON.parse alone', page, 2, (body): unknown => JSON.parse(body.toString())],
    [SPLIT, page, 10, splitPage],
    [`splitPage ${WITH_SPACE}`, pretty, 5, splitPage],
    [
      'marking in plain TypeScript',
      page,
      2,
      (body): void => {
        markAll(plain, body);
      },
    ],
    ['a copy', page, 10, (body): unknown => Buffer.from(body)],
  ];
  const times = new Map<string, number[]>();
  for (let round = -3; round < rounds; round++) {
    for (const [name, body, runs, method] of methods) {
      const time = timed(clock, method, body, runs);
      if (round >= 0) times.set(name, [...(times.get(name) ?? []), time]);
    }
  }
  return times;
}

/** Milliseconds of one run, the mean of several; each gets a page of its own. */
function timed(clock: () => number, method: Method, body: Buffer, runs: number): number {
  const pages = Array.from({ length: runs }, () => Buffer.from(body));
  // What others have left behind is not cleared away in this one's time.
  globalThis.gc?.();
  const start = clock();
  for (const page of pages) method(page);
  return (clock() - start) / runs;
}

function wallTime(): number {
  return performance.now();
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function parseAndStringify(page: Buffer): string[] {
  const events: unknown = JSON.parse(page.toString());
  return Array.isArray(events) ? events.map((event) => JSON.stringify(event)) : [];
}

function parseAndJoin(page: Buffer): Buffer {
  return Buffer.from(`${parseAndStringify(page).join('\n')}\n`);
}

function markAll(marker: PlainMarker, page: Buffer): void {
  marker.reset();
  for (let at = 1; at < page.length - 1; at += PIECE_LENGTH) {
    marker.mark(page.subarray(at, Math.min(at + PIECE_LENGTH, page.length - 1)));
  }
}
