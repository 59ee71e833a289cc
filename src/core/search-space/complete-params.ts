import type { JsonScalar } from '../json.ts';
import type { Random } from '../random.ts';
import { axisOf } from './axis.ts';
import { isActive } from './condition.ts';
import type { Parameter, Params, SearchSpace } from './space.ts';

/**
 * The full values of a trial, in the order of the space: for every parameter that exists, the fixed value, else the
 * suggested one if the parameter can take it, else a draw from the prior. What does not exist is dropped.
 * `fixed` must have passed `validateParams`.
 */
export function completeParams(
  space: SearchSpace,
  suggestion: Params,
  fixed: Params,
  random: Random,
): Params {
  const params: Record<string, JsonScalar> = {};
  for (const parameter of space.parameters) {
    // Parents come first, so all that this condition reads is there.
    if (!isActive(parameter, params)) continue;
    const { name } = parameter;
    if (Object.hasOwn(fixed, name)) {
      params[name] = fixed[name]!;
      continue;
    }
    const suggested = Object.hasOwn(suggestion, name) ? axisOf(parameter).snap(suggestion[name]) : undefined;
    params[name] = suggested === undefined ? drawFromPrior(parameter, random) : suggested;
  }
  return params;
}

/** A uniform draw; log-uniform where the parameter says `log`. */
export function drawFromPrior(parameter: Parameter, random: Random): JsonScalar {
  return axisOf(parameter).decode(random.uniform());
}
