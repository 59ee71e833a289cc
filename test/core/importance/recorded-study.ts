import { LiveStudyView } from '../../../src/core/live-study-view.ts';
import { parseStudyProblem, type StudyProblemInput } from '../../../src/core/parse-problem.ts';
import { createRandom } from '../../../src/core/random.ts';
import { completeParams } from '../../../src/core/search-space/complete-params.ts';
import type { Params, SearchSpaceInput } from '../../../src/core/search-space/space.ts';
import { isFeasible, type StudyProblem } from '../../../src/core/study.ts';
import type { TrialState } from '../../../src/core/trial.ts';

export interface RecordedTrial {
  readonly params: Params;
  readonly values: Readonly<Record<string, number>> | null;
  readonly state?: TrialState;
}

/** A problem with one objective to be minimised, `y`, unless told otherwise. */
export function problemOf(
  searchSpace: SearchSpaceInput,
  rest: Partial<StudyProblemInput> = {},
): StudyProblem {
  return parseStudyProblem({ searchSpace, objectives: [{ metric: 'y', direction: 'MINIMIZE' }], ...rest });
}

/** A study in which these trials have ended, in this order. */
export function recordedStudy(problem: StudyProblem, trials: readonly RecordedTrial[]): LiveStudyView {
  const view = new LiveStudyView(problem);
  trials.forEach(({ params, values, state = 'COMPLETED' }, number) => {
    const feasible = values === null ? null : isFeasible(problem.constraints, values);
    view.apply({ number, state, params, values, feasible });
  });
  return view;
}

/** Trials whose parameters are drawn blindly. */
export function randomTrials(
  problem: StudyProblem,
  count: number,
  seed: number,
  evaluate: (params: Record<string, number>, index: number) => number | Record<string, number>,
): RecordedTrial[] {
  return Array.from({ length: count }, (_, i) => {
    const params = completeParams(problem.space, {}, {}, createRandom(seed, i));
    const result = evaluate(params as Record<string, number>, i);
    return { params, values: typeof result === 'number' ? { y: result } : result };
  });
}
