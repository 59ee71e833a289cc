import type { JsonScalar } from '../../json.ts';
import type { Random } from '../../random.ts';
import type { Axis } from '../../search-space/axis.ts';
import { isActive } from '../../search-space/condition.ts';
import { type Prior, priorOf } from '../../search-space/prior.ts';
import type { NamedParameter, Params, SearchSpace } from '../../search-space/space.ts';
import { bandwidth } from './bandwidth.ts';
import { CategoricalKernel, numericKernel, type ParzenKernel } from './parzen-kernel.ts';

/** A setting with its coordinates in the order of the space; NaN for a parameter that does not exist in it. */
export interface Candidate {
  readonly params: Params;
  readonly coordinates: Float64Array;
}

/** Settings that a density is made of: their coordinates, a column a parameter, and how many settings each stands for. */
export interface Observations {
  readonly columns: readonly Float64Array[];
  readonly weights: Float64Array;
}

/**
 * A density over the whole space: a mixture of one kernel an observation and the prior,
 * p(x) = (p_0(x) + sum_i w_i prod_d k_d(x_d | x_id)) / (sum_i w_i + 1), relative to uniform draws (Watanabe 2023,
 * section 3). Conditional parameters are drawn down the tree: where an observation lacks one, its kernel is the prior, so every
 * setting the space allows has one density and only observations that have a parameter shape it.
 */
export class ParzenEstimator {
  readonly #space: SearchSpace;
  readonly #axes: readonly Axis[];
  readonly #observations: Observations;
  readonly #kernels: readonly (ParzenKernel | null)[];
  readonly #priors: readonly Prior[];
  readonly #logWeights: Float64Array;
  readonly #totalWeight: number;
  readonly #sums: Float64Array;

  /** `axes` are those of the space's parameters. */
  constructor(space: SearchSpace, axes: readonly Axis[], observations: Observations) {
    this.#space = space;
    this.#axes = axes;
    this.#observations = observations;
    this.#kernels = space.parameters.map((parameter, d) => this.#kernelOf(parameter, d));
    this.#priors = space.parameters.map(priorOf);
    const { weights } = observations;
    this.#logWeights = new Float64Array(weights.length);
    let total = 1;
    for (let i = 0; i < weights.length; i++) {
      total += weights[i]!;
      // Nearly all weights are 1.
      if (weights[i] !== 1) this.#logWeights[i] = Math.log(weights[i]!);
    }
    this.#totalWeight = total;
    this.#sums = new Float64Array(weights.length);
  }

  /** @param crossed whether each parameter is drawn from the kernel of another observation */
  draw(random: Random, crossed = false): Candidate {
    let observation = this.#drawObservation(random);
    const params: Record<string, JsonScalar> = {};
    const coordinates = new Float64Array(this.#axes.length).fill(Number.NaN);
    this.#space.parameters.forEach((parameter, d) => {
      if (!isActive(parameter, params)) return;
      const axis = this.#axes[d]!;
      if (crossed) observation = this.#drawObservation(random);
      const isObserved = !Number.isNaN(this.#observations.columns[d]![observation] ?? Number.NaN);
      const kernel = isObserved ? this.#kernels[d]! : null;
      const prior = this.#priors[d]!;
      const value = axis.decode(
        kernel === null ? prior.quantile(random.uniform()) : kernel.draw(observation, random),
      );
      params[parameter.name] = value;
      coordinates[d] = axis.encode(value);
    });
    return { params, coordinates };
  }

  logDensity({ coordinates }: Candidate): number {
    const sums = this.#sums;
    sums.set(this.#logWeights);
    let logPrior = 0;
    for (let d = 0; d < coordinates.length; d++) {
      const kernel = this.#kernels[d]!;
      if (kernel === null || Number.isNaN(coordinates[d])) continue;
      const ofPrior = this.#logPriorDensity(d, coordinates[d]!);
      logPrior += ofPrior;
      kernel.addLogDensities(coordinates[d]!, ofPrior, sums);
    }
    let largest = logPrior;
    for (let i = 0; i < sums.length; i++) if (sums[i]! > largest) largest = sums[i]!;
    // Only a prior that rules a value out can say so, where no observation is like it.
    if (largest === Number.NEGATIVE_INFINITY) return largest;
    let density = Math.exp(logPrior - largest);
    for (let i = 0; i < sums.length; i++) {
      const relative = sums[i]! - largest;
      if (relative > negligible) density += Math.exp(relative);
    }
    return largest + Math.log(density / this.#totalWeight);
  }

  #logPriorDensity(d: number, coordinate: number): number {
    const prior = this.#priors[d]!;
    if (prior.isUniform) return 0;
    const axis = this.#axes[d]!;
    if (axis.cells === Number.POSITIVE_INFINITY) return Math.log(prior.density(coordinate));
    let low = 0;
    let high = axis.cells - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (axis.edge(middle) <= coordinate) low = middle;
      else high = middle - 1;
    }
    const [from, to] = [axis.edge(low), axis.edge(low + 1)];
    return Math.log((prior.cdf(to) - prior.cdf(from)) / (to - from));
  }

  /** The number of observations stands for the prior. */
  #drawObservation(random: Random): number {
    const { weights } = this.#observations;
    let left = random.uniform() * this.#totalWeight;
    for (let i = 0; i < weights.length; i++) {
      left -= weights[i]!;
      if (left < 0) return i;
    }
    return weights.length;
  }

  /** Null for a parameter with one value, which tells nothing. */
  #kernelOf(parameter: NamedParameter, d: number): ParzenKernel | null {
    const { cells } = this.#axes[d]!;
    if (cells === 1) return null;
    const column = this.#observations.columns[d]!;
    if (parameter.type === 'categorical' && !parameter.ordered) {
      let count = 0;
      for (let i = 0; i < column.length; i++) if (!Number.isNaN(column[i]!)) count++;
      // Optuna's smoothing: each choice has 1 / (count + 1), the observed one 1 more.
      return new CategoricalKernel(column, cells, (count + 2) / (count + 1 + cells));
    }
    return numericKernel(column, this.#axes[d]!, bandwidth(column, this.#axes.length, cells));
  }
}

/** Of a hundred thousand observations, those with a share below e^-30 do not add up to 1e-8. */
const negligible = -30;
