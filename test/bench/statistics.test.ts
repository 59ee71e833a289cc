import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holm } from '../../bench/statistics/holm.ts';
import { medianInterval } from '../../bench/statistics/median-interval.ts';
import { wilcoxonSignedRank } from '../../bench/statistics/wilcoxon.ts';

describe('the Wilcoxon signed-rank test', () => {
  // From scipy.stats.wilcoxon(zero_method='pratt', correction=False).
  test.each([
    ['exact without ties', [0.3, -0.1, 0.5, 0.7, -0.2, 0.9, 1.1, 0.4, -0.6, 0.8], 0.064453125],
    ['with ties and zeros', [0, 1, 1, -1, 2, 2, 3, 0, -2, 4, 5, 5, -3, 6, 0, 7, 1], 0.023663680016784847],
    [
      'normal for many pairs',
      Array.from({ length: 80 }, (_, i) => ((i + 1) % 3 === 0 ? -0.01 : 0.01) * (i + 1)),
      0.0065381715497651515,
    ],
    ['far in the tail', Array.from({ length: 60 }, (_, i) => 0.1 * (i + 1)), 1.6295557943119345e-11],
  ])('agrees with SciPy: %s', (_, differences, expected) => {
    expect(wilcoxonSignedRank(differences) / expected).toBeCloseTo(1, 9);
  });

  test('is 1 where nothing differs, and refuses NaN', () => {
    expect(wilcoxonSignedRank([])).toBe(1);
    expect(wilcoxonSignedRank([0, 0, 0])).toBe(1);
    expect(() => wilcoxonSignedRank([1, Number.NaN])).toThrow(RangeError);
  });

  test('does not care for order, sign and scale', () => {
    const differences = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(differences, fc.constantFrom(-1, 0.5, 8), (values, factor) => {
        const p = wilcoxonSignedRank(values);
        expect(wilcoxonSignedRank(values.toReversed().map((value) => factor * value))).toBeCloseTo(p, 12);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('the exact p-value counts all assignments of signs', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 10 }), (signs) => {
        const rankSum = (bits: readonly boolean[]) =>
          bits.reduce((sum, isPositive, i) => sum + (isPositive ? i + 1 : 0), 0);
        const total = (signs.length * (signs.length + 1)) / 2;
        const extreme = Math.min(rankSum(signs), total - rankSum(signs));
        let count = 0;
        for (let code = 0; code < 2 ** signs.length; code++) {
          const sum = rankSum(signs.map((_, i) => ((code >> i) & 1) === 1));
          if (Math.min(sum, total - sum) <= extreme) count++;
        }
        const differences = signs.map((isPositive, i) => (isPositive ? 1 : -1) * (i + 1));
        expect(wilcoxonSignedRank(differences)).toBeCloseTo(count / 2 ** signs.length, 12);
      }),
    );
  });
});

describe("Holm's adjustment", () => {
  test('multiplies the smallest by all, the next by one less, and never falls', () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((expected, i) => {
      expect(adjusted[i]).toBeCloseTo(expected, 12);
    });
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});

test('the bounds of a median are order statistics, and the extremes of a few samples', () => {
  expect(medianInterval([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  // Ranks 40 and 61 hold the median of a distribution with 96 %: the binomial of 100 throws within 40 to 60.
  expect(medianInterval(hundred)).toEqual({ median: 50.5, low: 40, high: 61 });
  expect(medianInterval([]).median).toBeNaN();
});
