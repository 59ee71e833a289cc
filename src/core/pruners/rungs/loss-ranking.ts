import type { Losses } from '../../pareto/losses.ts';
import type { Ranking } from './ranking.ts';

interface Place {
  readonly trialNumber: number;
  readonly loss: number;
}

/** Ranks by one loss; NaN comes behind all numbers. */
export class LossRanking implements Ranking {
  readonly #places: Place[] = [];

  get size(): number {
    return this.#places.length;
  }

  add(trialNumber: number, [loss]: Losses): void {
    const place = { trialNumber, loss: loss! };
    this.#places.splice(this.#find(place), 0, place);
  }

  delete(trialNumber: number, [loss]: Losses): void {
    this.#places.splice(this.#find({ trialNumber, loss: loss! }), 1);
  }

  countBetter(_trialNumber: number, [loss]: Losses): number {
    return this.#find({ trialNumber: -1, loss: loss! });
  }

  *best(count: number): Generator<number> {
    for (let i = 0; i < Math.min(count, this.#places.length); i++) yield this.#places[i]!.trialNumber;
  }

  /** The position of a place among the others, whether it is there or not. */
  #find(place: Place): number {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comesBefore(this.#places[middle]!, place)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function comesBefore(a: Place, b: Place): boolean {
  if (a.loss < b.loss) return true;
  if (a.loss > b.loss) return false;
  const [aIsNaN, bIsNaN] = [Number.isNaN(a.loss), Number.isNaN(b.loss)];
  return aIsNaN === bIsNaN ? a.trialNumber < b.trialNumber : bIsNaN;
}
