import type { FaultList } from '../errors.ts';
import { childPath, FieldReader } from '../field-reader.ts';
import { isJsonObject, isJsonScalar, type JsonScalar, showJson } from '../json.ts';
import { didYouMean } from '../nearest-name.ts';
import { axisOf } from './axis.ts';
import { canMeet, showTest } from './condition.ts';
import { describeValues } from './describe-values.ts';
import type { Comparisons, Condition, Parameter, Test } from './space.ts';
import { comparisons } from './space-fields.ts';

/**
 * Checks the `when` of the parameter `child`, or of a constraint where that is null. `parameters` holds those that could be read: a condition on one that is
 * among `names` but not there is let pass, for its own fault is told already.
 */
export function parseCondition(
  input: unknown,
  child: string | null,
  names: readonly string[],
  parameters: ReadonlyMap<string, Parameter>,
  path: string,
  faults: FaultList,
): Condition | undefined {
  if (!isJsonObject(input)) {
    faults.add(path, `must be an object of tests by parameter, not ${showJson(input)}.`);
    return undefined;
  }
  const condition: [string, Test][] = [];
  for (const [name, test] of Object.entries(input)) {
    const testPath = childPath(path, name);
    const parent = parameters.get(name);
    if (name === child) {
      faults.add(testPath, 'is the parameter itself; name another one.');
    } else if (parent !== undefined) {
      const parsed = parseTest(test, name, parent, testPath, faults);
      if (parsed !== undefined) condition.push([name, parsed]);
    } else if (!names.includes(name)) {
      faults.add(testPath, `is not a parameter of this space. ${didYouMean(name, names)}`);
    }
  }
  return condition.length === 0 ? undefined : Object.fromEntries(condition);
}

function parseTest(
  input: unknown,
  name: string,
  parent: Parameter,
  path: string,
  faults: FaultList,
): Test | undefined {
  if (isJsonScalar(input)) return checkValue(input, name, parent, path, faults) ? input : undefined;
  const fields = FieldReader.open(input, path, faults);
  if (fields === null) return undefined;
  const before = faults.count;
  fields.allowOnly('in', ...comparisons);

  const bounds: [string, number][] = [];
  for (const key of comparisons) {
    const bound = fields.number(key);
    if (bound !== undefined) bounds.push([key, bound]);
  }
  if (bounds.length > 0 && parent.type === 'categorical' && !parent.choices.every(isNumber)) {
    faults.add(path, `compares "${name}" with a number, but not all its choices are numbers; use "in".`);
  }
  const listed = fields.value('in');
  const values = listed === undefined ? undefined : parseList(listed, name, parent, `${path}.in`, faults);
  if (faults.count > before) return undefined;
  if (listed === undefined && bounds.length === 0) {
    faults.add(path, 'tests nothing; give a value, or an object with in, lt, lte, gt or gte.');
    return undefined;
  }

  const test: Comparisons = {
    ...(values === undefined ? {} : { in: values }),
    ...Object.fromEntries(bounds),
  };
  if (canMeet(test, parent)) return test;
  faults.add(path, `can never hold: no value of "${name}" (${describeValues(parent)}) is ${showTest(test)}.`);
  return undefined;
}

function parseList(
  input: unknown,
  name: string,
  parent: Parameter,
  path: string,
  faults: FaultList,
): readonly JsonScalar[] {
  if (!Array.isArray(input) || input.length === 0) {
    faults.add(path, 'must be a list of at least one value.');
    return [];
  }
  return input.filter((value, i) => checkValue(value, name, parent, `${path}[${i}]`, faults));
}

/** Whether the parent can take a value, told as a fault if not. */
function checkValue(
  value: unknown,
  name: string,
  parent: Parameter,
  path: string,
  faults: FaultList,
): value is JsonScalar {
  const axis = axisOf(parent);
  if (axis.snap(value) === undefined) {
    faults.add(path, `is ${showJson(value)}, but "${name}" is always ${describeValues(parent)}.`);
    return false;
  }
  if (axis.cells === Number.POSITIVE_INFINITY) {
    faults.add(
      path,
      `asks "${name}" to be exactly ${value}, which a continuous range never is; compare with lte or gte.`,
    );
    return false;
  }
  return true;
}

function isNumber(value: JsonScalar): boolean {
  return typeof value === 'number';
}
