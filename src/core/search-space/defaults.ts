import type { JsonScalar } from '../json.ts';
import { isActive } from './condition.ts';
import type { Params, SearchSpace } from './space.ts';

/** The defaults of the parameters that have one, whether they exist or not. */
export function defaultsOf({ parameters }: SearchSpace): Params {
  const defaults: Record<string, JsonScalar> = {};
  for (const parameter of parameters) {
    if (parameter.default !== undefined) defaults[parameter.name] = parameter.default;
  }
  return defaults;
}

/**
 * The params of a trial that was started under an earlier space, with the default of every parameter that exists now
 * and had no value then. The same object where there is none.
 */
export function withDefaults({ parameters }: SearchSpace, params: Params): Params {
  let whole: Record<string, JsonScalar> | null = null;
  for (const parameter of parameters) {
    const { name, default: value } = parameter;
    if (value === undefined || Object.hasOwn(params, name) || !isActive(parameter, whole ?? params)) continue;
    whole ??= { ...params };
    whole[name] = value;
  }
  return whole ?? params;
}
