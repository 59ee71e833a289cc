import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../../src/core/random.ts';
import { bandwidthOfRange, bandwidthOfSpread } from '../../../src/core/samplers/tpe/bandwidth.ts';
import { normalMass } from '../../../src/core/samplers/tpe/normal-mass.ts';
import { ParzenEstimator } from '../../../src/core/samplers/tpe/parzen-estimator.ts';
import { axisOf } from '../../../src/core/search-space/axis.ts';
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

const bandwidths = fc.constantFrom(bandwidthOfRange, bandwidthOfSpread);

test('the density over any conditional space adds up to 1, seen from the prior and from its own draws', () => {
  fc.assert(
    fc.property(anySpace, fc.nat({ max: 6 }), fc.integer(), bandwidths, (space, count, seed, bandwidth) => {
      const random = createRandom(seed);
      const axes = space.parameters.map(axisOf);
      const estimator = (rows: readonly Float64Array[], weights: readonly number[]) =>
        new ParzenEstimator(
          space,
          axes,
          {
            columns: axes.map((_, d) => Float64Array.from(rows, (row) => row[d]!)),
            weights: Float64Array.from(weights),
          },
          bandwidth,
        );
      const prior = estimator([], []);
      const rows = Array.from({ length: count }, () => prior.draw(random).coordinates);
      const weights = rows.map(() => 0.5 + 2 * random.uniform());
      const density = estimator(rows, weights);

      // E_prior[p / prior] = 1 and E_p[prior / p] = 1; the latter ratio is at most the sum of the weights and 1.
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

test('kernels narrow where the observations gather, but few observations or cells keep them wide', () => {
  const continuous = Number.POSITIVE_INFINITY;
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 20 }),
      (coordinates, dimensions) => {
        const apart = Float64Array.from(coordinates);
        const together = apart.map((coordinate) => 0.4 + coordinate / 10);
        const [wide, narrow] = [apart, together].map((column) =>
          bandwidthOfSpread(column, dimensions, continuous),
        );
        for (const width of [wide!, narrow!]) {
          expect(width).toBeLessThanOrEqual(bandwidthOfRange(apart, dimensions, continuous));
          expect(width).toBeGreaterThanOrEqual(1 / (coordinates.length + 4));
        }
        if (coordinates.length === 40 && dimensions === 1) expect(narrow).toBeLessThan(0.05);
        expect(bandwidthOfSpread(together, dimensions, 2)).toBeGreaterThanOrEqual(0.25);
        // Those that lack the parameter do not count.
        const withAbsent = Float64Array.from([Number.NaN, ...coordinates, Number.NaN]);
        expect(bandwidthOfSpread(withAbsent, dimensions, continuous)).toBe(wide);
      },
    ),
  );
});
