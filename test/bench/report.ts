/** One line of a benchmark's table: what the columns say, in their order. */
type Row = readonly (string | number)[];

/** A figure that must not be missed. */
export interface Gate {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  /** Whether the value has to reach the limit or to stay within it. */
  readonly kind: 'at least' | 'at most';
}

/** What a benchmark found. */
export interface Report {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly gates: readonly Gate[];
  /** What a reader has to know besides. */
  readonly notes: readonly string[];
}

/** A figure that was not measured has not been reached. */
export function isKept({ value, limit, kind }: Gate): boolean {
  return kind === 'at least' ? value >= limit : value <= limit;
}

/** The report for a person: a table, the gates below it. */
export function formatReport({ title, columns, rows, gates, notes }: Report): string {
  const cells = [columns, ...rows.map((row) => row.map(formatCell))];
  const widths = columns.map((_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  return [`\n${title}`, ...lines, ...notes, ...gates.map(formatGate), ''].join('\n');
}

function formatGate(gate: Gate): string {
  const { what, value, limit, kind } = gate;
  return `${isKept(gate) ? 'kept  ' : 'MISSED'}  ${what}: ${formatCell(value)}, ${kind} ${limit}`;
}

function formatCell(cell: string | number): string {
  if (typeof cell === 'string') return cell;
  if (Number.isNaN(cell)) return '–';
  return cell.toFixed(cell >= 100 || Number.isInteger(cell) ? 0 : cell >= 20 ? 1 : 2);
}
