import type { Cost } from './measure.ts';
import { median, medianRatio } from './median.ts';

/** What whole programs cost, in the columns that their tables have in common. */
export const COST_COLUMNS = ['', 'ms', 'cpu ms', 'MiB', '× time', '× cpu', '× memory'];

/** What several programs cost, run in turn. */
export type Costs = ReadonlyMap<string, readonly Cost[]>;

/** The median of what one program costs compared with another, round by round. */
export function ratio(costs: Costs, name: string, base: string, what: keyof Cost): number {
  return medianRatio(column(costs, name, what), column(costs, base, what));
}

/** The median of what a program costs. */
export function typical(costs: Costs, name: string, what: keyof Cost): number {
  return median(column(costs, name, what));
}

/** A row a program, its ratios against `base`. */
export function costRows(costs: Costs, base: string): (string | number)[][] {
  return Array.from(costs.keys(), (name) => [
    name,
    typical(costs, name, 'wall'),
    typical(costs, name, 'cpu'),
    typical(costs, name, 'memory'),
    ratio(costs, name, base, 'wall'),
    ratio(costs, name, base, 'cpu'),
    ratio(costs, name, base, 'memory'),
  ]);
}

function column(costs: Costs, name: string, what: keyof Cost): number[] {
  return (costs.get(name) ?? []).map((cost) => cost[what]);
}
