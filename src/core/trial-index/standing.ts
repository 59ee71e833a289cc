import { lastStep } from '../curve.ts';
import { lossesOf } from '../pareto/losses.ts';
import { type StudyProblem, violation } from '../study.ts';
import type { TrialView } from '../trial.ts';

/** From best to worst; a lower number is better. */
export const tiers = { result: 0, pruned: 1, infeasible: 2, silent: 3 } as const;

/** How well a trial did: trials of a lower tier come first, then those with lesser keys, compared from the first on. */
export interface Standing {
  readonly tier: number;
  readonly keys: readonly number[];
}

/**
 * First come completed trials that keep the constraints, by their losses; then pruned ones, those that came further
 * first, then by their last report; then those that break a constraint, by how much in all (as Optuna has it); then
 * those without a number to go by.
 */
export function standingOf(problem: StudyProblem, trial: TrialView): Standing {
  if (trial.state === 'INFEASIBLE' || trial.feasible === false) {
    const broken = totalViolation(problem, trial);
    if (broken < Number.POSITIVE_INFINITY) return { tier: tiers.infeasible, keys: [broken] };
  } else if (trial.state === 'PRUNED') {
    const progress = progressOf(problem, trial);
    if (progress !== null) return { tier: tiers.pruned, keys: progress };
  } else {
    const losses = lossesOf(problem.objectives, trial.values);
    if (losses !== null) return { tier: tiers.result, keys: losses };
  }
  return { tier: tiers.silent, keys: [] };
}

/**
 * How far a pruned trial came and how good it was there, both to be small; without a curve, its told value counts as
 * from before the first step. Null where it has no number. Of several objectives the first with a number speaks.
 */
function progressOf({ objectives }: StudyProblem, trial: TrialView): readonly number[] | null {
  for (const objective of objectives) {
    const { metric, direction } = objective;
    const curve = trial.curves.get(metric);
    const last = curve?.values.at(-1);
    if (last !== undefined && !Number.isNaN(last)) {
      return [-lastStep(curve)!, direction === 'MINIMIZE' ? last : -last];
    }
    const told = lossesOf([objective], trial.values);
    if (told !== null) return [1, told[0]!];
  }
  return null;
}

function totalViolation({ constraints }: StudyProblem, { values }: TrialView): number {
  if (values === null || constraints.length === 0) return Number.POSITIVE_INFINITY;
  return constraints.reduce((sum, constraint) => {
    const value = Object.hasOwn(values, constraint.metric) ? values[constraint.metric]! : Number.NaN;
    return sum + Math.max(0, violation(constraint, value));
  }, 0);
}
