/** What was last chosen for the table of a study's trials, in this browser: its columns, in order, and their widths. */
export interface RememberedColumns {
  readonly columns: readonly string[] | undefined;
  /** In pixels, by the column's id, of those that were made wider or narrower. */
  readonly widths: Readonly<Record<string, number>>;
}

export function rememberedColumns(study: string): RememberedColumns {
  const columns = read(columnsKey(study));
  const widths = read(widthsKey(study));
  return {
    columns: Array.isArray(columns) && columns.every((id) => typeof id === 'string') ? columns : undefined,
    widths:
      typeof widths === 'object' && widths !== null
        ? Object.fromEntries(Object.entries(widths).filter(([, width]) => Number.isFinite(width)))
        : {},
  };
}

export function rememberColumns(study: string, columns: readonly string[] | undefined): void {
  write(columnsKey(study), columns);
}

export function rememberWidths(study: string, widths: Readonly<Record<string, number>>): void {
  write(widthsKey(study), Object.keys(widths).length > 0 ? widths : undefined);
}

const columnsKey = (study: string): string => `trialgraph-columns-${study}`;
const widthsKey = (study: string): string => `trialgraph-column-widths-${study}`;

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    // Storage is refused, or holds something else: as if nothing had been chosen.
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The page has it all the same, until it is left.
  }
}
