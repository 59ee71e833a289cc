import Table, { type HorizontalAlignment } from 'cli-table3';

export interface TableColumn {
  readonly title?: string;
  /** Characters, the two spaces to the next column included. */
  readonly width: number;
  readonly align?: HorizontalAlignment;
}

const places = [
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
];
const noLines = Object.fromEntries(places.flat().map((place) => [place, '']));

/** A table without lines, its cells wrapped at words; titles stand above where there are any. */
export function borderlessTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  styleTitle: (title: string) => string = (title) => title,
): string {
  const hasTitles = columns.some(({ title }) => title !== undefined);
  const table = new Table({
    head: hasTitles ? columns.map(({ title }) => styleTitle(title ?? '')) : [],
    colWidths: columns.map(({ width }) => width),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    wordWrap: true,
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replace(/ +$/gm, '');
}
