import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signedRankPValue } from '../../../src/core/pruners/signed-rank.ts';

test('the p-value is the share of all signs with so large a rank sum', () => {
  const difference = fc.integer({ min: -4, max: 4 });
  fc.assert(
    fc.property(fc.array(difference, { maxLength: 9 }), (differences) => {
      expect(signedRankPValue(differences)).toBeCloseTo(byEnumeration(differences), 12);
    }),
  );
});

test('SciPy gives the same: exactly without ties, nearly where it takes the normal distribution', () => {
  // scipy.stats.wilcoxon(d, alternative="greater", zero_method="zsplit").pvalue, SciPy 1.17.1
  expect(signedRankPValue([1, 2, 3, 4, 5, -6, 7, 8])).toBeCloseTo(0.0546875, 12);
  const long = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? -1 : 1) * (i + 1));
  expect(signedRankPValue(long)).toBeCloseTo(0.008366535803851717, 6);
});

test('no differences, and differences of zero, say nothing', () => {
  expect(signedRankPValue([])).toBe(1);
  expect(signedRankPValue([0, 0, 0])).toBe(1);
});

function byEnumeration(differences: readonly number[]): number {
  const ranks = differences.map((d) => {
    const smaller = differences.filter((other) => Math.abs(other) < Math.abs(d)).length;
    const equal = differences.filter((other) => Math.abs(other) === Math.abs(d)).length;
    return smaller + (equal + 1) / 2;
  });
  const signed = differences.flatMap((d, i) => (d === 0 ? [] : [{ rank: ranks[i]!, positive: d > 0 }]));
  const sum = signed.reduce((total, { rank, positive }) => total + (positive ? rank : 0), 0);
  let atLeast = 0;
  for (let signs = 0; signs < 2 ** signed.length; signs++) {
    const other = signed.reduce((total, { rank }, i) => total + (signs & (1 << i) ? rank : 0), 0);
    if (other >= sum) atLeast++;
  }
  return atLeast / 2 ** signed.length;
}
