import type { JsonScalar } from '../../json.ts';
import type { Random } from '../../random.ts';
import { type Axis, axisOf } from '../../search-space/axis.ts';
import { isActive } from '../../search-space/condition.ts';
import type { NamedParameter, Params, SearchSpace } from '../../search-space/space.ts';
import { CategoricalKernel, NumericKernel, type ParzenKernel } from './parzen-kernel.ts';

/** A setting with its coordinates in the order of the space; NaN for a parameter that does not exist in it. */
export interface Candidate {
  readonly params: Params;
  readonly coordinates: Float64Array;
}

/**
 * A density over the whole space: a mixture of one kernel an observation and the prior,
 * p(x) = (1 + sum_i prod_d k_d(x_d | x_id)) / (N + 1), relative to the prior (Watanabe 2023, section 3).
 * Conditional parameters are drawn down the tree: where an observation lacks one, its kernel is the prior, so every
 * setting the space allows has one density and only observations that have a parameter shape it.
 */
export class ParzenEstimator {
  readonly #space: SearchSpace;
  readonly #axes: readonly Axis[];
  readonly #observations: readonly Float64Array[];
  readonly #kernels: readonly (ParzenKernel | null)[];

  /** `observations` are coordinates in the order of the space. */
  constructor(space: SearchSpace, observations: readonly Float64Array[]) {
    this.#space = space;
    this.#axes = space.parameters.map(axisOf);
    this.#observations = observations;
    this.#kernels = space.parameters.map((parameter, d) => this.#kernelOf(parameter, d));
  }

  draw(random: Random): Candidate {
    // The last one stands for the prior.
    const observation = random.integer(this.#observations.length + 1);
    const params: Record<string, JsonScalar> = {};
    const coordinates = new Float64Array(this.#axes.length).fill(Number.NaN);
    this.#space.parameters.forEach((parameter, d) => {
      if (!isActive(parameter, params)) return;
      const axis = this.#axes[d]!;
      const isObserved = !Number.isNaN(this.#observations[observation]?.[d] ?? Number.NaN);
      const kernel = isObserved ? this.#kernels[d]! : null;
      const value = axis.decode(kernel === null ? random.uniform() : kernel.draw(observation, random));
      params[parameter.name] = value;
      coordinates[d] = axis.encode(value);
    });
    return { params, coordinates };
  }

  logDensity({ coordinates }: Candidate): number {
    const sums = new Float64Array(this.#observations.length);
    coordinates.forEach((coordinate, d) => {
      if (!Number.isNaN(coordinate)) this.#kernels[d]?.addLogDensities(coordinate, sums);
    });
    let largest = 0;
    for (let i = 0; i < sums.length; i++) largest = Math.max(largest, sums[i]!);
    // The prior's own density is 1.
    let density = Math.exp(-largest);
    for (let i = 0; i < sums.length; i++) density += Math.exp(sums[i]! - largest);
    return largest + Math.log(density / (sums.length + 1));
  }

  /** Null for a parameter with one value, which tells nothing. */
  #kernelOf(parameter: NamedParameter, d: number): ParzenKernel | null {
    const { cells } = this.#axes[d]!;
    if (cells === 1) return null;
    const column = new Float64Array(this.#observations.length);
    let count = 0;
    for (let i = 0; i < column.length; i++) {
      const coordinate = this.#observations[i]![d]!;
      column[i] = coordinate;
      if (!Number.isNaN(coordinate)) count++;
    }
    if (parameter.type === 'categorical' && !parameter.ordered) {
      // Optuna's smoothing: each choice has 1 / (count + 1), the observed one 1 more.
      return new CategoricalKernel(column, cells, (count + 2) / (count + 1 + cells));
    }
    return new NumericKernel(column, this.#axes[d]!, bandwidth(count, this.#axes.length));
  }
}

/**
 * On the unit axis: b = N^(-1 / (D + 4)) / 5, Scott's rule as Optuna scales it, but not below 1 / min(100, N + 2),
 * the "magic clipping" of Hyperopt (both in Watanabe 2023, "Bandwidth Selection").
 */
function bandwidth(observations: number, dimensions: number): number {
  const scott = 0.2 * Math.max(observations, 1) ** (-1 / (dimensions + 4));
  return Math.max(scott, 1 / Math.min(100, observations + 2));
}
