import type { Losses } from './losses.ts';

/**
 * How far apart a front's points lie (Deb et al. 2002, NSGA-II, section III-B): the sum over the objectives of the gap
 * between a point's neighbours, relative to the range. The ends of an objective are infinitely far.
 */
export function crowdingDistances(front: readonly Losses[]): Float64Array {
  const distances = new Float64Array(front.length);
  const order = front.map((_, i) => i);
  const objectives = front[0]?.length ?? 0;
  for (let k = 0; k < objectives; k++) {
    const loss = (place: number): number => front[order[place]!]![k]!;
    order.sort((i, j) => (front[i]![k]! < front[j]![k]! ? -1 : front[i]![k]! > front[j]![k]! ? 1 : i - j));
    const last = order.length - 1;
    const range = loss(last) - loss(0);
    distances[order[0]!] = Number.POSITIVE_INFINITY;
    distances[order[last]!] = Number.POSITIVE_INFINITY;
    if (!(range > 0)) continue;
    for (let place = 1; place < last; place++) {
      distances[order[place]!]! += (loss(place + 1) - loss(place - 1)) / range;
    }
  }
  return distances;
}
