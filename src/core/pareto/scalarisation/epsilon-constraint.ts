import type { Constraint, Objective } from '../../study.ts';
import type { LossBounds } from '../loss-bounds.ts';
import type { Losses } from '../losses.ts';
import { rangeOf, type Scalarisation, type Score } from './scalarisation.ts';

/**
 * One objective alone, while others keep bounds: min z_j subject to z_k <= epsilon_k (Haimes, Lasdon and Wismer 1971, "On
 * a Bicriterion Formulation ..."; Miettinen 1999, equation 3.2.1). Every point of the front is the best for some bounds.
 * What breaks them comes behind all that keeps them, by how much it does, each loss relative to the front's range
 * (constrained domination, Deb et al. 2002, NSGA-II, section VI).
 */
export class EpsilonConstraintScalarisation implements Scalarisation {
  readonly constraints: readonly Constraint[];
  readonly #objective: number;
  /** The greatest loss that is allowed in each objective. */
  readonly #bounds: readonly number[];

  /** `bounds` are values of metrics: the worst that is allowed. */
  constructor(objectives: readonly Objective[], objective: string, bounds: ReadonlyMap<string, number>) {
    this.#objective = objectives.findIndex(({ metric }) => metric === objective);
    this.#bounds = objectives.map(({ metric, direction }) => {
      const bound = bounds.get(metric);
      if (bound === undefined) return Number.POSITIVE_INFINITY;
      return direction === 'MINIMIZE' ? bound : -bound;
    });
    this.constraints = objectives.flatMap(({ metric, direction }): Constraint[] => {
      const bound = bounds.get(metric);
      const comparison = direction === 'MINIMIZE' ? 'LESS_OR_EQUAL' : 'GREATER_OR_EQUAL';
      return bound === undefined ? [] : [{ metric, comparison, bound }];
    });
  }

  score(losses: Losses, front: LossBounds): Score {
    let violation = 0;
    for (let k = 0; k < losses.length; k++) {
      // Not their difference first: of two infinities it is NaN.
      if (losses[k]! > this.#bounds[k]!) violation += (losses[k]! - this.#bounds[k]!) / rangeOf(front, k);
    }
    return { loss: losses[this.#objective]!, violation };
  }
}
