import type { BenchWorld } from './bench-world.ts';
import { forgetting, scheduledRun } from './bench-world.ts';
import { measureInTurn } from './measure.ts';
import { COST_COLUMNS, costRows, ratio, typical } from './program-costs.ts';
import type { Report } from './report.ts';

const FEW = '40 pages';
const MANY = '400 pages';

/** Whether what a run takes of memory depends on how much it collects. */
export async function benchMemory(world: BenchWorld): Promise<Report> {
  const few = await world.install(40);
  const many = await world.install(400);
  const contenders = [
    scheduledRun(FEW, few, forgetting(few)),
    scheduledRun(MANY, many, forgetting(many)),
  ];
  const costs = await measureInTurn(contenders, 3 * world.repeat, world.folder);
  const growth = ratio(costs, MANY, FEW, 'memory');
  return {
    name: 'memory',
    title: 'A long run against a short one',
    columns: COST_COLUMNS,
    rows: costRows(costs, FEW),
    notes: [],
    gates: [
      { what: `memory of ${MANY}`, value: growth, limit: 1.15, kind: 'at most' },
      { what: 'its MiB', value: typical(costs, MANY, 'memory'), limit: 110, kind: 'at most' },
    ],
  };
}
