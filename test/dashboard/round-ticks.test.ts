import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logTicks, roundTicks } from '../../src/dashboard/charts/data/round-ticks.ts';

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

test('marks of a logarithmic axis are round, lie in the range, and leave out its ends where these are odd', () => {
  expect(logTicks(0.1645, 1.06, 6)).toEqual([0.2, 0.5, 1]);
  expect(logTicks(240, 9000, 7)).toEqual([500, 1000, 2000, 5000]);
  expect(logTicks(0.002201, 0.7, 5)).toEqual([0.01, 0.1]);
  expect(logTicks(0.9, 2.1, 5)).toEqual([1, 1.5, 2]);
  expect(logTicks(1e-300, 1e300, 6)).toEqual([1e-300, 1e-200, 1e-100, 1, 1e100, 1e200, 1e300]);
  expect(logTicks(1.0000000000000002e-300, 1.0000000000001963e298, 2)).toEqual([1e-150, 1, 1e150]);
  expect(logTicks(0, 1, 5)).toEqual([]);
  const number = fc.double({ noNaN: true, min: 1e-300, max: 1e300 });
  fc.assert(
    fc.property(number, number, fc.integer({ min: 2, max: 40 }), (a, b, steps) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const ticks = logTicks(low, high, steps);
      expect(ticks.length).toBeLessThanOrEqual(3 * steps + 3);
      for (const [i, tick] of ticks.entries()) {
        expect(tick).toBeGreaterThanOrEqual(low * (1 - 1e-14));
        expect(tick).toBeLessThanOrEqual(high * (1 + 1e-14));
        if (i > 0) expect(tick).toBeGreaterThan(ticks[i - 1]!);
      }
      if (high > 20 * low) expect(ticks.length).toBeGreaterThanOrEqual(1);
    }),
  );
});
