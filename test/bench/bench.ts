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

const benchmarks: Readonly<Record<string, (world: BenchWorld) => Report | Promise<Report>>> = {
  splitter: benchSplitter,
  start: benchStart,
  stream: benchStream,
  memory: benchMemory,
  saving: benchSaving,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    gate: { type: 'boolean', default: false },
    json: { type: 'string', default: 'node_modules/.cache/bench/report.json' },
    by: { type: 'string', default: 'wall' },
    repeat: { type: 'string', default: '1' },
  },
});

const names = positionals.length === 0 ? Object.keys(benchmarks) : positionals;
const reports: Report[] = [];
await inBenchWorld(
  { by: values.by === 'cpu' ? 'cpu' : 'wall', repeat: Number(values.repeat) },
  async (world) => {
    for (const name of names) {
      const benchmark = benchmarks[name];
      if (benchmark === undefined) throw new Error(`Cannot run "${name}": no such benchmark`);
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
