import { InputError } from '../errors.ts';
import { isJsonObject, isJsonScalar, type JsonScalar } from '../json.ts';
import { type TrialState, trialStates } from '../trial.ts';

export const trialOrderFields = [
  'NUMBER',
  'VALUE',
  'PARAM',
  'DURATION',
  'STATE',
  'STARTED',
  'ATTEMPT',
  'DEVICE',
  'TAGS',
  'NOTES',
] as const;
export type TrialOrderField = (typeof trialOrderFields)[number];

/** Equal trials come by number. Trials without the key come last, in either direction. */
export interface TrialOrder {
  readonly field: TrialOrderField;
  /** The metric (VALUE) or parameter (PARAM) to order by. */
  readonly name?: string | null | undefined;
  readonly descending: boolean;
}

/** The place of a trial in an order: where the next page goes on, whatever became of the trial meanwhile. */
export interface TrialPosition {
  /** Whether the trial has no key; a key may also be a null that the trial has. */
  readonly missing: boolean;
  readonly key: JsonScalar;
  readonly number: number;
}

/** @throws InputError when VALUE or PARAM has no name */
export function checkOrder({ field, name }: TrialOrder): void {
  if ((field === 'VALUE' || field === 'PARAM') && !name) {
    throw InputError.at('orderBy.name', `name the metric or parameter to order by ${field}`);
  }
}

/** Whether something can be a position in this order: cursors come from outside. */
export function isTrialPosition({ field }: TrialOrder, value: unknown): value is TrialPosition {
  if (!isJsonObject(value)) return false;
  const { missing, key, number } = value;
  if (typeof missing !== 'boolean' || !isInt32(number)) return false;
  return missing ? key === null : keyChecks[field](key);
}

const isInt32 = (value: unknown): boolean => Number.isInteger(value) && value === (value as number) >> 0;
const isText = (value: unknown): boolean => typeof value === 'string';
const keyChecks: Readonly<Record<TrialOrderField, (key: unknown) => boolean>> = {
  NUMBER: isInt32,
  STATE: (key) => trialStates.includes(key as TrialState),
  DURATION: Number.isFinite,
  VALUE: isJsonScalar,
  PARAM: isJsonScalar,
  STARTED: Number.isFinite,
  ATTEMPT: isInt32,
  DEVICE: isText,
  TAGS: isText,
  NOTES: isText,
};

/** Orders keys of any kind: null, then texts by their UTF-16 code units, numbers, false, true. */
export function compareKeys(a: JsonScalar, b: JsonScalar): number {
  if (typeof a !== typeof b) return kinds.indexOf(typeof a) - kinds.indexOf(typeof b);
  if (a === b) return 0;
  return a! < b! ? -1 : 1;
}

const kinds = ['object', 'string', 'number', 'boolean'];
