import { type ParameterColumn, parameterColumn } from '../importance/parameter-column.ts';
import { bestShare, isResult, orderTrials, type TrialOrder } from '../importance/trial-order.ts';
import type { Objective, StudyProblem } from '../study.ts';
import type { StudyView } from '../study-view.ts';
import type { TrialView } from '../trial.ts';

/** What every insight is drawn from. Entries by trial follow `order.trials`. */
export interface Evidence {
  readonly problem: StudyProblem;
  /** The objectives that make a trial good. */
  readonly objectives: readonly Objective[];
  readonly order: TrialOrder;
  /** Which trials are the good ones: the best tenth. 1 for yes. */
  readonly good: Uint8Array;
  readonly goodCount: number;
  readonly columns: readonly ParameterColumn[];
  /** What each trial took, in whole milliseconds, so that sums do not depend on the order; 0 where unknown. */
  readonly durationsMs: Float64Array;
}

const goodShare = 0.1;

export function gatherEvidence(
  study: StudyView,
  objectives: readonly Objective[],
  durationsMs: ReadonlyMap<number, number>,
): Evidence {
  const order = orderTrials(study, objectives);
  const good = bestShare(order, goodShare);
  return {
    problem: study.problem,
    objectives,
    order,
    good,
    goodCount: good.reduce((sum, isGood) => sum + isGood, 0),
    columns: study.problem.space.parameters.map((parameter) => parameterColumn(parameter, order.trials)),
    durationsMs: Float64Array.from(order.trials, ({ number }) => Math.round(durationsMs.get(number) ?? 0)),
  };
}

/** The best value of an objective among these trials; null where none ended with one. */
export function bestValue({ metric, direction }: Objective, trials: Iterable<TrialView>): number | null {
  let best: number | null = null;
  for (const trial of trials) {
    if (!isResult(trial) || trial.values === null || !Object.hasOwn(trial.values, metric)) continue;
    const value = trial.values[metric]!;
    if (Number.isNaN(value)) continue;
    if (best === null || (direction === 'MINIMIZE' ? value < best : value > best)) best = value;
  }
  return best;
}
