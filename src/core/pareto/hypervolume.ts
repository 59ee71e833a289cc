import { area, volumeBySweep } from './hypervolume/sweep.ts';
import { box, limit, volumeByWfg } from './hypervolume/wfg.ts';
import type { Losses } from './losses.ts';

/**
 * The exact volume that the points dominate within the reference point; points that are not better than it in every
 * objective add nothing, nor do those that others dominate or repeat. Infinite where a point inside has a loss of
 * -Infinity. One objective: a length. Two and three: a sweep, O(n log n). More: WFG.
 */
export function hypervolume(points: readonly Losses[], reference: Losses): number {
  const inside = points.filter((point) => isInside(point, reference));
  if (inside.length === 0) return 0;
  if (inside.some((point) => point.includes(Number.NEGATIVE_INFINITY))) return Number.POSITIVE_INFINITY;
  switch (reference.length) {
    case 0:
      return 0;
    case 1:
      return (
        reference[0]! - inside.reduce((least, [loss]) => Math.min(least, loss!), Number.POSITIVE_INFINITY)
      );
    case 2:
      return area(inside, reference);
    case 3:
      return volumeBySweep(inside, reference);
    default:
      return volumeByWfg(inside, reference);
  }
}

/** By how much the hypervolume of the others would grow with this point: never below 0. */
export function hypervolumeGain(point: Losses, others: readonly Losses[], reference: Losses): number {
  if (!isInside(point, reference)) return 0;
  if (point.includes(Number.NEGATIVE_INFINITY)) {
    const isInfinite = hypervolume(others, reference) === Number.POSITIVE_INFINITY;
    return isInfinite ? 0 : Number.POSITIVE_INFINITY;
  }
  const shared = hypervolume(
    others.map((other) => limit(other, point)),
    reference,
  );
  // Rounding may leave a little less than nothing.
  return Math.max(0, box(point, reference) - shared);
}

/** Whether a point is better than the reference point in every objective; only such points dominate a volume. */
export function isInside(point: Losses, reference: Losses): boolean {
  for (let k = 0; k < reference.length; k++) {
    if (!(point[k]! < reference[k]!)) return false;
  }
  return true;
}
