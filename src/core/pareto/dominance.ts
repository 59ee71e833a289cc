import type { Losses } from './losses.ts';

/** Whether a is no worse than b in every objective and better in one. Equal points do not dominate each other. */
export function dominates(a: Losses, b: Losses): boolean {
  let isBetter = false;
  for (let i = 0; i < a.length; i++) {
    if (a[i]! > b[i]!) return false;
    if (a[i]! < b[i]!) isBetter = true;
  }
  return isBetter;
}

/** The positions of the points in ascending order of the first objective, ties by the next: none is dominated by a later one. */
export function lexicographicOrder(points: readonly Losses[]): number[] {
  const compare = (a: Losses, b: Losses): number => {
    for (let i = 0; i < a.length; i++) {
      if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
    }
    return 0;
  };
  return points.map((_, i) => i).sort((i, j) => compare(points[i]!, points[j]!) || i - j);
}
