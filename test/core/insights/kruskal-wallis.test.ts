import { expect, test } from 'vitest';
import { chiSquareTail, kruskalWallis } from '../../../src/core/insights/kruskal-wallis.ts';

function pValue(samples: readonly (readonly number[])[]): number | null {
  const keys = Float64Array.from(samples.flat());
  const groups = Int32Array.from(samples.flatMap((sample, j) => sample.map(() => j)));
  const order = Int32Array.from(keys, (_, i) => i).sort((a, b) => keys[a]! - keys[b]!);
  return kruskalWallis(order, keys, groups, samples.length);
}

test('the p-value is that of scipy.stats.kruskal, ties included', () => {
  const few = [
    [1, 3, 5, 7, 9, 9],
    [2, 4, 6, 8, 10, 9, 9],
    [3, 3, 11],
  ];
  expect(pValue(few)).toBeCloseTo(0.7814, 2);
  const many = [3, 4, 5, 6].map((k) => Array.from({ length: 20 }, (_, i) => ((i * k) % 17) + k));
  expect(pValue(many)).toBeCloseTo(0.1929, 2);
});

test('members of no group do not count, and equal keys or a single group tell nothing', () => {
  const keys = Float64Array.of(1, 2, 3, 4, 5, 6);
  const order = Int32Array.of(0, 1, 2, 3, 4, 5);
  const withStranger = kruskalWallis(order, keys, Int32Array.of(0, 0, -1, 1, 1, 1), 2);
  expect(withStranger).toBe(
    pValue([
      [1, 2],
      [4, 5, 6],
    ]),
  );
  expect(
    pValue([
      [1, 1],
      [1, 1, 1],
    ]),
  ).toBeNull();
  expect(pValue([[1, 2, 3]])).toBeNull();
  expect(kruskalWallis(new Int32Array(), new Float64Array(), new Int32Array(), 3)).toBeNull();
});

test('the tail of chi-square is that of scipy.stats.chi2 to two digits', () => {
  const known = [
    [3.8415, 1, 0.05],
    [0.5, 1, 0.4795],
    [11.07, 5, 0.05],
    [2, 5, 0.8491],
    [18.5, 7, 0.0099],
    [30, 7, 0.0001],
    [0, 3, 1],
  ] as const;
  for (const [x, degrees, tail] of known)
    expect(Math.abs(chiSquareTail(x, degrees) - tail)).toBeLessThan(0.008);
});
