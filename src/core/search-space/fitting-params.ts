import type { JsonScalar } from '../json.ts';
import { createRandom } from '../random.ts';
import { axisOf } from './axis.ts';
import { completeParams } from './complete-params.ts';
import { isActive } from './condition.ts';
import { keepsConstraints } from './constraints/linear-constraint.ts';
import type { Params, SearchSpace } from './space.ts';

/**
 * Of values from another space, those that this one can take, as it spells them. Where they cannot be completed to a
 * setting that keeps the constraints, they are moved to the nearest that does.
 */
export function fittingParams(space: SearchSpace, params: Params): Params {
  const fitting: Record<string, JsonScalar> = {};
  for (const parameter of space.parameters) {
    const { name } = parameter;
    if (!Object.hasOwn(params, name) || !isActive(parameter, fitting)) continue;
    const value = axisOf(parameter).snap(params[name]);
    if (value !== undefined) fitting[name] = value;
  }
  const isKept = (fixed: Params): boolean =>
    keepsConstraints(space, completeParams(space, {}, fixed, createRandom(0)));
  if (space.constraints.length === 0 || isKept(fitting)) return fitting;
  const nearest = completeParams(space, fitting, {}, createRandom(0));
  return Object.fromEntries(Object.entries(nearest).filter(([name]) => Object.hasOwn(fitting, name)));
}
