import type { FaultList } from '../errors.ts';
import { FieldReader } from '../field-reader.ts';
import { isJsonObject, isJsonScalar, type JsonScalar, showJson } from '../json.ts';
import { axisOf, isWholeSteps } from './axis.ts';
import { describeValues } from './describe-values.ts';
import type {
  CategoricalParameter,
  FloatParameter,
  IntParameter,
  NormalPrior,
  Parameter,
  WeightedPrior,
} from './space.ts';
import { normalPriorFields, parameterFields, parameterTypes, spaceLimits } from './space-fields.ts';

/** Steps are counted exactly below this. */
const maxSteps = 2 ** 50;

/** Checks one parameter save its condition; undefined where it has a fault. */
export function parseParameter(input: unknown, path: string, faults: FaultList): Parameter | undefined {
  const before = faults.count;
  const fields = FieldReader.open(input, path, faults);
  const type = fields?.oneOf('type', parameterTypes);
  if (!fields || type === undefined) return undefined;
  fields.allowOnly('type', ...Object.keys(parameterFields[type]));
  if (type === 'fixed') return parseFixed(input, fields);
  const parameter =
    type === 'categorical' ? parseCategorical(fields, faults) : parseNumeric(type, fields, path, faults);
  if (parameter === undefined || faults.count > before) return undefined;
  const value = parseDefault(input, parameter, fields);
  if (faults.count > before) return undefined;
  return value === undefined ? parameter : { ...parameter, default: value };
}

/** A constant is a choice of one: all that reads spaces knows what to do with it. */
function parseFixed(input: unknown, fields: FieldReader): CategoricalParameter | undefined {
  const value = isJsonObject(input) && Object.hasOwn(input, 'value') ? input.value : undefined;
  if (value === undefined) return fields.fault('value', 'is missing; give the value that every trial has.');
  if (!isJsonScalar(value)) {
    return fields.fault(
      'value',
      `must be a string, a finite number, true, false or null, not ${showJson(value)}.`,
    );
  }
  return { type: 'categorical', choices: [value] };
}

function parseNumeric(
  type: 'float' | 'int',
  fields: FieldReader,
  path: string,
  faults: FaultList,
): FloatParameter | IntParameter | undefined {
  const rules = parameterFields[type];
  const low = fields.number('low', rules.low.rule);
  const high = fields.number('high', rules.high.rule);
  const log = fields.boolean('log') ?? false;
  const step = fields.number('step', rules.step.rule);

  if (log && step !== undefined) {
    fields.fault('step', 'cannot go with log; leave one of them out, or list the values as choices.');
  }
  if (log && low !== undefined && low <= 0) {
    const least = type === 'int' ? '1 or more' : 'above 0';
    fields.fault('low', `is ${low}, but log needs a range above 0; make it ${least} or leave log out.`);
  }
  if (low === undefined || high === undefined) return undefined;
  if (low > high) {
    fields.fault('low', `is ${low}, which is above high (${high}); swap them.`);
    return undefined;
  }
  if (!Number.isFinite(high - low) || (type === 'int' && high - low > maxSteps)) {
    faults.add(path, `has a range from ${low} to ${high}, which is too wide for the arithmetic; narrow it.`);
    return undefined;
  }
  if (step !== undefined && !log) {
    if ((high - low) / step > maxSteps) {
      fields.fault('step', `is ${step}, which is too small for a range of ${high - low}.`);
    } else if (!isWholeSteps(low, high, step)) {
      const fitting = low + Math.floor((high - low) / step) * step;
      const advice = fitting > low ? `set high to ${Number(fitting.toPrecision(15))}` : 'make it smaller';
      fields.fault('step', `does not lead from ${low} to ${high} in whole steps of ${step}; ${advice}.`);
    }
  }
  const prior = parseNormalPrior(fields, low, high, faults);
  return {
    type,
    low,
    high,
    ...(log ? { log } : {}),
    ...(step === undefined ? {} : { step }),
    ...(prior === undefined ? {} : { prior }),
  };
}

function parseNormalPrior(
  parameter: FieldReader,
  low: number,
  high: number,
  faults: FaultList,
): NormalPrior | undefined {
  const input = parameter.value('prior');
  if (input === undefined) return undefined;
  const fields = FieldReader.open(input, `${parameter.path}.prior`, faults);
  if (fields === null) return undefined;
  fields.allowOnly('mean', 'sd');
  const mean = fields.number('mean', { ...normalPriorFields.mean, min: low, max: high });
  const sd = fields.number('sd', normalPriorFields.sd);
  return mean === undefined || sd === undefined ? undefined : { mean, sd };
}

function parseCategorical(fields: FieldReader, faults: FaultList): CategoricalParameter | undefined {
  const ordered = fields.boolean('ordered') ?? false;
  const choices = fields.value('choices');
  if (!Array.isArray(choices)) {
    return fields.fault('choices', `must be a list of values, not ${showJson(choices)}.`);
  }
  if (choices.length === 0) return fields.fault('choices', 'is empty; give at least one value.');
  if (choices.length > spaceLimits.choices) {
    return fields.fault(
      'choices',
      `has ${choices.length} values; at most ${spaceLimits.choices} are allowed.`,
    );
  }
  const seen = new Map<JsonScalar, number>();
  choices.forEach((choice: unknown, i) => {
    const path = `${fields.path}.choices[${i}]`;
    if (!isJsonScalar(choice)) {
      faults.add(path, `must be a string, a finite number, true, false or null, not ${showJson(choice)}.`);
    } else if (seen.has(choice)) {
      faults.add(path, `repeats choice ${seen.get(choice)} (${showJson(choice)}); remove one.`);
    } else {
      seen.set(choice, i);
    }
  });
  const prior = parseWeightedPrior(fields, choices.length, faults);
  return {
    type: 'categorical',
    choices: [...seen.keys()],
    ...(ordered ? { ordered } : {}),
    ...(prior === undefined ? {} : { prior }),
  };
}

function parseWeightedPrior(
  parameter: FieldReader,
  choices: number,
  faults: FaultList,
): WeightedPrior | undefined {
  const input = parameter.value('prior');
  if (input === undefined) return undefined;
  const fields = FieldReader.open(input, `${parameter.path}.prior`, faults);
  if (fields === null) return undefined;
  fields.allowOnly('weights');
  const weights = fields.value('weights');
  if (!Array.isArray(weights)) {
    return fields.fault('weights', `must be a list of numbers, not ${showJson(weights)}.`);
  }
  if (weights.length !== choices) {
    return fields.fault(
      'weights',
      `has ${weights.length} entries for ${choices} choices; give one for each.`,
    );
  }
  const before = faults.count;
  weights.forEach((weight: unknown, i) => {
    if (Number.isFinite(weight) && (weight as number) >= 0) return;
    faults.add(`${fields.path}.weights[${i}]`, `must be a number from 0 on, not ${showJson(weight)}.`);
  });
  if (faults.count > before) return undefined;
  if (weights.every((weight) => weight === 0)) {
    return fields.fault('weights', 'are all 0; give at least one choice a weight.');
  }
  return { weights };
}

/** Null is a default only where it is a choice; otherwise, as everywhere, it stands for nothing. */
function parseDefault(input: unknown, parameter: Parameter, fields: FieldReader): JsonScalar | undefined {
  const value = isJsonObject(input) && Object.hasOwn(input, 'default') ? input.default : undefined;
  if (value === undefined) return undefined;
  const snapped = axisOf(parameter).snap(value);
  if (snapped !== undefined || value === null) return snapped;
  return fields.fault('default', `must be ${describeValues(parameter)}, not ${showJson(value)}.`);
}
