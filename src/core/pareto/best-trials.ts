import type { StudyView } from '../study-view.ts';
import type { TrialView } from '../trial.ts';
import { crowdingDistances } from './crowding-distance.ts';
import type { Result } from './front.ts';
import { least } from './least.ts';

/**
 * One objective: the best completed trials that keep all constraints, best first. Several: those on the Pareto front,
 * by the first objective; of a larger front the `first` least crowded. Ties by number; trials with NaN do not count.
 */
export function bestTrials(study: StudyView, first: number): TrialView[] {
  const { problem, results } = study;
  const best = problem.objectives.length === 1 ? results.all : leastCrowded(results.front, first);
  return least(best, first, byFirstLoss).map(({ number }) => study.trial(number)!);
}

/** Orders results by the first objective, ties by number. */
export function byFirstLoss(a: Result, b: Result): number {
  return compare(a.losses[0]!, b.losses[0]!) || a.number - b.number;
}

/** The least crowded of a front; ties by number. */
function leastCrowded(front: readonly Result[], first: number): readonly Result[] {
  if (front.length <= first) return front;
  // The distances of equal points depend on their order.
  const byNumber = front.toSorted((a, b) => a.number - b.number);
  const distances = crowdingDistances(byNumber.map(({ losses }) => losses));
  const crowded = byNumber.map((result, i) => ({ result, distance: distances[i]! }));
  const apart = least(
    crowded,
    first,
    (a, b) => compare(b.distance, a.distance) || a.result.number - b.result.number,
  );
  return apart.map(({ result }) => result);
}

/** Orders infinities too, whose difference would be NaN. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
