import type { Random } from '../random.ts';
import { type Axis, axisOf } from '../search-space/axis.ts';
import type { Params, SearchSpace } from '../search-space/space.ts';

/** A setting as coordinates on the unit axes of a space, in its order; NaN where a parameter does not exist. */
export type Point = Float64Array;

/** How far settings of a space lie from each other, parameter by parameter. */
export class SettingGeometry {
  readonly dimensions: number;
  readonly #names: readonly string[];
  readonly #axes: readonly Axis[];
  /** Whether neighbours on the axis are not alike. */
  readonly #isUnordered: readonly boolean[];

  constructor(space: SearchSpace) {
    // A constant tells nothing.
    const parameters = space.parameters.filter((parameter) => axisOf(parameter).cells > 1);
    this.#names = parameters.map(({ name }) => name);
    this.#axes = parameters.map(axisOf);
    this.#isUnordered = parameters.map(
      (parameter) => parameter.type === 'categorical' && parameter.ordered !== true,
    );
    this.dimensions = parameters.length;
  }

  point(params: Params): Point {
    return Float64Array.from(this.#axes, (axis, d) => {
      const name = this.#names[d]!;
      const value = Object.hasOwn(params, name) ? axis.snap(params[name]) : undefined;
      return value === undefined ? Number.NaN : axis.encode(value);
    });
  }

  /** A setting near another one: moved in all dimensions that it has, but for choices without an order. */
  near(point: Point, spread: number, random: Random): Point {
    return point.map((place, d) => {
      const moved = Math.min(1, Math.max(0, place + spread * random.normal()));
      const axis = this.#axes[d]!;
      return this.#isUnordered[d] || Number.isNaN(place) ? place : axis.encode(axis.decode(moved));
    });
  }

  /**
   * The squared distance in each dimension, written to `into`: 0 to 1. Between choices without an order, and between a
   * parameter that exists and one that does not, it is 1.
   */
  squaredDistances(a: Point, b: Point, into: Float64Array): void {
    for (let d = 0; d < this.dimensions; d++) {
      const [x, y] = [a[d]!, b[d]!];
      const isSame = x === y || (Number.isNaN(x) && Number.isNaN(y));
      if (isSame) into[d] = 0;
      else if (Number.isNaN(x) || Number.isNaN(y)) into[d] = 1;
      else into[d] = this.#isUnordered[d] ? 1 : (x - y) ** 2;
    }
  }
}
