import type { JsonScalar } from '../json.ts';
import { isActive } from '../search-space/condition.ts';
import { keepsConstraints } from '../search-space/constraints/linear-constraint.ts';
import type { NamedParameter, Params, SearchSpace } from '../search-space/space.ts';

/**
 * Every setting of a space whose parameters take the given values only, the last parameter varying fastest: parameters
 * exist where their conditions hold, and settings that break a constraint are left out. Null where more than `limit`
 * have to be looked at.
 */
export function settingsOf(
  space: SearchSpace,
  valuesOf: (parameter: NamedParameter) => readonly JsonScalar[],
  limit: number,
): Params[] | null {
  const { parameters } = space;
  const values = parameters.map(valuesOf);
  const settings: Params[] = [];
  let seen = 0;
  const params: Record<string, JsonScalar> = {};
  const extend = (from: number): boolean => {
    if (from === parameters.length) {
      if (keepsConstraints(space, params)) settings.push({ ...params });
      return ++seen <= limit;
    }
    const parameter = parameters[from]!;
    if (!isActive(parameter, params)) return extend(from + 1);
    const isWithinLimit = values[from]!.every((value) => {
      params[parameter.name] = value;
      return extend(from + 1);
    });
    // What comes next may stand under another parent.
    delete params[parameter.name];
    return isWithinLimit;
  };
  return extend(0) ? settings : null;
}

/** A text that equal settings share; null for one that lacks a parameter that exists in it. */
export function settingKey({ parameters }: SearchSpace, params: Params): string | null {
  const values: JsonScalar[] = [];
  for (const parameter of parameters) {
    if (!isActive(parameter, params)) continue;
    if (!Object.hasOwn(params, parameter.name)) return null;
    values.push(parameter.name, params[parameter.name]!);
  }
  return JSON.stringify(values);
}
