import type { LossBounds } from '../loss-bounds.ts';
import type { Losses } from '../losses.ts';
import { idealOf, rangeOf, type Scalarisation, type Score } from './scalarisation.ts';

/**
 * The augmented Tchebycheff distance from the ideal point, max_k w_k z_k + rho sum_k w_k z_k (Steuer and Choo 1983, "An
 * Interactive Weighted Tchebycheff Procedure"; in this form Knowles 2006, "ParEGO", equation 2). Every point of the
 * front is the best for some weights, in a hollow too; the second term keeps out points that are only weakly optimal.
 */
export class TchebycheffScalarisation implements Scalarisation {
  readonly constraints = [];
  readonly #weights: readonly number[];
  readonly #rho: number;
  readonly #isNormalised: boolean;

  /** z_k is the distance from the best of the front; normalised, 1 at the worst of the front. */
  constructor(weights: readonly number[], rho: number, isNormalised: boolean) {
    this.#weights = weights;
    this.#rho = rho;
    this.#isNormalised = isNormalised;
  }

  score(losses: Losses, front: LossBounds): Score {
    let most = Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let k = 0; k < losses.length; k++) {
      // A loss without weight does not count, not even an infinite one.
      if (this.#weights[k] === 0) continue;
      const z = (losses[k]! - idealOf(front, k)) / (this.#isNormalised ? rangeOf(front, k) : 1);
      most = Math.max(most, this.#weights[k]! * z);
      sum += this.#weights[k]! * z;
    }
    return { loss: most + this.#rho * sum, violation: 0 };
  }
}
