import { LiveStudyView, type TrialChange } from '../../live-study-view.ts';
import { isFeasible, type StudyProblem } from '../../study.ts';
import type { StudyView } from '../../study-view.ts';
import { LossBounds } from '../loss-bounds.ts';
import { lossesOf } from '../losses.ts';
import type { Scalarisation } from './scalarisation.ts';

/** The problem with one objective in place of several; the bounds that the scalarisation sets are constraints of it. */
export function scalarisedProblem(problem: StudyProblem, { constraints }: Scalarisation): StudyProblem {
  return {
    space: problem.space,
    objectives: [{ metric: scoreName(problem), direction: 'MINIMIZE' }],
    constraints: [...problem.constraints, ...constraints],
  };
}

/** What no metric of the study is called. */
function scoreName({ objectives, constraints }: StudyProblem): string {
  const taken = new Set([...objectives, ...constraints].map(({ metric }) => metric));
  let name = 'score';
  while (taken.has(name)) name += '_';
  return name;
}

/**
 * A study as samplers see it whose objectives are scalarised: one of one objective, whichever sampler it is. The
 * score rests on the front's bounds, so when these move all scores are computed anew, in O(n), at the next look.
 * Pruned trials count by the score of their last values.
 */
export class ScalarisedStudy {
  readonly #study: LiveStudyView;
  readonly #scalarisation: Scalarisation;
  readonly #problem: StudyProblem;
  #bounds = new LossBounds(0);
  #view: LiveStudyView | null = null;

  constructor(study: LiveStudyView, scalarisation: Scalarisation) {
    this.#study = study;
    this.#scalarisation = scalarisation;
    this.#problem = scalarisedProblem(study.problem, scalarisation);
  }

  /** Takes a change that the study has taken. */
  apply(change: TrialChange): void {
    this.#view?.apply(this.#scalarised(change));
  }

  get view(): StudyView {
    const bounds = LossBounds.of(
      this.#study.results.front.map(({ losses }) => losses),
      this.#study.problem.objectives.length,
    );
    if (this.#view === null || !isEqual(bounds, this.#bounds)) {
      this.#bounds = bounds;
      this.#view = new LiveStudyView(this.#problem);
      const { observed, running } = this.#study;
      for (const trials of [observed, running.values()]) {
        for (const trial of trials) this.#view.apply(this.#scalarised(trial));
      }
    }
    return this.#view;
  }

  #scalarised(trial: TrialChange): TrialChange {
    const losses = lossesOf(this.#study.problem.objectives, trial.values);
    if (losses === null) return { ...trial, values: null };
    const { loss } = this.#scalarisation.score(losses, this.#bounds);
    const values = { ...trial.values, [this.#problem.objectives[0]!.metric]: loss };
    const { constraints } = this.#problem;
    // What is known of the study's own constraints stays as it was found.
    const feasible = trial.feasible === false ? false : isFeasible(constraints, values);
    return { ...trial, values, feasible };
  }
}

function isEqual(a: LossBounds, b: LossBounds): boolean {
  return a.least.join() === b.least.join() && a.greatest.join() === b.greatest.join();
}
