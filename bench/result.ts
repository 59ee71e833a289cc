import Table from 'cli-table3';

type Cell = string | number | null;

/** What a benchmark found: a table, and single figures beside it. */
export interface BenchmarkResult {
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  readonly [figure: string]: unknown;
}

/** Prints the table and the figures, and with `json` everything again as one JSON object on the last line. */
export function printResult(result: BenchmarkResult, json: boolean): void {
  const { rows, ...figures } = result;
  const columns = Object.keys(rows[0] ?? {});
  const table = new Table({ head: columns, style: { head: [], border: [] } });
  for (const row of rows) table.push(columns.map((column) => show(row[column] ?? null)));
  console.log(table.toString());
  for (const [name, value] of Object.entries(figures)) console.log(`${name}: ${show(value)}`);
  if (json) console.log(JSON.stringify(result));
}

/** The value below which a share `q` of the samples lies. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}

function show(value: unknown): string {
  if (typeof value !== 'number') return String(value ?? '');
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toPrecision(4);
}
