import type { FaultList } from '../errors.ts';
import { FieldReader } from '../field-reader.ts';
import { isJsonScalar, type JsonScalar, showJson } from '../json.ts';
import { isWholeSteps } from './axis.ts';
import type { CategoricalParameter, FloatParameter, IntParameter, Parameter } from './space.ts';

const maxChoices = 10_000;
/** Steps are counted exactly below this. */
const maxSteps = 2 ** 50;

const parameterTypes = ['float', 'int', 'categorical'] as const;
const numericKeys = ['type', 'low', 'high', 'log', 'step', 'when'];
const categoricalKeys = ['type', 'choices', 'ordered', 'when'];

/** Checks one parameter save its condition; undefined where it has a fault. */
export function parseParameter(input: unknown, path: string, faults: FaultList): Parameter | undefined {
  const before = faults.count;
  const fields = FieldReader.open(input, path, faults);
  const type = fields?.oneOf('type', parameterTypes);
  if (!fields || type === undefined) return undefined;
  fields.allowOnly(...(type === 'categorical' ? categoricalKeys : numericKeys));
  const parameter =
    type === 'categorical' ? parseCategorical(fields, faults) : parseNumeric(type, fields, path, faults);
  return faults.count === before ? parameter : undefined;
}

function parseNumeric(
  type: 'float' | 'int',
  fields: FieldReader,
  path: string,
  faults: FaultList,
): FloatParameter | IntParameter | undefined {
  const rule = type === 'int' ? ({ required: true, integer: true } as const) : ({ required: true } as const);
  const low = fields.number('low', rule);
  const high = fields.number('high', rule);
  const log = fields.boolean('log') ?? false;
  const step = fields.number('step', type === 'int' ? { integer: true, above: 0 } : { above: 0 });

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
  return { type, low, high, ...(log ? { log } : {}), ...(step === undefined ? {} : { step }) };
}

function parseCategorical(fields: FieldReader, faults: FaultList): CategoricalParameter | undefined {
  const ordered = fields.boolean('ordered') ?? false;
  const choices = fields.value('choices');
  if (!Array.isArray(choices)) {
    return fields.fault('choices', `must be a list of values, not ${showJson(choices)}.`);
  }
  if (choices.length === 0) return fields.fault('choices', 'is empty; give at least one value.');
  if (choices.length > maxChoices) {
    return fields.fault('choices', `has ${choices.length} values; at most ${maxChoices} are allowed.`);
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
  return { type: 'categorical', choices: [...seen.keys()], ...(ordered ? { ordered } : {}) };
}
