import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisOf } from '../../../src/core/search-space/axis.ts';
import type { Parameter } from '../../../src/core/search-space/space.ts';
import { anyParameter } from './arbitraries.ts';

const unit = fc.double({ min: 0, max: 1, noNaN: true });

test('decoding any coordinate gives a value that the parameter can take', () => {
  fc.assert(
    fc.property(anyParameter, unit, (parameter, coordinate) => {
      const axis = axisOf(parameter);
      const value = axis.decode(coordinate);
      expect(axis.snap(value)).toBe(value);
    }),
  );
});

test('decoding an encoded value gives it back', () => {
  fc.assert(
    fc.property(anyParameter, unit, (parameter, coordinate) => {
      const axis = axisOf(parameter);
      const value = axis.decode(coordinate);
      const again = axis.decode(axis.encode(value));
      if (axis.cells < Number.POSITIVE_INFINITY) expect(again).toBe(value);
      else
        expect(Math.abs((again as number) - (value as number))).toBeLessThan(
          1e-8 * (1 + Math.abs(value as number)),
        );
    }),
  );
});

test('the cells of a parameter with finitely many values cut the unit interval in their order', () => {
  fc.assert(
    fc.property(anyParameter, fc.nat(), (parameter, n) => {
      const axis = axisOf(parameter);
      fc.pre(axis.cells < Number.POSITIVE_INFINITY);
      expect(axis.edge(0)).toBeCloseTo(0, 12);
      expect(axis.edge(axis.cells)).toBeCloseTo(1, 12);
      const k = n % axis.cells;
      const value = axis.decode((axis.edge(k) + axis.edge(k + 1)) / 2);
      const coordinate = axis.encode(value);
      expect(coordinate).toBeGreaterThan(axis.edge(k));
      expect(coordinate).toBeLessThan(axis.edge(k + 1));
    }),
  );
});

test('a value that is off the grid only by binary rounding is read as the grid spells it', () => {
  const axis = axisOf({ type: 'float', low: 0.1, high: 0.5, step: 0.1 });
  expect(axis.snap(0.1 + 0.2)).toBe(0.3);
  expect(axis.snap(0.35)).toBeUndefined();
  expect(axis.snap(0.6)).toBeUndefined();
});

test('the extremes of the numbers are ranges like others', () => {
  const ranges: Parameter[] = [
    { type: 'float', low: -8e307, high: 8e307 },
    { type: 'float', low: 0, high: 5e-324 },
    { type: 'float', low: 5e-324, high: 1.7e308, log: true },
    { type: 'float', low: 5e-324, high: 1e-323, log: true },
    { type: 'float', low: 1e10, high: 1e10 + 2e-6, log: true },
    { type: 'float', low: 1, high: 1 + Number.EPSILON },
    { type: 'int', low: -(2 ** 49), high: 2 ** 49 },
    { type: 'int', low: 1, high: 2 ** 50, log: true },
    { type: 'float', low: 0, high: 2 ** 50, step: 1 },
    { type: 'categorical', choices: Array.from({ length: 10_000 }, (_, i) => `choice ${i}`) },
  ];
  for (const parameter of ranges) {
    const axis = axisOf(parameter);
    for (const coordinate of [0, 5e-324, 0.1, 0.5, 0.999, 1 - Number.EPSILON / 2, 1]) {
      const value = axis.decode(coordinate);
      expect(axis.snap(value)).toBe(value);
      const again = axis.encode(value);
      expect(again).toBeGreaterThanOrEqual(0);
      expect(again).toBeLessThanOrEqual(1);
      if (axis.cells < Number.POSITIVE_INFINITY && axis.cells <= 10_000)
        expect(axis.decode(again)).toBe(value);
    }
  }
});
