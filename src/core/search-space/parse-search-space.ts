import { CallerError, FaultList } from '../errors.ts';
import { childPath, nameFault } from '../field-reader.ts';
import { isJsonObject, showJson } from '../json.ts';
import { parentsFirst } from './parents-first.ts';
import { parseCondition } from './parse-condition.ts';
import { parseParameter } from './parse-parameter.ts';
import type { NamedParameter, Parameter, SearchSpace } from './space.ts';

const maxParameters = 1000;

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
  const entries = Object.entries(input as object);
  if (entries.length > maxParameters) {
    const message = `has ${entries.length} parameters; at most ${maxParameters} are allowed.`;
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
  faults.throwIfAny();
  return { parameters: ordered, byName: new Map(ordered.map((parameter) => [parameter.name, parameter])) };
}

function whenOf(value: unknown): unknown {
  if (!isJsonObject(value) || !Object.hasOwn(value, 'when')) return undefined;
  return value.when ?? undefined;
}
