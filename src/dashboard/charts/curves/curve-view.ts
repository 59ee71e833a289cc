import type { Curve } from './curve.ts';
import type { ShownCurve } from './curve-set.ts';

export const curveAxes = ['step', 'time', 'relative'] as const;

/** Along what a curve is drawn: steps, wall time, or time since the trial's first point. */
export type CurveAxis = (typeof curveAxes)[number];

/** How curves are drawn. */
export interface CurveView {
  readonly axis: CurveAxis;
  readonly logX: boolean;
  readonly logY: boolean;
  /** 0: not at all, to less than 1. */
  readonly smoothing: number;
}

/** The column of a curve's places along the axis, and what is to be taken off each. */
export function placesOf(
  { curve, startMs }: ShownCurve,
  axis: CurveAxis,
): readonly [ArrayLike<number>, number] {
  if (axis === 'step') return [curve.steps, 0];
  return [curve.times, axis === 'time' ? 0 : startMs];
}

/** The extent of all curves along the axis; null where there are no points. */
export function extentOf(curves: readonly ShownCurve[], view: CurveView): readonly [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const shown of curves) {
    const [places, offset] = placesOf(shown, view.axis);
    if (places.length === 0) continue;
    let first = places[0]! - offset;
    // Zero has no logarithm: the axis begins at the first point behind it.
    if (view.logX && first <= 0) first = places.length > 1 ? places[1]! - offset : 1;
    low = Math.min(low, first);
    high = Math.max(high, places[places.length - 1]! - offset);
  }
  if (low > high) return null;
  if (low < high) return [low, high];
  // Points at one place stand in the middle.
  return view.logX ? [low / 2, 2 * low] : [low - 1, low + 1];
}

/** The range of steps within a range of the axis, over all curves: what a finer reading has to ask for. */
export function stepsWithin(
  curves: readonly ShownCurve[],
  axis: CurveAxis,
  [from, to]: readonly [number, number],
): readonly [number, number] | null {
  if (axis === 'step') return [from, to];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const shown of curves) {
    const [places, offset] = placesOf(shown, axis);
    const { steps } = shown.curve;
    for (let i = 0; i < places.length; i++) {
      const place = places[i]! - offset;
      if (place < from || place > to) continue;
      low = Math.min(low, steps[Math.max(0, i - 1)]!);
      high = Math.max(high, steps[Math.min(steps.length - 1, i + 1)]!);
    }
  }
  return low > high ? null : [low, high];
}

/** The points of a curve that a range of the axis shows: those within and one on each side. */
export function shownPart(
  places: ArrayLike<number>,
  offset: number,
  [from, to]: readonly [number, number],
): readonly [start: number, end: number] {
  let start = 0;
  let end = places.length;
  // Times may go back where the clock of a worker was set; they are looked through only where they do not.
  for (let low = 0, high = places.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (places[middle]! - offset < from) low = middle + 1;
    else high = middle;
    start = low;
  }
  for (let low = start, high = places.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (places[middle]! - offset <= to) low = middle + 1;
    else high = middle;
    end = low;
  }
  return [Math.max(0, start - 1), Math.min(places.length, end + 1)];
}

export function drawnValues(curve: Curve, view: CurveView): ArrayLike<number> {
  return curve.smooth(view.smoothing);
}

/** The values that a range of the axis shows, of all curves in one list, as `valueRange` takes them. */
export function shownValues(
  curves: readonly ShownCurve[],
  x: readonly [number, number],
  view: CurveView,
): number[] {
  const values: number[] = [];
  for (const shown of curves) {
    const [places, offset] = placesOf(shown, view.axis);
    const [start, end] = shownPart(places, offset, x);
    const drawn = drawnValues(shown.curve, view);
    for (let i = start; i < end; i++) {
      const value = drawn[i]!;
      if (!view.logY || value > 0) values.push(value);
    }
  }
  return values;
}
