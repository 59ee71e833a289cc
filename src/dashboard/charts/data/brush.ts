import type { TrialTable } from './trial-table.ts';

/** A range on the axis of a parameter or a metric, ends included. */
export interface BrushRange {
  readonly axis: string;
  readonly low: number;
  readonly high: number;
}

/** Where a column is found: parameters and metrics may have the same name. */
export type AxisColumn = (table: TrialTable, axis: string) => ArrayLike<number>;

/**
 * Those of the trials that lie in the ranges: in each axis that has any, in one of them. A trial that does not have the
 * parameter lies in no range of it.
 */
export function brushed(
  table: TrialTable,
  numbers: readonly number[],
  ranges: readonly BrushRange[],
  columnOf: AxisColumn,
): readonly number[] {
  const tests = [...new Set(ranges.map(({ axis }) => axis))].map((axis) => {
    const column = columnOf(table, axis);
    const own = ranges.filter((range) => range.axis === axis);
    return (number: number) => own.some(({ low, high }) => column[number]! >= low && column[number]! <= high);
  });
  return numbers.filter((number) => tests.every((test) => test(number)));
}
