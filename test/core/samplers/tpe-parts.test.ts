import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStudyProblem } from '../../../src/core/parse-problem.ts';
import { createRandom } from '../../../src/core/random.ts';
import { bandwidth } from '../../../src/core/samplers/tpe/bandwidth.ts';
import { normalMass } from '../../../src/core/samplers/tpe/normal-mass.ts';
import { type Candidate, ParzenEstimator } from '../../../src/core/samplers/tpe/parzen-estimator.ts';
import { axisOf } from '../../../src/core/search-space/axis.ts';
import type { Params } from '../../../src/core/search-space/space.ts';
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
    fc.property(anySpace, fc.nat({ max: 6 }), fc.integer(), (space, count, seed) => {
      const random = createRandom(seed);
      const axes = space.parameters.map(axisOf);
      const estimator = (rows: readonly Float64Array[], weights: readonly number[]) =>
        new ParzenEstimator(space, axes, {
          columns: axes.map((_, d) => Float64Array.from(rows, (row) => row[d]!)),
          weights: Float64Array.from(weights),
        });
      const prior = estimator([], []);
      const rows = Array.from({ length: count }, () => prior.draw(random).coordinates);
      const weights = rows.map(() => 0.5 + 2 * random.uniform());
      const density = estimator(rows, weights);

      // E_p[p_0 / p] = 1 for the prior p_0, a ratio that is at most the sum of the weights and 1.
      const n = 3000;
      const relative = (candidate: Candidate) => density.logDensity(candidate) - prior.logDensity(candidate);
      const samples = [Array.from({ length: n }, () => Math.exp(-relative(density.draw(random))))];
      // And E_p0[p / p_0] = 1; but where a prior is narrow, few of its draws tell nearly all.
      if (space.parameters.every((parameter) => parameter.prior === undefined)) {
        samples.push(Array.from({ length: n }, () => Math.exp(relative(prior.draw(random)))));
      }
      for (const ratios of samples) {
        const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / n;
        const variance = ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / n;
        expect(Math.abs(mean - 1)).toBeLessThan(0.01 + 6 * Math.sqrt(variance / n));
      }
    }),
    { numRuns: 40 },
  );
});

test('kernels narrow where the observations gather, but few observations or cells keep them wide', () => {
  const continuous = Number.POSITIVE_INFINITY;
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 20 }),
      (coordinates, dimensions) => {
        const apart = Float64Array.from(coordinates);
        const together = apart.map((coordinate) => 0.4 + coordinate / 10);
        const [wide, narrow] = [apart, together].map((column) => bandwidth(column, dimensions, continuous));
        for (const width of [wide!, narrow!]) {
          expect(width).toBeLessThanOrEqual(0.25);
          expect(width).toBeGreaterThanOrEqual(1 / (coordinates.length + 4));
        }
        if (coordinates.length === 40 && dimensions === 1) expect(narrow).toBeLessThan(0.05);
        expect(bandwidth(together, dimensions, 2)).toBeGreaterThanOrEqual(0.25);
        // Those that lack the parameter do not count.
        const withAbsent = Float64Array.from([Number.NaN, ...coordinates, Number.NaN]);
        expect(bandwidth(withAbsent, dimensions, continuous)).toBe(wide);
      },
    ),
  );
});

test('what a prior says of good values shows where nothing is observed, and fades as trials come', () => {
  const { space } = parseStudyProblem({
    searchSpace: {
      rate: { type: 'float', low: 0, high: 1, prior: { mean: 0.8, sd: 0.05 } },
      kind: { type: 'categorical', choices: ['a', 'b'], prior: { weights: [9, 1] } },
    },
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
  });
  const drawn = (observations: number) => {
    const estimator = new ParzenEstimator(space, space.parameters.map(axisOf), {
      columns: [new Float64Array(observations).fill(0.2), new Float64Array(observations).fill(0.75)],
      weights: new Float64Array(observations).fill(1),
    });
    const random = createRandom(7);
    return Array.from({ length: 400 }, () => estimator.draw(random).params);
  };
  const share = (draws: readonly Params[], test: (params: Params) => boolean) =>
    draws.filter(test).length / draws.length;
  const believed = ({ rate, kind }: Params) => (rate as number) > 0.6 && kind === 'a';
  expect(share(drawn(0), believed)).toBeGreaterThan(0.8);
  expect(share(drawn(20), believed)).toBeLessThan(0.2);
});
