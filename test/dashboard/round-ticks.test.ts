import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundTicks } from '../../src/dashboard/charts/data/round-ticks.ts';

test('marks are round, of whatever size the numbers are', () => {
  expect(roundTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(roundTicks(0.05, 0.61, 6)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
  expect(roundTicks(-1.1e300, 1.1e300, 5)).toEqual([-1e300, -5e299, 0, 5e299, 1e300]);
  expect(roundTicks(0, 4e-300, 5)).toEqual([0, 1e-300, 2e-300, 3e-300, 4e-300]);
  expect(roundTicks(-1.7e308, 1.7e308, 4)).toEqual([-1e308, 0, 1e308]);
  expect(roundTicks(3, 3, 5)).toEqual([]);
  expect(roundTicks(Number.NaN, 1, 5)).toEqual([]);
});

test('a range of too few of its numbers’ digits has no marks', () => {
  expect(roundTicks(1, 1 + 2e-15, 6)).toEqual([]);
});

test('marks lie in the range, are in order, and are neither too many nor too few', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 });
  fc.assert(
    fc.property(number, number, fc.integer({ min: 2, max: 40 }), (a, b, steps) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const extent = high / 2 - low / 2;
      const size = Math.max(Math.abs(low), Math.abs(high));
      const ticks = roundTicks(low, high, steps);
      expect(ticks.length).toBeLessThanOrEqual(steps + 1);
      for (const [i, tick] of ticks.entries()) {
        expect(tick).toBeGreaterThanOrEqual(low - size * 1e-15);
        expect(tick).toBeLessThanOrEqual(high + size * 1e-15);
        if (i > 0) expect(tick).toBeGreaterThan(ticks[i - 1]!);
      }
      if (extent > size * 1e-12 && extent > 1e-300)
        expect(ticks.length).toBeGreaterThanOrEqual(Math.floor(steps / 2.5) - 1);
    }),
  );
});
