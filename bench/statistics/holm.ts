/**
 * P-values of a family of tests, adjusted so that each may be compared with the level that the whole family is to keep
 * (Holm 1979): the k-th smallest of m is multiplied by m - k + 1, and none is below a smaller one. In the given order.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i]! - pValues[j]!);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((i, k) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - k) * pValues[i]!));
    adjusted[i] = largest;
  });
  return adjusted;
}
