import { CallerError, FaultList } from '../errors.ts';
import { childPath, nameFault } from '../field-reader.ts';
import { isJsonObject, type JsonObject, showJson } from '../json.ts';
import { findFeasiblePoint } from './constraints/feasible-point.ts';
import { parseConstraints } from './constraints/parse-constraints.ts';
import { findContradictions } from './contradictions.ts';
import { parentsFirst } from './parents-first.ts';
import { parseCondition } from './parse-condition.ts';
import { parseParameter } from './parse-parameter.ts';
import {
  constraintsKey,
  type NamedParameter,
  type Parameter,
  parametersOf,
  type SearchSpace,
} from './space.ts';
import { spaceLimits } from './space-fields.ts';

/**
 * Checks a search space as a client wrote it: the only way to a `SearchSpace`.
 * @throws InputError with every fault, each at its path: `searchSpace.learningRate.low`.
 * @throws CallerError TOO_LARGE for more than 1,000 parameters.
 */
export function parseSearchSpace(input: unknown, path = 'searchSpace'): SearchSpace {
  const faults = new FaultList();
  if (!isJsonObject(input)) {
    faults.add(path, `must be an object of parameters by name, not ${showJson(input)}.`);
    faults.throwIfAny();
  }
  const entries = parametersOf(input as object);
  if (entries.length > spaceLimits.parameters) {
    const message = `has ${entries.length} parameters; at most ${spaceLimits.parameters} are allowed.`;
    throw new CallerError('TOO_LARGE', `${path}: ${message}`, { faults: [{ path, message }] });
  }

  const names = entries.map(([name]) => name);
  const parameters = new Map<string, Parameter>();
  for (const [name, value] of entries) {
    const parameterPath = childPath(path, name);
    const fault = nameFault(name);
    if (fault !== null) faults.add(parameterPath, fault);
    const parameter = parseParameter(value, parameterPath, faults);
    if (parameter !== undefined) parameters.set(name, parameter);
  }

  const named: NamedParameter[] = [];
  for (const [name, value] of entries) {
    const parameter = parameters.get(name);
    const when = whenOf(value);
    const condition =
      when === undefined
        ? undefined
        : parseCondition(when, name, names, parameters, `${childPath(path, name)}.when`, faults);
    if (parameter === undefined) continue;
    named.push(condition === undefined ? { name, ...parameter } : { name, ...parameter, when: condition });
  }

  const ordered = parentsFirst(named, path, faults);
  if (faults.isEmpty) findContradictions(ordered, path, faults);
  const constraints = parseConstraints(
    constraintsOf(input as JsonObject),
    names,
    new Map(named.map((parameter) => [parameter.name, parameter])),
    `${path}.${constraintsKey}`,
    faults,
  );
  faults.throwIfAny();
  const byName = new Map(ordered.map((parameter) => [parameter.name, parameter]));
  const space = { parameters: ordered, byName, constraints, feasiblePoint: {} };
  return { ...space, feasiblePoint: findFeasiblePoint(space, `${path}.${constraintsKey}`) };
}

const stored = new WeakMap<JsonObject, SearchSpace>();

/** A space that was checked before it was stored; read once for each object that holds it. */
export function storedSpace(input: JsonObject): SearchSpace {
  let space = stored.get(input);
  if (space === undefined) {
    space = parseSearchSpace(input);
    stored.set(input, space);
  }
  return space;
}

function constraintsOf(input: JsonObject): unknown {
  return (Object.hasOwn(input, constraintsKey) ? input[constraintsKey] : undefined) ?? [];
}

function whenOf(value: unknown): unknown {
  if (!isJsonObject(value) || !Object.hasOwn(value, 'when')) return undefined;
  return value.when ?? undefined;
}
