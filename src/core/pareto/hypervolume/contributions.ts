import { hypervolumeGain, isInside } from '../hypervolume.ts';
import type { Losses } from '../losses.ts';
import { contributionsBySweep } from './sweep.ts';

/**
 * What each point of a front adds to the hypervolume that no other point adds (its exclusive contribution), in the
 * order of the points; 0 for points outside the reference point and for those that are there twice. For two objectives
 * O(n log n), for three O(n^2 log n), for more n times the hypervolume.
 */
export function contributions(front: readonly Losses[], reference: Losses): Float64Array {
  if (reference.length === 2) return contributionsOfTwo(front, reference);
  const isPlain = (point: Losses): boolean => point.every(Number.isFinite) && isInside(point, reference);
  if (reference.length === 3 && front.every(isPlain)) return contributionsBySweep(front, reference);
  return Float64Array.from(front, (point, i) =>
    hypervolumeGain(
      point,
      front.filter((_, j) => j !== i),
      reference,
    ),
  );
}

/** Along a front of two objectives, only the neighbours limit what a point adds. */
function contributionsOfTwo(front: readonly Losses[], reference: Losses): Float64Array {
  const order = front
    .map((_, i) => i)
    .sort((i, j) => (front[i]![0]! < front[j]![0]! ? -1 : front[i]![0]! > front[j]![0]! ? 1 : 0));
  const result = new Float64Array(front.length);
  order.forEach((i, n) => {
    const neighbours = [order[n - 1], order[n + 1]].flatMap((j) => (j === undefined ? [] : [front[j]!]));
    result[i] = hypervolumeGain(front[i]!, neighbours, reference);
  });
  return result;
}
