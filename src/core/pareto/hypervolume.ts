import type { Losses } from './losses.ts';
import { paretoFront } from './non-dominated-ranks.ts';

/**
 * The exact volume that the points dominate within the reference point; points that are not better than it in every
 * objective add nothing. One objective: a length. Two and three: a sweep, O(n log n) and O(n^2) at worst. More: WFG.
 */
export function hypervolume(points: readonly Losses[], reference: Losses): number {
  const inside = points.filter((point) => point.every((loss, k) => loss < reference[k]!));
  if (inside.length === 0) return 0;
  return volume(
    paretoFront(inside).map((i) => inside[i]!),
    reference,
  );
}

function volume(front: readonly Losses[], reference: Losses): number {
  switch (reference.length) {
    case 0:
      return 0;
    case 1:
      return reference[0]! - Math.min(...front.map((point) => point[0]!));
    case 2:
      return area(front, reference);
    case 3:
      return volumeBySlices(front, reference);
    default:
      return volumeByWfg(front, reference);
  }
}

function area(front: readonly Losses[], reference: Losses): number {
  const ascending = front.toSorted((a, b) => a[0]! - b[0]!);
  let sum = 0;
  let height = reference[1]!;
  for (const [x, y] of ascending) {
    if (y! >= height) continue;
    sum += (reference[0]! - x!) * (height - y!);
    height = y!;
  }
  return sum;
}

/** Dimension sweep (Fonseca et al. 2006): the slices between two depths share one area, which grows point by point. */
function volumeBySlices(front: readonly Losses[], reference: Losses): number {
  const [right, top, back] = reference as readonly [number, number, number];
  const byDepth = front.toSorted((a, b) => a[2]! - b[2]!);
  // The outline of the area so far: x ascends, y descends.
  const xs: number[] = [];
  const ys: number[] = [];
  let covered = 0;
  let sum = 0;
  byDepth.forEach(([x, y, depth], n) => {
    let at = 0;
    while (at < xs.length && xs[at]! < x!) at++;
    let height = at === 0 ? top : ys[at - 1]!;
    if (y! < height) {
      // What the new point covers: down from the outline, step by step to the first lower corner.
      let end = at;
      let from = x!;
      while (end < xs.length && ys[end]! >= y!) {
        covered += (xs[end]! - from) * (height - y!);
        from = xs[end]!;
        height = ys[end]!;
        end++;
      }
      covered += ((xs[end] ?? right) - from) * (height - y!);
      xs.splice(at, end - at, x!);
      ys.splice(at, end - at, y!);
    }
    sum += covered * ((byDepth[n + 1]?.[2] ?? back) - depth!);
  });
  return sum;
}

/** While, Bradstreet and Barone 2012, "A Fast Way of Calculating Exact Hypervolumes", algorithm WFG. */
function volumeByWfg(front: readonly Losses[], reference: Losses): number {
  // Worst first in the last objective leaves the smallest limited sets.
  const last = reference.length - 1;
  const ordered = front.toSorted((a, b) => b[last]! - a[last]!);
  let sum = 0;
  ordered.forEach((point, n) => {
    const box = point.reduce((product, loss, k) => product * (reference[k]! - loss), 1);
    const limited = ordered.slice(n + 1).map((other) => other.map((loss, k) => Math.max(loss, point[k]!)));
    sum += box - (limited.length === 0 ? 0 : volumeByWfg(frontOf(limited), reference));
  });
  return sum;
}

function frontOf(points: readonly Losses[]): Losses[] {
  const distinct = new Map(points.map((point) => [point.join(), point]));
  const candidates = [...distinct.values()];
  return paretoFront(candidates).map((i) => candidates[i]!);
}
