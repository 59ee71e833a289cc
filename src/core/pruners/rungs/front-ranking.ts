import type { Losses } from '../../pareto/losses.ts';
import { NonDominatedLevels } from '../../pareto/non-dominated-levels.ts';
import type { Ranking } from './ranking.ts';

/** What stands for NaN and infinity: worse than any loss, and still with a distance to others. */
const worst = 1e300;

/**
 * Ranks by several losses: by non-dominated sorting, and within a front the less crowded first (Schmucker et al. 2021,
 * "Multi-objective Asynchronous Successive Halving", section 3.2). In each loss NaN is as bad as infinity.
 */
export class FrontRanking implements Ranking {
  readonly #levels = new NonDominatedLevels();

  get size(): number {
    return this.#levels.size;
  }

  add(trialNumber: number, losses: Losses): void {
    this.#levels.add(trialNumber, losses.map(bounded));
  }

  delete(trialNumber: number): void {
    this.#levels.delete(trialNumber);
  }

  countBetter(trialNumber: number): number {
    return this.#levels.countBefore(trialNumber);
  }

  best(count: number): Iterable<number> {
    return this.#levels.best(count);
  }
}

function bounded(loss: number): number {
  return Number.isNaN(loss) ? worst : Math.max(-worst, Math.min(worst, loss));
}
