import { dominates, lexicographicOrder } from './dominance.ts';
import type { Losses } from './losses.ts';

/**
 * The rank of every point: 0 for those that none dominates, 1 for those that only rank 0 dominates, and so on.
 * Efficient non-dominated sort (Zhang et al. 2015, ENS-BS): O(n log n) for two objectives; for more, a point is
 * compared with O(log ranks) fronts.
 */
export function nonDominatedRanks(points: readonly Losses[]): Int32Array {
  const ranks = new Int32Array(points.length);
  const fronts: Losses[][] = [];
  for (const i of lexicographicOrder(points)) {
    const point = points[i]!;
    // A point that front k dominates is dominated by the fronts before k too.
    let low = 0;
    let high = fronts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isDominatedBy(fronts[middle]!, point)) low = middle + 1;
      else high = middle;
    }
    ranks[i] = low;
    if (low === fronts.length) fronts.push([point]);
    else fronts[low]!.push(point);
  }
  return ranks;
}

/** The positions of the points that none dominates, ascending. */
export function paretoFront(points: readonly Losses[]): number[] {
  const front: Losses[] = [];
  const positions: number[] = [];
  for (const i of lexicographicOrder(points)) {
    if (isDominatedBy(front, points[i]!)) continue;
    front.push(points[i]!);
    positions.push(i);
  }
  return positions.sort((i, j) => i - j);
}

/** Whether a front dominates a point that comes behind all of it in lexicographic order. */
function isDominatedBy(front: readonly Losses[], point: Losses): boolean {
  // With two objectives the second falls along a front, so its last point has the least.
  if (point.length <= 2) return front.length > 0 && dominates(front.at(-1)!, point);
  // The last ones are the nearest, and so the likeliest to dominate.
  for (let i = front.length - 1; i >= 0; i--) {
    if (dominates(front[i]!, point)) return true;
  }
  return false;
}
