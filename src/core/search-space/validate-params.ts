import { FaultList } from '../errors.ts';
import { childPath } from '../field-reader.ts';
import { isJsonObject, type JsonScalar, showJson } from '../json.ts';
import { didYouMean } from '../nearest-name.ts';
import { createRandom } from '../random.ts';
import { axisOf } from './axis.ts';
import { isActive, meets, showTest } from './condition.ts';
import { findPoint } from './constraints/find-point.ts';
import { constrainedParameters, keepsConstraints, showConstraint } from './constraints/linear-constraint.ts';
import { describeValues } from './describe-values.ts';
import type { LinearConstraint, NamedParameter, Params, SearchSpace } from './space.ts';

/** Some hundred steps find what there is to find; a thousand settings may come at once. */
const maxSteps = 2000;

/**
 * Checks values for some or all parameters and returns them as the space spells them, in its order.
 * A parameter that exists only under a parent needs that parent's value too, or it might be dropped in silence.
 * Values that no others can complete to a setting which keeps the constraints are refused too.
 * @throws InputError with every fault: unknown name, value outside the parameter, parameter that does not exist here.
 */
export function validateParams(space: SearchSpace, params: unknown, path = 'params'): Params {
  const faults = new FaultList();
  if (!isJsonObject(params)) {
    faults.add(path, `must be an object of values by parameter, not ${showJson(params)}.`);
    faults.throwIfAny();
  }
  const given = params as { readonly [name: string]: unknown };
  for (const name of Object.keys(given)) {
    if (space.byName.has(name)) continue;
    const known = space.parameters.map((parameter) => parameter.name);
    faults.add(childPath(path, name), `is not a parameter of this study. ${didYouMean(name, known)}`);
  }

  const valid: Record<string, JsonScalar> = {};
  for (const parameter of space.parameters) {
    if (!Object.hasOwn(given, parameter.name)) continue;
    const valuePath = childPath(path, parameter.name);
    const absence = whyAbsent(parameter, given);
    if (absence !== null) faults.add(valuePath, absence);
    const value = axisOf(parameter).snap(given[parameter.name]);
    if (value === undefined) {
      faults.add(valuePath, `must be ${describeValues(parameter)}, not ${showJson(given[parameter.name])}.`);
    } else {
      valid[parameter.name] = value;
    }
  }
  faults.throwIfAny();
  checkConstraints(space, valid, path, faults);
  faults.throwIfAny();
  return valid;
}

/** Refuses values that break a constraint, whatever those that are still open become. */
function checkConstraints(space: SearchSpace, valid: Params, path: string, faults: FaultList): void {
  if (space.constraints.length === 0) return;
  const isDecided = constrainedParameters(space).ordered.every(
    (parameter) => Object.hasOwn(valid, parameter.name) || !isActive(parameter, valid),
  );
  const leavesPoint = (constraints: readonly LinearConstraint[]): boolean => {
    // The same question as everywhere, with the same rounding.
    if (isDecided) return keepsConstraints({ ...space, constraints }, valid);
    const search = { fixed: valid, near: {}, steps: maxSteps };
    return findPoint({ ...space, constraints }, search, createRandom(0)).params !== null;
  };
  if (leavesPoint(space.constraints)) return;
  const broken = space.constraints.filter((constraint) => !leavesPoint([constraint]));
  for (const constraint of broken) {
    faults.add(path, `break the constraint ${showConstraint(constraint)}; change one of its parameters.`);
  }
  if (broken.length > 0) return;
  const all = space.constraints.map(showConstraint).join(', ');
  faults.add(path, `leave no values for the other parameters that keep the constraints: ${all}.`);
}

/** Why a parameter does not exist under the given values, or null where it does. */
function whyAbsent(parameter: NamedParameter, given: { readonly [name: string]: unknown }): string | null {
  for (const [parent, test] of Object.entries(parameter.when ?? {})) {
    const condition = `exists only where "${parent}" is ${showTest(test)}`;
    if (!Object.hasOwn(given, parent)) return `${condition}; give "${parent}" too.`;
    const value = given[parent] as JsonScalar;
    if (!meets(test, value)) return `${condition}, but it is ${showJson(value)}; leave one of them out.`;
  }
  return null;
}
