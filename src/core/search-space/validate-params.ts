import { FaultList } from '../errors.ts';
import { childPath } from '../field-reader.ts';
import { isJsonObject, type JsonScalar, showJson } from '../json.ts';
import { didYouMean } from '../nearest-name.ts';
import { axisOf } from './axis.ts';
import { meets, showTest } from './condition.ts';
import { describeValues } from './describe-values.ts';
import type { NamedParameter, Params, SearchSpace } from './space.ts';

/**
 * Checks values for some or all parameters and returns them as the space spells them, in its order.
 * A parameter that exists only under a parent needs that parent's value too, or it might be dropped in silence.
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
  return valid;
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
