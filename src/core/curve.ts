import type { Curve } from './trial.ts';

/** The last step that a series can have: they are stored in 32 bits. */
export const maxStep = 2 ** 31 - 1;

/** The first position whose step is at least `step`; the length where all are below. */
export function firstFrom(steps: readonly number[], step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps[middle]! < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last value at or before a step that is not NaN; NaN where there is none. */
export function valueBy(curve: Curve, step: number): number {
  for (let i = firstFrom(curve.steps, step + 1) - 1; i >= 0; i--) {
    const value = curve.values[i]!;
    if (!Number.isNaN(value)) return value;
  }
  return Number.NaN;
}

/** The last step reported, or undefined before the first report. */
export function lastStep(curve: Curve | undefined): number | undefined {
  return curve?.steps.at(-1);
}
