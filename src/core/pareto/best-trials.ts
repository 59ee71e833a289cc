import type { StudyView } from '../study-view.ts';
import type { TrialView } from '../trial.ts';
import { crowdingDistances } from './crowding-distance.ts';
import { hypervolume } from './hypervolume.ts';
import { type Losses, lossesOf } from './losses.ts';
import { paretoFront } from './non-dominated-ranks.ts';
import { referencePoint } from './reference-point.ts';

interface Result {
  readonly trial: TrialView;
  readonly losses: Losses;
}

/**
 * One objective: the best completed trials that keep all constraints, best first. Several: those on the Pareto front,
 * by the first objective; of a larger front the `first` least crowded. Ties by number; trials with NaN do not count.
 */
export function bestTrials(study: StudyView, first: number): TrialView[] {
  const results =
    study.problem.objectives.length === 1 ? resultsOf(study) : leastCrowded(frontOf(study), first);
  return results
    .sort((a, b) => compare(a.losses[0]!, b.losses[0]!) || a.trial.number - b.trial.number)
    .slice(0, first)
    .map(({ trial }) => trial);
}

/** The hypervolume of the front within `referencePoint`; null for one objective and before the first result. */
export function studyHypervolume(study: StudyView): number | null {
  const front = frontOf(study);
  if (study.problem.objectives.length < 2 || front.length === 0) return null;
  const observed = study.observed
    .map(({ values }) => lossesOf(study.problem.objectives, values))
    .filter((losses) => losses !== null);
  return hypervolume(
    front.map(({ losses }) => losses),
    referencePoint(observed),
  );
}

function resultsOf({ observed, problem }: StudyView): Result[] {
  const results: Result[] = [];
  for (const trial of observed) {
    if (trial.state !== 'COMPLETED' || trial.feasible === false) continue;
    const losses = lossesOf(problem.objectives, trial.values);
    if (losses !== null) results.push({ trial, losses });
  }
  return results;
}

function frontOf(study: StudyView): Result[] {
  const results = resultsOf(study);
  return paretoFront(results.map(({ losses }) => losses)).map((i) => results[i]!);
}

function leastCrowded(front: Result[], first: number): Result[] {
  if (front.length <= first) return front;
  const distances = crowdingDistances(front.map(({ losses }) => losses));
  return front
    .map((result, i) => ({ result, distance: distances[i]! }))
    .sort((a, b) => compare(b.distance, a.distance) || a.result.trial.number - b.result.trial.number)
    .slice(0, first)
    .map(({ result }) => result);
}

/** Orders infinities too, whose difference would be NaN. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
