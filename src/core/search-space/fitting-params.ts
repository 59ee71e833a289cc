import type { JsonScalar } from '../json.ts';
import { axisOf } from './axis.ts';
import { isActive } from './condition.ts';
import type { Params, SearchSpace } from './space.ts';

/** Of values from another space, those that this one can take, as it spells them. */
export function fittingParams(space: SearchSpace, params: Params): Params {
  const fitting: Record<string, JsonScalar> = {};
  for (const parameter of space.parameters) {
    const { name } = parameter;
    if (!Object.hasOwn(params, name) || !isActive(parameter, fitting)) continue;
    const value = axisOf(parameter).snap(params[name]);
    if (value !== undefined) fitting[name] = value;
  }
  return fitting;
}
