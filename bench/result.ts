import Table from 'cli-table3';

type Cell = string | number | null;
type Rows = readonly Readonly<Record<string, Cell>>[];

/** What a benchmark found: a table, single figures beside it, and tables of details by title that come before. */
export interface BenchmarkResult {
  readonly rows: Rows;
  readonly details?: Readonly<Record<string, Rows>>;
  readonly [figure: string]: unknown;
}

/** Prints the table and the figures, and with `json` everything again as one JSON object on the last line. */
export function printResult(result: BenchmarkResult, json: boolean): void {
  const { rows, details = {}, ...figures } = result;
  for (const [title, detailRows] of Object.entries(details)) {
    console.log(title);
    printTable(detailRows);
  }
  printTable(rows);
  for (const [name, value] of Object.entries(figures)) console.log(`${name}: ${show(value)}`);
  if (json) console.log(JSON.stringify(result));
}

function printTable(rows: Rows): void {
  const columns = Object.keys(rows[0] ?? {});
  const table = new Table({ head: columns, style: { head: [], border: [] } });
  for (const row of rows) table.push(columns.map((column) => show(row[column] ?? null)));
  console.log(table.toString());
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
