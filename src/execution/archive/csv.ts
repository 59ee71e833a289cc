/** One record of RFC 4180, with its line end; null is an empty cell. */
export function csvRow(cells: readonly unknown[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (value instanceof Date) return value.toISOString();
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const maxRecordLength = 1_000_000;

/** The records of a CSV text that comes in pieces; empty lines are left out. */
export async function* readCsv(chunks: AsyncIterable<string>): AsyncGenerator<string[], void> {
  let rest = '';
  for await (const chunk of chunks) {
    rest += chunk;
    let start = 0;
    for (;;) {
      const end = endOfRecord(rest, start);
      if (end < 0) break;
      const cells = parseRecord(rest.slice(start, end));
      if (cells !== null) yield cells;
      start = end + 1;
    }
    rest = rest.slice(start);
    if (rest.length > maxRecordLength)
      throw new Error(`A record has more than ${maxRecordLength} characters.`);
  }
  const last = parseRecord(rest);
  if (last !== null) yield last;
}

/** The place of the line feed that ends the record from `start` on; those within quotes end none. */
function endOfRecord(text: string, start: number): number {
  let isQuoted = false;
  for (let i = start; ; i++) {
    const lineEnd = text.indexOf('\n', i);
    if (lineEnd < 0) return -1;
    for (
      let quote = text.indexOf('"', i);
      quote >= 0 && quote < lineEnd;
      quote = text.indexOf('"', quote + 1)
    ) {
      isQuoted = !isQuoted;
    }
    if (!isQuoted) return lineEnd;
    i = lineEnd;
  }
}

function parseRecord(line: string): string[] | null {
  const record = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (record === '') return null;
  if (!record.includes('"')) return record.split(',');
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/gy;
  while (cell.lastIndex < record.length) {
    const match = cell.exec(record);
    if (match === null) break;
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
  }
  if (record.endsWith(',')) cells.push('');
  return cells;
}
