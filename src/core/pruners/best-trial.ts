import type { TrialView } from '../trial.ts';
import { isBetter, type PrunedMetric } from './pruned-metric.ts';
import type { TrialIndex } from './study-index.ts';

/**
 * The completed trial with the best final value of a metric that keeps the constraints; of equal ones the first by
 * number. Where the metric is none of the problem's, its last report counts.
 */
export class BestTrial implements TrialIndex {
  readonly #compared: PrunedMetric;
  readonly #candidates = new Map<number, TrialView>();
  #best: TrialView | null = null;

  constructor(compared: PrunedMetric) {
    this.#compared = compared;
  }

  get trial(): TrialView | null {
    return this.#best;
  }

  update(trial: TrialView): void {
    const isResult =
      trial.state === 'COMPLETED' && trial.feasible !== false && !Number.isNaN(this.#valueOf(trial));
    if (isResult) this.#candidates.set(trial.number, trial);
    else this.#candidates.delete(trial.number);
    if (this.#best?.number === trial.number) this.#best = this.#search();
    else if (isResult && (this.#best === null || this.#comesFirst(trial, this.#best))) this.#best = trial;
  }

  #search(): TrialView | null {
    let best: TrialView | null = null;
    for (const trial of this.#candidates.values()) {
      if (best === null || this.#comesFirst(trial, best)) best = trial;
    }
    return best;
  }

  #comesFirst(a: TrialView, b: TrialView): boolean {
    const [x, y] = [this.#valueOf(a), this.#valueOf(b)];
    return isBetter(this.#compared.direction, x, y) || (x === y && a.number < b.number);
  }

  #valueOf({ values, curves }: TrialView): number {
    const { metric } = this.#compared;
    if (values !== null && Object.hasOwn(values, metric)) return values[metric]!;
    return curves.get(metric)?.values.at(-1) ?? Number.NaN;
  }
}
