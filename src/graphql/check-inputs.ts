import { type GraphQLObjectType, type GraphQLSchema, isObjectType } from 'graphql';
import { FaultList } from '../core/errors.ts';
import { childPath } from '../core/field-reader.ts';
import { textFault } from '../core/text-fault.ts';

const maxDepth = 32;
const maxTextLength = 100_000;
/** More of them would tell a caller nothing new. */
const maxFaults = 20;

/**
 * Makes every field refuse, before its resolver runs, what no argument may hold: text that cannot be stored or is too
 * long, and JSON that is nested too deeply.
 */
export function withCheckedInputs(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type) && !type.name.startsWith('__')) checkInputsOf(type);
  }
  return schema;
}

function checkInputsOf(type: GraphQLObjectType): void {
  for (const field of Object.values(type.getFields())) {
    if (field.args.length === 0) continue;
    // A subscription is checked once, not again for each event.
    const step = field.subscribe === undefined ? 'resolve' : 'subscribe';
    const run = field[step];
    if (run === undefined) continue;
    field[step] = (source, args, context, info) => {
      checkInputs(args);
      return run(source, args, context, info);
    };
  }
}

/** @throws InputError with the paths of the faults; the fields of an argument `input` stand at the top. */
export function checkInputs(args: Readonly<Record<string, unknown>>): void {
  const faults = new FaultList();
  for (const [name, value] of Object.entries(args)) {
    const isInput = name === 'input' && !Array.isArray(value);
    check(value, isInput ? '' : name, 1, faults);
  }
  faults.throwIfAny();
}

function check(value: unknown, path: string, depth: number, faults: FaultList): void {
  if (faults.count >= maxFaults) return;
  if (typeof value === 'string') {
    checkText(value, path, faults);
  } else if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) {
    return;
  } else if (depth > maxDepth) {
    faults.add(path, `is nested too deeply; at most ${maxDepth} levels are allowed.`);
  } else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      // Not even the path of a number: reports bring lists of many thousand.
      if (typeof value[i] !== 'number') check(value[i], `${path}[${i}]`, depth + 1, faults);
    }
  } else {
    for (const [key, field] of Object.entries(value)) {
      checkText(key, path, faults);
      check(field, childPath(path, key), depth + 1, faults);
    }
  }
}

function checkText(text: string, path: string, faults: FaultList): void {
  const fault =
    text.length > maxTextLength
      ? `has ${text.length} characters; at most ${maxTextLength} are allowed.`
      : textFault(text);
  if (fault !== null) faults.add(path, fault);
}
