import type { Losses } from '../losses.ts';
import { paretoFront } from '../non-dominated-ranks.ts';
import { volumeBySweep } from './sweep.ts';

/**
 * The hypervolume of four or more losses: While, Bradstreet and Barone 2012, "A Fast Way of Calculating Exact
 * Hypervolumes", algorithm WFG with the slicing of its section III-C: worst first in the last loss, a point's exclusive
 * part has the depth from its last loss to the reference, and a base that is one dimension smaller.
 */
export function volumeByWfg(points: readonly Losses[], reference: Losses): number {
  const last = reference.length - 1;
  if (last === 2) return volumeBySweep(points, reference);
  const front = paretoFront(points).map((i) => points[i]!);
  const ordered = front.sort((a, b) => b[last]! - a[last]!);
  const base = reference.slice(0, last);
  let sum = 0;
  ordered.forEach((point, n) => {
    const limited = ordered.slice(n + 1).map((other) => limit(other, point, last));
    const exclusive = box(point, base) - (limited.length === 0 ? 0 : volumeByWfg(limited, base));
    sum += (reference[last]! - point[last]!) * exclusive;
  });
  return sum;
}

/** The part of what `other` dominates that `point` dominates too, by its first losses. */
export function limit(other: Losses, point: Losses, length = point.length): Losses {
  const losses = new Array<number>(length);
  for (let k = 0; k < length; k++) losses[k] = Math.max(other[k]!, point[k]!);
  return losses;
}

/** What a point dominates, alone. */
export function box(point: Losses, reference: Losses): number {
  let product = 1;
  for (let k = 0; k < reference.length; k++) product *= reference[k]! - point[k]!;
  return product;
}
