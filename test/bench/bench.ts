/**
 * Measures what is promised about speed and memory: `npm run bench -- [--gate] [--json FILE]
 * [--by cpu] [--repeat N] [NAME…]`. Prints a table a benchmark and writes all of them as JSON; with
 * `--gate` it ends with 1 if a figure is missed.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchWorld } from './bench-world.ts';
import { inBenchWorld } from './bench-world.ts';
import type { Report } from './report.ts';
import { formatReport, isKept } from './report.ts';
import { benchMemory } from './memory.ts';
import { benchSaving } from './saving.ts';
import { benchSplitter } from './splitter.ts';
import { benchStart } from './start.ts';
import { benchStream } from './stream.ts';

type Benchmark = (world: BenchWorld) => Report | Promise<Report>;

const benchmarks: Readonly<Record<string, Benchmark>> = {
  splitter: benchSplitter,
  start: benchStart,
  stream: benchStream,
  memory: benchMemory,
  saving: benchSaving,
};

function benchmarkCalled(name: string): Benchmark {
  const benchmark = benchmarks[name];
  if (benchmark !== undefined) return benchmark;
  const known = Object.keys(benchmarks).join(', ');
  throw new Error(`Cannot run "${name}": there are ${known}`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    gate: { type: 'boolean', default: false },
    json: { type: 'string', default: 'node_modules/.cache/bench/report.json' },
    by: { type: 'string', default: 'wall' },
    repeat: { type: 'string', default: '1' },
  },
});

const all = Object.values(benchmarks);
const chosen = positionals.length === 0 ? all : positionals.map(benchmarkCalled);
const reports: Report[] = [];
await inBenchWorld(
  { by: values.by === 'cpu' ? 'cpu' : 'wall', repeat: Number(values.repeat) },
  async (world) => {
    for (const benchmark of chosen) {
      const report = await benchmark(world);
      reports.push(report);
      process.stdout.write(formatReport(report));
    }
  },
);
await mkdir(dirname(values.json), { recursive: true });
await writeFile(values.json, `${JSON.stringify(reports, null, 2)}\n`);
const isMissed = reports.some(({ gates }) => !gates.every(isKept));
if (values.gate && isMissed) process.exitCode = 1;
