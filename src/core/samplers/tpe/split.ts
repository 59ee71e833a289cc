import { lastStep } from '../../curve.ts';
import { crowdingDistances } from '../../pareto/crowding-distance.ts';
import { type Losses, lossesOf } from '../../pareto/losses.ts';
import { nonDominatedRanks } from '../../pareto/non-dominated-ranks.ts';
import { type StudyProblem, violation } from '../../study.ts';
import type { TrialView } from '../../trial.ts';

export interface Split {
  readonly good: readonly TrialView[];
  readonly bad: readonly TrialView[];
}

/**
 * The best `goodCount` trials, and the rest; both in the order of `observed`. First come completed trials that keep the
 * constraints, by their values; then pruned ones, those that came further first, then by their last report; then
 * those that break a constraint, by how much in all. Trials without a number to go by are never good.
 */
export function splitTrials(problem: StudyProblem, observed: readonly TrialView[], goodCount: number): Split {
  const completed: [TrialView, Losses][] = [];
  const pruned: [TrialView, readonly number[]][] = [];
  const infeasible: [TrialView, readonly number[]][] = [];
  for (const trial of observed) {
    if (trial.state === 'INFEASIBLE' || trial.feasible === false) {
      const broken = totalViolation(problem, trial);
      if (broken < Number.POSITIVE_INFINITY) infeasible.push([trial, [broken]]);
    } else if (trial.state === 'PRUNED') {
      const progress = progressOf(problem, trial);
      if (progress !== null) pruned.push([trial, progress]);
    } else {
      const losses = lossesOf(problem.objectives, trial.values);
      if (losses !== null) completed.push([trial, losses]);
    }
  }

  const good = new Set<TrialView>();
  const several = problem.objectives.length > 1;
  const take = (trials: readonly TrialView[]): void => {
    for (const trial of trials) good.add(trial);
  };
  take(several ? bestOfSeveral(completed, goodCount) : least(completed, goodCount));
  take(least(pruned, goodCount - good.size));
  take(least(infeasible, goodCount - good.size));
  return {
    good: observed.filter((trial) => good.has(trial)),
    bad: observed.filter((trial) => !good.has(trial)),
  };
}

/** The `count` trials with the least keys, compared from the first on; the earlier trial where all are equal. O(n) for few. */
function least(keyed: readonly [TrialView, readonly number[]][], count: number): TrialView[] {
  const chosen: (readonly [TrialView, readonly number[]])[] = [];
  if (count <= 0) return [];
  for (const entry of keyed) {
    if (chosen.length === count) {
      if (compare(entry[1], chosen.at(-1)![1]) >= 0) continue;
      chosen.pop();
    }
    let place = chosen.length;
    while (place > 0 && compare(entry[1], chosen[place - 1]![1]) < 0) place--;
    chosen.splice(place, 0, entry);
  }
  return chosen.map(([trial]) => trial);
}

/** Front by front; of the front that does not fit whole, the least crowded (Deb et al. 2002, NSGA-II, section III-C). */
function bestOfSeveral(completed: readonly [TrialView, Losses][], count: number): TrialView[] {
  const ranks = nonDominatedRanks(completed.map(([, losses]) => losses));
  const chosen: TrialView[] = [];
  for (let rank = 0; chosen.length < Math.min(count, completed.length); rank++) {
    const front = completed.filter((_, i) => ranks[i] === rank);
    const distances = crowdingDistances(front.map(([, losses]) => losses));
    const byDistance = front.map(([trial], i): [TrialView, number[]] => [trial, [-distances[i]!]]);
    chosen.push(...least(byDistance, count - chosen.length));
  }
  return chosen;
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

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  }
  return 0;
}
