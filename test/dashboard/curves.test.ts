import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Curve } from '../../src/dashboard/charts/curves/curve.ts';
import { shownPart } from '../../src/dashboard/charts/curves/curve-view.ts';
import { keepExtremes } from '../../src/dashboard/charts/curves/keep-extremes.ts';
import { smoothed } from '../../src/dashboard/charts/curves/smoothing.ts';

const pointsOf = (steps: readonly number[], value: (step: number) => number = (step) => step) => ({
  steps,
  values: steps.map(value),
  times: steps.map((step) => 1000 * step),
});
const range = (from: number, to: number, by = 1) =>
  Array.from({ length: Math.ceil((to - from) / by) }, (_, i) => from + i * by);

describe('smoothing', () => {
  test('leaves a constant as it is, keeps within the values, and passes over NaN', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(Number.NaN)), {
          minLength: 1,
          maxLength: 100,
        }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (values, weight) => {
          const steps = values.map((_, i) => i);
          const result = smoothed(steps, values, weight, 1);
          const finite = values.filter((value) => !Number.isNaN(value));
          const slack = 1e-6 * Math.max(1, ...finite.map(Math.abs));
          for (const [i, value] of values.entries()) {
            if (Number.isNaN(value)) expect(result[i]).toBeNaN();
            else {
              expect(result[i]!).toBeGreaterThanOrEqual(Math.min(...finite) - slack);
              expect(result[i]!).toBeLessThanOrEqual(Math.max(...finite) + slack);
            }
          }
        },
      ),
    );
    expect(Array.from(smoothed([0, 1, 2], [3, 3, 3], 0.9, 1))).toEqual(
      [3, 3, 3].map((x) => expect.closeTo(x)),
    );
  });

  test('does not depend on points that were left out of a straight piece', () => {
    const constant = (step: number) => (step < 50 ? 0 : 1);
    const all = range(0, 100);
    const some = [...range(0, 50), ...range(50, 100, 7)];
    const full = smoothed(all, all.map(constant), 0.9, 1);
    const coarse = smoothed(some, some.map(constant), 0.9, 1);
    for (const [i, step] of some.entries()) {
      if (step < 50) expect(coarse[i]).toBeCloseTo(full[step]!);
      else expect(Math.abs(coarse[i]! - full[step]!)).toBeLessThan(0.07);
    }
  });
});

test('thinning keeps the first, the last, the least and the greatest value', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double(), { minLength: 1, maxLength: 500 }),
      fc.integer({ min: 4, max: 80 }),
      (values, max) => {
        const places = keepExtremes(values, max);
        expect(places.length).toBeLessThanOrEqual(Math.max(4, max));
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        expect([places[0], places.at(-1)]).toEqual([0, values.length - 1]);
        const numbers = values.filter((value) => !Number.isNaN(value));
        const kept = places.map((place) => values[place]!).filter((value) => !Number.isNaN(value));
        if (numbers.length > 0) {
          expect(Math.min(...kept)).toBe(Math.min(...numbers));
          expect(Math.max(...kept)).toBe(Math.max(...numbers));
        }
      },
    ),
  );
});

describe('a curve', () => {
  test('has each step once in order, the last value of each, however its points come', () => {
    const batches = fc.array(fc.array(fc.tuple(fc.nat({ max: 60 }), fc.integer()), { maxLength: 10 }), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(batches, (all) => {
        const curve = new Curve();
        const expected = new Map<number, number>();
        for (const batch of all) {
          const steps = batch.map(([step]) => step);
          curve.append({ steps, values: batch.map(([, value]) => value), times: steps });
          for (const [step, value] of batch) expected.set(step, value);
        }
        const sorted = [...expected].sort(([a], [b]) => a - b);
        expect(curve.steps.map((step, i) => [step, curve.values[i]])).toEqual(sorted);
        expect(curve.times).toEqual(curve.steps);
        expect(curve.count).toBe(sorted.length);
      }),
    );
  });

  test('takes finer points of a range in the place of coarse ones, and asks for them once', () => {
    const curve = new Curve();
    curve.replace(pointsOf(range(0, 1000, 10)), 1000);
    expect(curve.lacks(100, 150)).toBe(true);
    curve.replace(pointsOf(range(100, 151)), 51, 100, 150);
    expect(curve.steps).toEqual([...range(0, 100, 10), ...range(100, 151), ...range(160, 1000, 10)]);
    expect(curve.lacks(110, 140)).toBe(false);
    expect(curve.lacks(110, 200)).toBe(true);
    expect(curve.count).toBe(1000);
  });

  test('that is whole lacks nothing, and is thinned when it has grown too long', () => {
    const curve = new Curve();
    curve.replace(pointsOf(range(0, 10)), 10);
    expect(curve.lacks(0, 5)).toBe(false);
    curve.append(pointsOf(range(10, 20_000), (step) => (step === 12_345 ? 99 : Math.sin(step))));
    expect(curve.steps.length).toBeLessThanOrEqual(8000);
    expect(Math.max(...curve.values)).toBe(99);
    expect(curve.lacks(0, 5)).toBe(true);
    expect(curve.count).toBe(20_000);
  });
});

test('what a range shows are the points within and one on each side', () => {
  const places = [0, 10, 20, 30, 40];
  expect(shownPart(places, 0, [10, 20])).toEqual([0, 4]);
  expect(shownPart(places, 0, [12, 18])).toEqual([1, 3]);
  expect(shownPart(places, 0, [-50, -10])).toEqual([0, 1]);
  expect(shownPart(places, 0, [90, 99])).toEqual([4, 5]);
  expect(shownPart(places, 5, [5, 15])).toEqual([0, 4]);
  expect(shownPart([], 0, [0, 1])).toEqual([0, 0]);
});

test('a curve tells whether only points behind its last were added, so that what is drawn of it can stay', () => {
  const curve = new Curve();
  const append = (steps: number[]) => curve.append({ steps, values: steps, times: steps });
  append([0, 1, 2]);
  const { revision } = curve;
  append([3, 7]);
  expect(curve.revision).toBe(revision);
  append([7]);
  const afterSameStep = curve.revision;
  expect(afterSameStep).not.toBe(revision);
  append([5]);
  const afterEarlierStep = curve.revision;
  expect(afterEarlierStep).not.toBe(afterSameStep);
  append(Array.from({ length: 9000 }, (_, i) => 8 + i));
  expect(curve.revision).not.toBe(afterEarlierStep);
});
