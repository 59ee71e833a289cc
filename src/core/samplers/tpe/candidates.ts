import type { Random } from '../../random.ts';
import type { Axis } from '../../search-space/axis.ts';
import { completeParams } from '../../search-space/complete-params.ts';
import { keepsConstraints } from '../../search-space/constraints/linear-constraint.ts';
import type { SearchSpace } from '../../search-space/space.ts';
import type { Candidate, ParzenEstimator } from './parzen-estimator.ts';

/** Draws for each candidate before one is mended: as long as one in 16 keeps the constraints, nearly all are drawn. */
const drawsEach = 16;
/** Mending costs some linear programs, so only so many are mended where hardly a draw keeps the constraints. */
const leastCandidates = 4;

/**
 * Draws from l(x) that keep the constraints of the space, `count` of them as a rule. What breaks them is not a
 * candidate, as it would be suggested as another setting than the one that was judged. Where the draws run out, a few
 * that break them are moved to the nearest setting that does not, and are judged as that. A `crossedShare` of the draws
 * combines the parameters of different observations.
 */
export function drawCandidates(
  l: ParzenEstimator,
  { space, axes }: { readonly space: SearchSpace; readonly axes: readonly Axis[] },
  count: number,
  crossedShare: number,
  random: Random,
): Candidate[] {
  const candidates: Candidate[] = [];
  const broken: Candidate[] = [];
  for (let left = count * drawsEach; left > 0 && candidates.length < count; left--) {
    const candidate = l.draw(random, crossedShare > 0 && random.uniform() < crossedShare);
    if (keepsConstraints(space, candidate.params)) candidates.push(candidate);
    else if (broken.length < leastCandidates) broken.push(candidate);
  }
  for (const { params } of broken) {
    if (candidates.length >= Math.min(count, leastCandidates)) break;
    const mended = completeParams(space, params, {}, random);
    const coordinates = space.parameters.map(({ name }, d) =>
      Object.hasOwn(mended, name) ? axes[d]!.encode(mended[name]!) : Number.NaN,
    );
    candidates.push({ params: mended, coordinates: Float64Array.from(coordinates) });
  }
  return candidates;
}
