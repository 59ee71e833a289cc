import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/core/random.ts';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);

test('the same keys give the same stream, on every machine', () => {
  const random = createRandom(42, 7);
  const again = createRandom(42, 7);
  expect(draw(100, random.uniform)).toEqual(draw(100, again.uniform));
  expect(draw(3, createRandom(1).uniform)).toMatchInlineSnapshot(`
    [
      0.5614064408417017,
      0.5810906646087631,
      0.3403500167182373,
    ]
  `);
});

test('uniform numbers fill [0, 1) evenly for any seed', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (seed) => {
      const random = createRandom(seed);
      const draws = draw(4096, random.uniform);
      expect(draws.every((u) => u >= 0 && u < 1)).toBe(true);
      const bins = new Array<number>(16).fill(0);
      for (const u of draws) bins[Math.floor(u * 16)]!++;
      // Chi-square with 15 degrees of freedom; 60 is passed by chance once in 4 million.
      const chiSquare = bins.reduce((sum, count) => sum + (count - 256) ** 2 / 256, 0);
      expect(chiSquare).toBeLessThan(60);
    }),
  );
});

test('streams whose keys differ in any place are uncorrelated', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.nat(), fc.constantFrom(1, 2 ** 32, 2 ** 40), (seed, number, distance) => {
      const pairs = [
        [createRandom(seed, number), createRandom(seed, number + distance)],
        [createRandom(seed, number), createRandom(seed + 1, number)],
        [createRandom(seed), createRandom(seed, 0)],
      ] as const;
      for (const [a, b] of pairs) {
        let covariance = 0;
        for (let i = 0; i < 2000; i++) covariance += (a.uniform() - 0.5) * (b.uniform() - 0.5);
        // The correlation's standard deviation is 1 / sqrt(2000) = 0.022.
        expect(Math.abs((covariance / 2000) * 12)).toBeLessThan(0.13);
      }
    }),
  );
});

test('integers stay below their bound and reach each value; normals have mean 0 and variance 1', () => {
  const random = createRandom(5);
  const integers = draw(3000, () => random.integer(7));
  expect([...new Set(integers)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  const normals = draw(20_000, random.normal);
  const mean = normals.reduce((sum, z) => sum + z, 0) / normals.length;
  const variance = normals.reduce((sum, z) => sum + (z - mean) ** 2, 0) / normals.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
});
