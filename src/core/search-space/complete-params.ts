import type { JsonScalar } from '../json.ts';
import type { Random } from '../random.ts';
import { axisOf } from './axis.ts';
import { isActive } from './condition.ts';
import { findPoint } from './constraints/find-point.ts';
import { constrainedParameters, keepsConstraints } from './constraints/linear-constraint.ts';
import { priorOf } from './prior.ts';
import type { Parameter, Params, SearchSpace } from './space.ts';

/** Draws that are tried before one is made to fit: as long as one in 20 keeps the constraints, hardly any is. */
const maxDraws = 64;
/** A mended setting takes some steps a parameter; where a whole number has to be found, some more. */
const maxSteps = 500;
/** Before constraints are broken, every effort is made. */
const lastSteps = 20_000;

/**
 * The full values of a trial, in the order of the space: for every parameter that exists, the fixed value, else the
 * suggested one if the parameter can take it, else a draw from the prior. What does not exist is dropped.
 * Constraints between parameters are kept: what breaks them is moved to the nearest setting that keeps them, parameter
 * by parameter, if the sampler has suggested it, and is drawn again if it was drawn. Only where `fixed` leaves no such
 * setting, which may be after the space has changed, they are broken.
 * `fixed` must have passed `validateParams`.
 */
export function completeParams(
  space: SearchSpace,
  suggestion: Params,
  fixed: Params,
  random: Random,
): Params {
  const params = fill(space, suggestion, fixed, random);
  return keepsConstraints(space, params) ? params : mended(space, params, suggestion, fixed, random);
}

function fill(space: SearchSpace, suggestion: Params, fixed: Params, random: Random): Params {
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

function mended(
  space: SearchSpace,
  params: Params,
  suggestion: Params,
  fixed: Params,
  random: Random,
): Params {
  const { ordered } = constrainedParameters(space);
  const keeping = (point: Params | null): Params | null => {
    const whole = point && fill(space, { ...params, ...point }, fixed, random);
    // Values that are fixed in the point may be others here.
    return whole !== null && keepsConstraints(space, whole) ? whole : null;
  };
  const fitting = (near: Params, steps = maxSteps): Params | null =>
    keeping(findPoint(space, { fixed, near, steps }, random).params);
  const isSuggested = ordered.some(({ name }) => Object.hasOwn(suggestion, name));
  if (isSuggested) {
    const nearest = fitting(params);
    if (nearest !== null) return nearest;
  }
  const others = { ...suggestion };
  for (const { name } of ordered) delete others[name];
  for (let i = 0; i < maxDraws; i++) {
    const draw = fill(space, others, fixed, random);
    if (keepsConstraints(space, draw)) return draw;
  }
  return fitting({}) ?? keeping(space.feasiblePoint) ?? fitting({}, lastSteps) ?? params;
}

/** A draw from the parameter's prior: where it states none uniform, log-uniform where it says `log`. */
export function drawFromPrior(parameter: Parameter, random: Random): JsonScalar {
  return axisOf(parameter).decode(priorOf(parameter).quantile(random.uniform()));
}
