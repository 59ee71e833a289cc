import type { FaultList } from '../../errors.ts';
import { childPath, FieldReader } from '../../field-reader.ts';
import { isJsonObject, showJson } from '../../json.ts';
import { didYouMean } from '../../nearest-name.ts';
import { describeValues } from '../describe-values.ts';
import { parseCondition } from '../parse-condition.ts';
import type { LinearConstraint, Parameter } from '../space.ts';
import { spaceLimits } from '../space-fields.ts';
import { numericRange, showConstraint } from './linear-constraint.ts';

/** Above this, sums of a constraint's terms could leave the range of numbers. */
const largestTerm = 1e300;

/**
 * Checks the constraints of a space, each by itself. `parameters` holds those that could be read: one that is among
 * `names` but not there is let pass, for its own fault is told already.
 */
export function parseConstraints(
  input: unknown,
  names: readonly string[],
  parameters: ReadonlyMap<string, Parameter>,
  path: string,
  faults: FaultList,
): readonly LinearConstraint[] {
  if (!Array.isArray(input)) {
    faults.add(path, `must be a list of constraints, not ${showJson(input)}.`);
    return [];
  }
  if (input.length > spaceLimits.constraints) {
    faults.add(path, `has ${input.length} entries; at most ${spaceLimits.constraints} are allowed.`);
    return [];
  }
  const constraints: LinearConstraint[] = [];
  input.forEach((entry: unknown, i) => {
    const fields = FieldReader.open(entry, `${path}[${i}]`, faults);
    const constraint = fields && parseConstraint(fields, names, parameters, faults);
    if (constraint) constraints.push(constraint);
  });
  const summed = new Set(constraints.flatMap(({ sum }) => Object.keys(sum)));
  if (summed.size > spaceLimits.constrainedParameters) {
    const most = spaceLimits.constrainedParameters;
    faults.add(path, `are about ${summed.size} different parameters; at most ${most} are allowed.`);
  }
  return constraints;
}

function parseConstraint(
  fields: FieldReader,
  names: readonly string[],
  parameters: ReadonlyMap<string, Parameter>,
  faults: FaultList,
): LinearConstraint | undefined {
  const before = faults.count;
  fields.allowOnly('sum', 'lte', 'gte', 'when');
  const sum = parseSum(fields, names, parameters, faults);
  const lte = fields.number('lte');
  const gte = fields.number('gte');
  const when = fields.value('when');
  const condition =
    when === undefined
      ? undefined
      : parseCondition(when, null, names, parameters, `${fields.path}.when`, faults);
  if (faults.count > before || sum === undefined) return undefined;
  if (lte === undefined && gte === undefined) {
    faults.add(fields.path, 'bounds nothing; give lte, gte or both.');
    return undefined;
  }
  if (lte !== undefined && gte !== undefined && gte >= lte) {
    const why =
      gte === lte
        ? 'which leaves a single sum; leave out a parameter that the others determine, and compute it from them'
        : 'which leaves no sum; swap them';
    return fields.fault('gte', `is ${gte} and lte is ${lte}, ${why}.`);
  }
  const constraint = {
    sum,
    ...(lte === undefined ? {} : { lte }),
    ...(gte === undefined ? {} : { gte }),
    ...(condition === undefined ? {} : { when: condition }),
  };
  checkReach(constraint, parameters, fields.path, faults);
  return constraint;
}

function parseSum(
  fields: FieldReader,
  names: readonly string[],
  parameters: ReadonlyMap<string, Parameter>,
  faults: FaultList,
): LinearConstraint['sum'] | undefined {
  const input = fields.value('sum');
  if (!isJsonObject(input)) {
    return fields.fault('sum', `must be an object of factors by parameter, not ${showJson(input)}.`);
  }
  const path = `${fields.path}.sum`;
  const sum: [string, number][] = [];
  for (const [name, factor] of Object.entries(input)) {
    const termPath = childPath(path, name);
    const parameter = parameters.get(name);
    const range = parameter && numericRange(parameter);
    if (!names.includes(name)) {
      faults.add(termPath, `is not a parameter of this space. ${didYouMean(name, names)}`);
    } else if (range === null) {
      const values = describeValues(parameter!);
      faults.add(termPath, `adds up "${name}", which is not always a number: it is ${values}.`);
    } else if (typeof factor !== 'number' || !Number.isFinite(factor) || factor === 0) {
      faults.add(termPath, `must be a finite number other than 0, not ${showJson(factor)}.`);
    } else {
      const largest = range && Math.abs(factor) * Math.max(Math.abs(range.low), Math.abs(range.high));
      if (largest !== undefined && !(largest <= largestTerm)) {
        faults.add(
          termPath,
          `makes numbers up to ${largest}, too large for the arithmetic; make it smaller.`,
        );
      }
      sum.push([name, factor]);
    }
  }
  if (Object.keys(input).length === 0) return fields.fault('sum', 'is empty; give at least one parameter.');
  return Object.fromEntries(sum);
}

/** A constraint that no values of its parameters keep, where it always applies. */
function checkReach(
  constraint: LinearConstraint,
  parameters: ReadonlyMap<string, Parameter>,
  path: string,
  faults: FaultList,
): void {
  let [least, most] = [0, 0];
  let isAlwaysThere = constraint.when === undefined;
  let exists = false;
  for (const [name, factor] of Object.entries(constraint.sum)) {
    const parameter = parameters.get(name);
    const range = parameter && numericRange(parameter);
    if (!range) return;
    const ends = [factor * range.low, factor * range.high];
    if (parameter?.when === undefined) exists = true;
    else ends.push(0);
    least += Math.min(...ends);
    most += Math.max(...ends);
  }
  isAlwaysThere &&= exists;
  const { lte, gte } = constraint;
  const shown = showConstraint(constraint);
  if (!isAlwaysThere) return;
  if (lte !== undefined && least > lte) {
    faults.add(path, `can never hold: ${shown}, but the sum is always ${least} or more.`);
  } else if (gte !== undefined && most < gte) {
    faults.add(path, `can never hold: ${shown}, but the sum is always ${most} or less.`);
  }
}
