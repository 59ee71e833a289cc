import { axisOf } from './axis.ts';
import { isActive } from './condition.ts';
import { keepsConstraints } from './constraints/linear-constraint.ts';
import { withDefaults } from './defaults.ts';
import type { Params, SearchSpace } from './space.ts';

/**
 * Whether a trial, started under this or an earlier space, is a point of this one: it has a value that the parameter can
 * take for every parameter that exists, or the parameter has a default; it has no other parameters; and it keeps the
 * constraints. `isPartial` for a trial that waits: only what it has must fit.
 */
export function isInside(space: SearchSpace, params: Params, isPartial = false): boolean {
  const whole = isPartial ? params : withDefaults(space, params);
  let count = 0;
  for (const parameter of space.parameters) {
    const { name } = parameter;
    const isGiven = Object.hasOwn(whole, name);
    if (isGiven) {
      count += 1;
      if (!isActive(parameter, whole) || axisOf(parameter).snap(whole[name]) === undefined) return false;
    } else if (!isPartial && isActive(parameter, whole)) {
      return false;
    }
  }
  if (count < Object.keys(whole).length) return false;
  return isPartial || keepsConstraints(space, whole);
}
