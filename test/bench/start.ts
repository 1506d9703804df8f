import { join } from 'node:path';
import type { BenchWorld } from './bench-world.ts';
import { forgetting, scheduledRun } from './bench-world.ts';
import { measure, measureInTurn } from './measure.ts';
import { COST_COLUMNS, costRows, ratio, typical } from './program-costs.ts';
import type { Report } from './report.ts';

const NODE = 'node -e 0';
const CAUGHT_UP = 'a run that finds nothing new';
const ONE_PAGE = 'a run with a page of 1000 events';

/** What it costs to start the program, and what the run costs that happens 288 times a day. */
export async function benchStart(world: BenchWorld): Promise<Report> {
  const caughtUp = await world.install(1);
  const fresh = await world.install(1);
  await measure(scheduledRun('the first run', caughtUp), world.folder);
  const program = join(fresh.folder, 'bin', 'okta-collector');
  const contenders = [
    { name: NODE, command: [process.execPath, '-e', '0'] },
    { name: '--version', command: [process.execPath, program, '--version'] },
    { name: '--help', command: [process.execPath, program, '--help'] },
    scheduledRun(CAUGHT_UP, caughtUp),
    scheduledRun(ONE_PAGE, fresh, forgetting(fresh)),
  ];
  const costs = await measureInTurn(contenders, 15 * world.repeat, world.folder);
  const times = (name: string): number => ratio(costs, name, NODE, world.by);
  return {
    name: 'start',
    title: `Start-up and short runs, as multiples of ${NODE}`,
    columns: COST_COLUMNS,
    rows: costRows(costs, NODE),
    notes: [],
    gates: [
      { what: '--version', value: times('--version'), limit: 1.2, kind: 'at most' },
      { what: CAUGHT_UP, value: times(CAUGHT_UP), limit: 3.8, kind: 'at most' },
      { what: 'its MiB', value: typical(costs, CAUGHT_UP, 'memory'), limit: 64, kind: 'at most' },
      { what: ONE_PAGE, value: times(ONE_PAGE), limit: 4.8, kind: 'at most' },
      { what: 'its MiB', value: typical(costs, ONE_PAGE, 'memory'), limit: 80, kind: 'at most' },
    ],
  };
}
