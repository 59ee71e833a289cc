import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LiveStudyView, type TrialChange } from '../../../src/core/live-study-view.ts';
import { parseStudyProblem, type StudyProblemInput } from '../../../src/core/parse-problem.ts';
import { createRandom } from '../../../src/core/random.ts';
import { normalMass } from '../../../src/core/samplers/tpe/normal-mass.ts';
import { ParzenEstimator } from '../../../src/core/samplers/tpe/parzen-estimator.ts';
import { splitTrials } from '../../../src/core/samplers/tpe/split.ts';
import { anySpace } from '../search-space/arbitraries.ts';

test('the normal mass is right in the middle and keeps its digits in the tails', () => {
  const cases: [number, number, number][] = [
    [-1, 1, 0.6826894921370859],
    [0, Number.POSITIVE_INFINITY, 0.5],
    [-Infinity, 1.959963984540054, 0.975],
    [5, 6, 2.856649842e-7],
    [-6, -5, 2.856649842e-7],
    [10, 11, 7.619661961e-24],
  ];
  for (const [low, high, mass] of cases) {
    expect(normalMass(low, high) / mass).toBeCloseTo(1, 5);
  }
});

test('the density over any conditional space adds up to 1, seen from the prior and from its own draws', () => {
  fc.assert(
    fc.property(anySpace, fc.nat({ max: 6 }), fc.integer(), (space, observations, seed) => {
      const random = createRandom(seed);
      const prior = new ParzenEstimator(space, []);
      const rows = Array.from({ length: observations }, () => prior.draw(random).coordinates);
      const density = new ParzenEstimator(space, rows);

      // E_prior[p / prior] = 1 and E_p[prior / p] = 1; the latter ratio is at most observations + 1.
      const n = 3000;
      const fromPrior = Array.from({ length: n }, () => Math.exp(density.logDensity(prior.draw(random))));
      const fromOwn = Array.from({ length: n }, () => Math.exp(-density.logDensity(density.draw(random))));
      for (const ratios of [fromPrior, fromOwn]) {
        const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / n;
        const variance = ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / n;
        expect(Math.abs(mean - 1)).toBeLessThan(0.01 + 6 * Math.sqrt(variance / n));
      }
    }),
    { numRuns: 40 },
  );
});

function splitNumbers(
  input: Omit<StudyProblemInput, 'searchSpace'>,
  changes: (Partial<TrialChange> & { last?: [step: number, loss: number] })[],
  goodCount: number,
): [good: number[], bad: number[]] {
  const view = new LiveStudyView(parseStudyProblem({ searchSpace: {}, ...input }));
  changes.forEach(({ last, ...change }, number) => {
    if (last !== undefined) view.appendCurve(number, 'loss', [last[0]], [last[1]]);
    view.apply({ number, state: 'COMPLETED', params: {}, values: null, feasible: true, ...change });
  });
  const { good, bad } = splitTrials(view.problem, view.observed, goodCount);
  return [good.map((trial) => trial.number), bad.map((trial) => trial.number)];
}

const loss = [{ metric: 'loss', direction: 'MINIMIZE' }];

test('good are first the best completed trials, then the pruned that came furthest, then the least infeasible', () => {
  const constraints = [{ metric: 'bytes', comparison: 'LESS_OR_EQUAL', bound: 10 }];
  const trials = [
    { values: { loss: 0, bytes: 90 }, state: 'INFEASIBLE', feasible: false },
    { values: { loss: 5 } },
    { state: 'PRUNED', last: [3, 1] },
    { state: 'PRUNED', last: [9, 7] },
    { values: { loss: Number.NaN } },
    { state: 'PRUNED', last: [9, 6] },
    { values: { loss: 4 } },
    { values: { loss: 9, bytes: 11 }, state: 'INFEASIBLE', feasible: false },
    { state: 'INFEASIBLE', feasible: false },
    { state: 'PRUNED' },
  ] as const;
  const inOrder = [6, 1, 5, 3, 2, 7, 0];
  for (let count = 0; count <= inOrder.length; count++) {
    const [good, bad] = splitNumbers({ objectives: loss, constraints }, [...trials] as never, count);
    expect(good).toEqual(inOrder.slice(0, count).sort());
    expect([...good, ...bad].sort()).toEqual(trials.map((_, i) => i));
  }
  // Trials that tell nothing are never good.
  expect(splitNumbers({ objectives: loss, constraints }, [...trials] as never, 10)[1]).toEqual([4, 8, 9]);
});

test('of several objectives whole fronts are good, and of the last one the least crowded', () => {
  const objectives = [...loss, { metric: 'score', direction: 'MAXIMIZE' }];
  const rows = [
    [9, 0],
    [0, 0],
    [1, 1],
    [1.1, 1.2],
    [4, 4],
    [0.5, -3],
  ] as const;
  const trials = rows.map(([a, b]) => ({ values: { loss: a, score: b } }));
  expect(splitNumbers({ objectives }, trials, 3)[0]).toEqual([1, 3, 4]);
  expect(splitNumbers({ objectives }, trials, 5)[0]).toContain(2);
});
