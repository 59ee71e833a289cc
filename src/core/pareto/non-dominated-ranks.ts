import { lexicographicOrder } from './dominance.ts';
import type { Losses } from './losses.ts';
import { createOrderedFront, type OrderedFront } from './ordered-front.ts';

/**
 * The rank of every point: 0 for those that none dominates, 1 for those that only rank 0 dominates, and so on.
 * Efficient non-dominated sort (Zhang et al. 2015, ENS-BS): a point asks O(log ranks) fronts, each of which answers in
 * O(log n) for up to three objectives and in O(n) for more.
 */
export function nonDominatedRanks(points: readonly Losses[]): Int32Array {
  const ranks = new Int32Array(points.length);
  const fronts: OrderedFront[] = [];
  let before = -1;
  for (const i of lexicographicOrder(points)) {
    const point = points[i]!;
    if (before >= 0 && isEqual(points[before]!, point)) {
      ranks[i] = ranks[before]!;
      continue;
    }
    before = i;
    // A point that front k dominates is dominated by the fronts before k too.
    let low = 0;
    let high = fronts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (fronts[middle]!.dominates(point)) low = middle + 1;
      else high = middle;
    }
    ranks[i] = low;
    if (low === fronts.length) fronts.push(createOrderedFront(point.length));
    fronts[low]!.add(point);
  }
  return ranks;
}

/** The positions of the points that none dominates, ascending. */
export function paretoFront(points: readonly Losses[]): number[] {
  const front = createOrderedFront(points[0]?.length ?? 0);
  const positions: number[] = [];
  for (const i of lexicographicOrder(points)) {
    const last = positions.at(-1);
    // What is dominated comes behind what dominates it, and so do its equals.
    const isOnFront = last !== undefined && isEqual(points[last]!, points[i]!);
    if (!isOnFront && front.dominates(points[i]!)) continue;
    if (!isOnFront) front.add(points[i]!);
    positions.push(i);
  }
  return positions.sort((i, j) => i - j);
}

function isEqual(a: Losses, b: Losses): boolean {
  return a.every((loss, k) => loss === b[k]);
}
