import type { ParameterAxis } from '../data/parameters.ts';
import type { TrialTable } from '../data/trial-table.ts';

/**
 * The settings of trials as rows of numbers from 0 to 1, in which near rows are alike: numbers along their range, in the
 * logarithm where it is searched so; choices one column each; and for a parameter that not all trials have, whether it is
 * there.
 */
export function featuresOf(
  table: TrialTable,
  axes: readonly ParameterAxis[],
  numbers: readonly number[],
): { readonly rows: Float32Array; readonly width: number } {
  const columns: ((number: number) => number)[] = axes.flatMap((axis) => {
    const column = table.param(axis.name);
    const isThere = (number: number) => (Number.isNaN(column[number]!) ? 0 : 1);
    const isConditional = numbers.some((number) => isThere(number) === 0);
    const presence = isConditional ? [isThere] : [];
    if (axis.kind === 'choice') {
      return axis.labels.map((_, place) => (number: number) => (column[number] === place ? 0.7 : 0));
    }
    const along = unitScale(axis);
    return [(number: number) => (isThere(number) === 1 ? along(column[number]!) : 0.5), ...presence];
  });
  const width = columns.length;
  const rows = new Float32Array(numbers.length * width);
  for (const [row, number] of numbers.entries()) {
    for (let i = 0; i < width; i++) rows[row * width + i] = columns[i]!(number);
  }
  return { rows, width };
}

/** A parameter's value as 0 to 1 along its axis; choices by their places. */
export function unitScale({ range, log, labels }: ParameterAxis): (value: number) => number {
  if (range === null) return (value) => (value + 0.5) / labels.length;
  const [low, high] = log ? [Math.log(range[0]), Math.log(range[1])] : range;
  const extent = high - low || 1;
  return (value) => ((log ? Math.log(value) : value) - low) / extent;
}
