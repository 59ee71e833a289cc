import { LiveStudyView } from '../../src/core/live-study-view.ts';
import { createRandom } from '../../src/core/random.ts';
import { createSampler } from '../../src/core/samplers/create-sampler.ts';
import { completeParams } from '../../src/core/search-space/complete-params.ts';
import { parseSearchSpace } from '../../src/core/search-space/parse-search-space.ts';
import type { Params } from '../../src/core/search-space/space.ts';
import { isFeasible, type StudyProblem } from '../../src/core/study.ts';
import type { AskAndTell } from './anytime.ts';
import type { QualityProblem } from './problem.ts';

/** One of our samplers on a study in memory, as the server runs it. */
export function ownSampler(kind: string, problem: QualityProblem, seed: number): AskAndTell {
  const study: StudyProblem = { ...problem, space: parseSearchSpace(problem.searchSpace) };
  const view = new LiveStudyView(study);
  const sampler = createSampler({ kind, seed }, study);
  let number = 0;
  let params: Params = {};
  return {
    ask: () => {
      const random = createRandom(seed, number);
      params = completeParams(study.space, sampler.suggest(view, number, random), {}, random);
      return params;
    },
    tell: (values) => {
      const feasible = isFeasible(study.constraints, values);
      const state = feasible === false ? 'INFEASIBLE' : 'COMPLETED';
      view.apply({ number, state, params, values, feasible });
      number++;
    },
  };
}
