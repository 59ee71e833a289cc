import { InputError } from '../../errors.ts';
import { createRandom } from '../../random.ts';
import type { LinearConstraint, Params, SearchSpace } from '../space.ts';
import { findPoint } from './find-point.ts';
import { showConstraint } from './linear-constraint.ts';

/** From several places, as a search that went astray seldom comes back. */
const searches = 10;
const steps = 2000;

/**
 * A setting that keeps all constraints of a space: of the parameters that they are about.
 * @throws InputError at `path` where there is none, or none is found: naming as few constraints as contradict each other
 */
export function findFeasiblePoint(space: SearchSpace, path: string): Params {
  if (space.constraints.length === 0) return {};
  const found = search(space, space.constraints);
  if (found.params !== null) return found.params;

  // Leaving out one after another that is not needed for the contradiction leaves one that cannot be made smaller.
  let conflicting = space.constraints;
  for (const constraint of space.constraints) {
    const others = conflicting.filter((other) => other !== constraint);
    if (search(space, others).params === null) conflicting = others;
  }
  const shown = conflicting.map(showConstraint).join(', ');
  const place = conflicting.length === 1 ? `${path}[${space.constraints.indexOf(conflicting[0]!)}]` : path;
  const what = conflicting.length === 1 ? 'cannot be kept' : 'cannot be kept together';
  const how = found.isImpossible ? '' : ', as far as was searched';
  throw InputError.at(place, `${what}${how}: ${shown}; loosen ${conflicting.length === 1 ? 'it' : 'one'}.`);
}

function search(space: SearchSpace, constraints: readonly LinearConstraint[]) {
  const narrowed = { ...space, constraints };
  let result = { params: null as Params | null, isImpossible: false };
  for (let i = 0; i < searches && result.params === null && !result.isImpossible; i++) {
    result = findPoint(narrowed, { fixed: {}, near: {}, steps }, createRandom(i));
  }
  return result;
}
