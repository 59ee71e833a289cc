import { keepExtremes } from './keep-extremes.ts';
import { smoothed } from './smoothing.ts';

/** Columns of one length. */
export interface CurvePoints {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** In milliseconds since 1970. */
  readonly times: ArrayLike<number>;
}

/** A curve that grows beyond this is thinned; zooming reads what was left out. */
const maxPoints = 8000;
const thinnedPoints = 2000;

/** A metric of one trial: points in ascending steps, of which some may be left out. */
export class Curve {
  steps: number[] = [];
  values: number[] = [];
  times: number[] = [];
  /** Another number after each change. */
  version = 0;
  /** Another number after each change but the adding of points behind the last. */
  revision = 0;
  /** Whether all points that there are, are here. */
  isWhole = true;
  /** How many points there are, also those that were left out. */
  count = 0;
  /** The least range of steps of which all points were read, as far as the curve is not whole. */
  #finest: readonly [from: number, to: number] | null = null;
  #smooth: { readonly version: number; readonly weight: number; readonly values: Float64Array } | null = null;

  /** Takes points of the range `from` to `to`, of which there are `count`, in the place of those that are there. */
  replace(
    points: CurvePoints,
    count: number,
    from = Number.NEGATIVE_INFINITY,
    to = Number.POSITIVE_INFINITY,
  ): void {
    const start = firstNotBelow(this.steps, from);
    const end = firstNotBelow(this.steps, to + 1);
    const isAll = count <= points.steps.length;
    if (from === Number.NEGATIVE_INFINITY) {
      this.isWhole = isAll;
      this.count = count;
    } else if (isAll) {
      this.#finest = [from, to];
    }
    for (const name of ['steps', 'values', 'times'] as const) {
      this[name] = [...this[name].slice(0, start), ...Array.from(points[name]), ...this[name].slice(end)];
    }
    this.version += 1;
    this.revision += 1;
  }

  /** Adds points as they are reported: mostly behind the last, in any order; for one step the last one counts. */
  append({ steps, values, times }: CurvePoints): void {
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i]!;
      const isNext = this.steps.length === 0 || step > this.steps.at(-1)!;
      const place = isNext ? this.steps.length : firstNotBelow(this.steps, step);
      const replaced = this.steps[place] === step ? 1 : 0;
      if (!isNext) this.revision += 1;
      this.count += 1 - replaced;
      this.steps.splice(place, replaced, step);
      this.values.splice(place, replaced, values[i]!);
      this.times.splice(place, replaced, times[i]!);
    }
    if (this.steps.length > maxPoints) this.#thin();
    this.version += 1;
  }

  /** Whether reading this range of steps would give points that are not here. */
  lacks(from: number, to: number): boolean {
    if (this.isWhole) return false;
    return this.#finest === null || from < this.#finest[0] || to > this.#finest[1];
  }

  /** The values smoothed by `weight` from 0 to 1 for each report; computed once until the curve changes. */
  smooth(weight: number): ArrayLike<number> {
    if (weight <= 0 || this.count < 2) return this.values;
    if (this.#smooth?.version !== this.version || this.#smooth.weight !== weight) {
      const spacing = Math.max(1, (this.steps.at(-1)! - this.steps[0]!) / (this.count - 1));
      const values = smoothed(this.steps, this.values, weight, spacing);
      this.#smooth = { version: this.version, weight, values };
    }
    return this.#smooth.values;
  }

  #thin(): void {
    const places = keepExtremes(this.values, thinnedPoints);
    for (const name of ['steps', 'values', 'times'] as const) {
      const column = this[name];
      this[name] = places.map((place) => column[place]!);
    }
    this.isWhole = false;
    this.#finest = null;
    this.revision += 1;
  }
}

/** The first place in an ascending list whose number is not below `bound`; its length where all are. */
export function firstNotBelow(list: ArrayLike<number>, bound: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
