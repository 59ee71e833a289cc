import type { StudyView } from '../study-view.ts';

/** How an objective came to its best value: each entry a result that was better than all before it. */
export interface BestSoFar {
  readonly numbers: readonly number[];
  /** How many results there were by then, with it. */
  readonly results: readonly number[];
  readonly values: readonly number[];
}

/**
 * The best value so far of each objective by itself, over a study's results (completed trials that keep all
 * constraints, see StudyResults) in the order in which they ended. Of equal ones the first counts.
 */
export function bestSoFar({ problem, results }: StudyView): BestSoFar[] {
  return problem.objectives.map(({ direction }, k) => {
    const best: { numbers: number[]; results: number[]; values: number[] } = {
      numbers: [],
      results: [],
      values: [],
    };
    let least = Number.POSITIVE_INFINITY;
    for (const [i, { number, losses }] of results.all.entries()) {
      const loss = losses[k]!;
      if (loss >= least) continue;
      least = loss;
      best.numbers.push(number);
      best.results.push(i + 1);
      best.values.push(direction === 'MINIMIZE' ? loss : -loss);
    }
    return best;
  });
}
