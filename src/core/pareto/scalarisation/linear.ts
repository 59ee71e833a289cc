import type { LossBounds } from '../loss-bounds.ts';
import type { Losses } from '../losses.ts';
import { idealOf, rangeOf, type Scalarisation, type Score } from './scalarisation.ts';

/**
 * The weighted sum of the losses, sum_k w_k z_k (Zadeh 1963; Miettinen 1999, "Nonlinear Multiobjective Optimization",
 * equation 3.1.1). Whatever the weights, it finds only points of the front's convex hull, never those of a hollow.
 */
export class LinearScalarisation implements Scalarisation {
  readonly constraints = [];
  readonly #weights: readonly number[];
  readonly #isNormalised: boolean;

  /** Normalised: z_k is 0 at the best of the front and 1 at the worst. Otherwise the loss as it is. */
  constructor(weights: readonly number[], isNormalised: boolean) {
    this.#weights = weights;
    this.#isNormalised = isNormalised;
  }

  score(losses: Losses, front: LossBounds): Score {
    let loss = 0;
    for (let k = 0; k < losses.length; k++) {
      // A loss without weight does not count, not even an infinite one.
      if (this.#weights[k] === 0) continue;
      const z = this.#isNormalised ? (losses[k]! - idealOf(front, k)) / rangeOf(front, k) : losses[k]!;
      loss += this.#weights[k]! * z;
    }
    return { loss, violation: 0 };
  }
}
