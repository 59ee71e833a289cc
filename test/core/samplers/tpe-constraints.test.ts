import { expect, test } from 'vitest';
import { LiveStudyView } from '../../../src/core/live-study-view.ts';
import { createRandom } from '../../../src/core/random.ts';
import { createSampler } from '../../../src/core/samplers/create-sampler.ts';
import { completeParams } from '../../../src/core/search-space/complete-params.ts';
import { keepsConstraints } from '../../../src/core/search-space/constraints/linear-constraint.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';
import type { Params } from '../../../src/core/search-space/space.ts';
import { problemOf } from './run-study.ts';

const unit = { type: 'float', low: 0, high: 1 } as const;
const startupTrials = 10;

/** The best of 60 trials; `isBlind`: TPE does not know of the constraints, and what it suggests is moved inside. */
function bestOf(spaceInput: object, loss: (params: Params) => number, seed: number, isBlind: boolean) {
  const space = parseSearchSpace(spaceInput);
  const view = new LiveStudyView(problemOf(isBlind ? { ...space, constraints: [] } : space));
  const sampler = createSampler({ kind: 'tpe', seed, startupTrials }, view.problem);
  let best = Number.POSITIVE_INFINITY;
  for (let number = 0; number < 60; number++) {
    const random = createRandom(seed, number);
    const suggestion = number < startupTrials ? {} : sampler.suggest(view, number, random);
    if (!isBlind && number >= startupTrials) expect(keepsConstraints(space, suggestion)).toBe(true);
    const params = completeParams(space, suggestion, {}, random);
    const y = loss(params);
    best = Math.min(best, y);
    view.apply({ number, state: 'COMPLETED', params, values: { y }, feasible: true });
  }
  return best;
}

/** The distance from the point (0.7, 0.6, 0.5, 0.4), which breaks the constraints. */
function distance(params: Params): number {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => params[name] as number);
  return Math.hypot(a! - 0.7, b! - 0.6, c! - 0.5, d! - 0.4);
}

test.each([
  ['a constraint that cuts the optimum off', [{ sum: { a: 1, b: 1, c: 1, d: 1 }, lte: 1.6 }]],
  ['a band that hardly a draw is in', [{ sum: { a: 1, b: 1, c: -1, d: -1 }, gte: 0, lte: 0.02 }]],
])(
  'under %s TPE finds settings as good as without judging them by the constraint',
  (_, $constraints) => {
    const space = { a: unit, b: unit, c: unit, d: unit, $constraints };
    let [judged, blind] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      judged += bestOf(space, distance, seed, false);
      blind += bestOf(space, distance, seed, true);
    }
    expect(judged).toBeLessThanOrEqual(blind);
  },
  60_000,
);
