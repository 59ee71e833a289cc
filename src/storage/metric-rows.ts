import { decodeColumn } from './column-codec.ts';
import type { MetricPoints } from './metric-store.ts';

/** The columns of a chunk or a block as PostgreSQL gives them. */
export interface PointsRow {
  readonly points: number;
  readonly steps: Buffer;
  readonly values: Buffer;
  readonly times: Buffer;
}

/** The points of all rows, one after the other. */
export function decodeRows(rows: readonly PointsRow[]): MetricPoints {
  const count = rows.reduce((sum, row) => sum + row.points, 0);
  const steps = new Int32Array(count);
  const values = new Float64Array(count);
  const valueBytes = new Uint8Array(values.buffer);
  const times = new Float64Array(count);
  let offset = 0;
  for (const row of rows) {
    decodeColumn(row.steps, steps, offset, row.points);
    valueBytes.set(row.values, offset * values.BYTES_PER_ELEMENT);
    decodeColumn(row.times, times, offset, row.points);
    offset += row.points;
  }
  return { steps, values, times };
}

/** Points `from` up to, not including, `to` of a row whose values are only those. */
export function decodeSlice(row: PointsRow, from: number, to: number): MetricPoints {
  const steps = new Int32Array(row.points);
  const values = new Float64Array(to - from);
  const times = new Float64Array(row.points);
  decodeColumn(row.steps, steps, 0, row.points);
  new Uint8Array(values.buffer).set(row.values);
  decodeColumn(row.times, times, 0, row.points);
  return { steps: steps.slice(from, to), values, times: times.slice(from, to) };
}

/** Neighbours with the same key, together. */
export function groupNeighbours<T>(rows: readonly T[], keyOf: (row: T) => unknown): T[][] {
  const groups: T[][] = [];
  let key: unknown;
  for (const row of rows) {
    const group = groups.at(-1);
    if (group !== undefined && keyOf(row) === key) group.push(row);
    else groups.push([row]);
    key = keyOf(row);
  }
  return groups;
}
