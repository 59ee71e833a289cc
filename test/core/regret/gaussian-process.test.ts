import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../src/core/random.ts';
import { factorise, solveLower, solveUpper } from '../../../src/core/regret/cholesky.ts';
import { fitProcess } from '../../../src/core/regret/fit-process.ts';
import { GaussianProcess, ProcessData } from '../../../src/core/regret/gaussian-process.ts';
import { SettingGeometry } from '../../../src/core/regret/setting-geometry.ts';
import { completeParams } from '../../../src/core/search-space/complete-params.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';

const space = parseSearchSpace({
  x: { type: 'float', low: 0, high: 1 },
  kind: { type: 'categorical', choices: ['a', 'b', 'c'] },
  y: { type: 'int', low: 1, high: 50, log: true, when: { kind: 'a' } },
  constant: { type: 'fixed', value: 3 },
});
const geometry = new SettingGeometry(space);

function drawData(seed: number, count: number, value: (x: number) => number): ProcessData {
  const random = createRandom(seed);
  const points = Array.from({ length: count }, () => geometry.point(completeParams(space, {}, {}, random)));
  return new ProcessData(
    geometry,
    points,
    Float64Array.from(points, (point) => value(point[0]!)),
  );
}

describe('the factor of a matrix', () => {
  test('solves its equations', () => {
    const property = fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, n) => {
      const random = createRandom(seed);
      const root = Float64Array.from({ length: n * n }, () => random.normal());
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          for (let k = 0; k < n; k++) matrix[i * n + j]! += root[i * n + k]! * root[j * n + k]!;
        }
        matrix[i * n + i]! += 1;
      }
      const x = Float64Array.from({ length: n }, () => random.normal());
      const b = x.map((_, i) => x.reduce((sum, value, j) => sum + matrix[i * n + j]! * value, 0));
      expect(factorise(matrix, n)).toBe(true);
      const solved = solveUpper(matrix, n, solveLower(matrix, n, b));
      for (const [i, value] of x.entries()) expect(solved[i]).toBeCloseTo(value, 6);
    });
    fc.assert(property, { numRuns: 100 });
  });

  test('does not exist where a matrix is not positive definite', () => {
    expect(factorise(Float64Array.of(1, 0, 2, 1), 2)).toBe(false);
    expect(factorise(Float64Array.of(Number.NaN), 1)).toBe(false);
  });
});

describe('a Gaussian process', () => {
  test('goes through its data where there is no noise, and knows nothing far from them', () => {
    const property = fc.property(fc.integer(), (seed) => {
      const data = drawData(seed, 8, (x) => Math.sin(9 * x));
      const process = new GaussianProcess(data, { lengths: [0.3, 1, 1], noise: 1e-8 });
      for (const [i, point] of data.points.entries()) {
        const { mean, deviation } = process.predict(point);
        expect(Math.abs(mean - data.values[i]!)).toBeLessThan(1e-2);
        expect(deviation).toBeLessThan(1e-2);
      }
      const far = new GaussianProcess(data, { lengths: [1e-9, 1e-9, 1e-9], noise: 1e-8 });
      const other = far.predict(Float64Array.of(-5, 0.5, Number.NaN));
      expect(other.mean).toBeCloseTo(0, 2);
      const variance = data.values.reduce((sum, value) => sum + value ** 2, 0) / 8;
      expect(other.deviation ** 2).toBeCloseTo(variance, 2);
    });
    fc.assert(property, { numRuns: 50 });
  });

  test('that is fitted predicts a smooth function better than its mean, and noise no better', () => {
    const line = fitProcess(drawData(1, 40, (x) => 3 * (x - 0.5)));
    expect(line.predict(Float64Array.of(0.9, 0.5, Number.NaN)).mean).toBeCloseTo(1.2, 1);
    const random = createRandom(7);
    const noise = fitProcess(drawData(1, 60, () => random.normal()));
    expect(Math.abs(noise.predict(Float64Array.of(0.9, 0.5, Number.NaN)).mean)).toBeLessThan(0.5);
  });

  test('takes equal points, equal values and a single point', () => {
    const point = geometry.point({ x: 0.5, kind: 'b' });
    for (const values of [[1], [1, 1], [1, -1, 0]]) {
      const process = fitProcess(
        new ProcessData(
          geometry,
          values.map(() => point),
          Float64Array.from(values),
        ),
      );
      const { mean, deviation } = process.predict(point);
      expect(Number.isFinite(mean)).toBe(true);
      expect(deviation).toBeGreaterThanOrEqual(0);
    }
  });
});

test('settings lie 1 apart in choices without an order, and where only one has a parameter', () => {
  const into = new Float64Array(geometry.dimensions);
  const distances = (a: object, b: object): number[] => {
    geometry.squaredDistances(geometry.point(a as never), geometry.point(b as never), into);
    return [...into];
  };
  expect(geometry.dimensions).toBe(3);
  expect(distances({ x: 0, kind: 'b' }, { x: 0.5, kind: 'c' })).toEqual([0.25, 1, 0]);
  expect(distances({ x: 0, kind: 'a', y: 3 }, { x: 0, kind: 'b' })).toEqual([0, 1, 1]);
  expect(distances({ x: 1, kind: 'a', y: 3 }, { x: 1, kind: 'a', y: 3 })).toEqual([0, 0, 0]);
});
