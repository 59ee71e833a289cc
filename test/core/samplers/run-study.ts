import type { JsonObject } from '../../../src/core/json.ts';
import { LiveStudyView } from '../../../src/core/live-study-view.ts';
import { createRandom } from '../../../src/core/random.ts';
import { createSampler } from '../../../src/core/samplers/create-sampler.ts';
import { completeParams } from '../../../src/core/search-space/complete-params.ts';
import type { Params, SearchSpace } from '../../../src/core/search-space/space.ts';
import { type Direction, isFeasible, type StudyProblem } from '../../../src/core/study.ts';

/** A problem of one objective, y, or of several: y0, y1, ... */
export function problemOf(space: SearchSpace, direction: Direction = 'MINIMIZE', count = 1): StudyProblem {
  const metrics = count === 1 ? ['y'] : Array.from({ length: count }, (_, k) => `y${k}`);
  return { space, objectives: metrics.map((metric) => ({ metric, direction })), constraints: [] };
}

/** Runs trials one after another, each told before the next is asked for. */
export function runStudy(
  problem: StudyProblem,
  settings: JsonObject,
  seed: number,
  trials: number,
  evaluate: (params: Params) => Record<string, number>,
): LiveStudyView {
  const view = new LiveStudyView(problem);
  goOn(view, settings, seed, trials, evaluate);
  return view;
}

/** Runs so many more trials of a study. */
export function goOn(
  view: LiveStudyView,
  settings: JsonObject,
  seed: number,
  trials: number,
  evaluate: (params: Params) => Record<string, number>,
): void {
  const { problem } = view;
  const sampler = createSampler(settings, problem);
  for (let i = 0; i < trials; i++) {
    const number = view.trials.size;
    const random = createRandom(seed, number);
    const params = completeParams(problem.space, sampler.suggest(view, number, random), {}, random);
    const values = evaluate(params);
    const feasible = isFeasible(problem.constraints, values);
    view.apply({ number, state: feasible === false ? 'INFEASIBLE' : 'COMPLETED', params, values, feasible });
  }
}

/** A bumpy number for any params, so that histories have structure to learn. */
export function anyValue(params: Params): number {
  return Object.entries(params).reduce(
    (sum, [name, value]) =>
      sum + Math.sin(name.length + (typeof value === 'number' ? value : String(value).length)),
    0,
  );
}
