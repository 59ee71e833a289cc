import type { ReactNode } from 'react';
import classes from './rows.module.css';

export interface RowsColumn<Row> {
  /** A parameter may be called as a metric is. */
  readonly id: string;
  readonly name: string;
  /** Text begins at the left; numbers and choices, which most columns hold, end at the right. */
  readonly isText?: boolean;
  /** Whether it is what rows are ordered by. */
  readonly isMain?: boolean;
  cell(row: Row, place: number): ReactNode;
}

export interface RowsProps<Row> {
  readonly label: string;
  readonly columns: readonly RowsColumn<Row>[];
  readonly rows: readonly Row[];
  keyOf(row: Row): string | number;
}

/** A few trials with their values and parameters, which scroll sideways where these are many. */
export function Rows<Row>({ label, columns, rows, keyOf }: RowsProps<Row>) {
  const looks = ({ isText = false, isMain = false }: RowsColumn<Row>) => ({
    'data-number': isText ? undefined : true,
    'data-main': isMain || undefined,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className={classes.scroll} tabIndex={0} aria-label={`Rows: ${label}`} data-fading>
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} title={column.name} {...looks({ ...column, isMain: false })}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <td key={column.id} {...looks(column)}>
                  {column.cell(row, place)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
