import { InputError } from '../core/errors.ts';
import { isJsonObject, isJsonScalar, type Json, type JsonScalar } from '../core/json.ts';
import { type TrialState, trialStates } from '../core/trial.ts';
import { textFault } from './text-fault.ts';

export interface NumberFilter {
  readonly name: string;
  readonly lt?: number | null | undefined;
  readonly lte?: number | null | undefined;
  readonly gt?: number | null | undefined;
  readonly gte?: number | null | undefined;
  readonly eq?: Json | undefined;
}

/** All given parts must hold; `params` and `values` compare by name, and what has no such entry does not match. */
export interface TrialFilter {
  readonly states?: readonly TrialState[] | null | undefined;
  readonly params?: readonly NumberFilter[] | null | undefined;
  readonly values?: readonly NumberFilter[] | null | undefined;
  readonly and?: readonly TrialFilter[] | null | undefined;
  readonly or?: readonly TrialFilter[] | null | undefined;
  readonly not?: TrialFilter | null | undefined;
}

export type TrialOrderField = 'NUMBER' | 'VALUE' | 'PARAM' | 'DURATION' | 'STATE';
export interface TrialOrder {
  readonly field: TrialOrderField;
  /** The metric (VALUE) or parameter (PARAM) to order by. */
  readonly name?: string | null | undefined;
  readonly descending: boolean;
}

/** The place of a trial in an order: where the next page goes on. Trials without the key come last. */
export interface TrialPosition {
  /** Whether the trial has no key; a key may also be a null that the trial has. */
  readonly missing: boolean;
  readonly key: JsonScalar;
  readonly number: number;
}

/** Collects the values of an SQL statement and hands out their placeholders. */
export class SqlValues {
  readonly list: unknown[] = [];

  add(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

const maxFilterDepth = 10;
const maxFilterParts = 500;

/** @throws InputError for a filter that would make too long a statement */
export function checkFilterSize(filter: TrialFilter, path = 'filter'): void {
  const parts = countParts(filter, path, 1);
  if (parts > maxFilterParts) {
    throw InputError.at(path, `has ${parts} parts; at most ${maxFilterParts} are allowed.`);
  }
}

function countParts(filter: TrialFilter, path: string, depth: number): number {
  if (depth > maxFilterDepth) {
    throw InputError.at(path, `is nested too deeply; at most ${maxFilterDepth} levels are allowed.`);
  }
  const inner = [...(filter.and ?? []), ...(filter.or ?? []), ...(filter.not == null ? [] : [filter.not])];
  const own = 1 + (filter.params?.length ?? 0) + (filter.values?.length ?? 0);
  return inner.reduce((sum, part) => sum + countParts(part, path, depth + 1), own);
}

/** The filter as an SQL condition over `trial`. */
export function filterCondition(filter: TrialFilter, values: SqlValues): string {
  const parts = [
    ...(filter.states == null ? [] : [`trial.state = ANY (${values.add(filter.states)}::trial_state[])`]),
    ...(filter.params ?? []).flatMap((entry) => entryConditions('trial.params', entry, values)),
    ...(filter.values ?? []).flatMap((entry) => entryConditions('trial.values', entry, values)),
    ...(filter.and ?? []).map((part) => filterCondition(part, values)),
    ...(filter.or == null ? [] : [disjunction(filter.or.map((part) => filterCondition(part, values)))]),
    ...(filter.not == null ? [] : [`NOT ${filterCondition(filter.not, values)}`]),
  ];
  return parts.length === 0 ? 'TRUE' : `(${parts.join(' AND ')})`;
}

function disjunction(parts: readonly string[]): string {
  return parts.length === 0 ? 'FALSE' : `(${parts.join(' OR ')})`;
}

const operators = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

function entryConditions(column: string, entry: NumberFilter, values: SqlValues): string[] {
  const name = values.add(entry.name);
  const number = `CASE WHEN jsonb_typeof(${column} -> ${name}) = 'number' THEN (${column} ->> ${name})::float8 END`;
  const conditions = (Object.keys(operators) as (keyof typeof operators)[]).flatMap((operator) => {
    const bound = entry[operator];
    return bound == null ? [] : [`coalesce(${number} ${operators[operator]} ${values.add(bound)}, FALSE)`];
  });
  if (entry.eq !== undefined) {
    conditions.push(`coalesce(${column} -> ${name} = ${values.add(JSON.stringify(entry.eq))}::jsonb, FALSE)`);
  }
  return conditions.length === 0 ? [`coalesce(${column} ? ${name}, FALSE)`] : conditions;
}

export interface OrderExpressions {
  /** SQL of the sort key, NULL where the trial has none. */
  readonly key: string;
  /** The SQL type that a key read back from a cursor is cast to. */
  readonly keyType: string;
}

/** @throws InputError when VALUE or PARAM has no name */
export function orderKey(order: TrialOrder, values: SqlValues): OrderExpressions {
  switch (order.field) {
    case 'NUMBER':
      return { key: 'trial.number', keyType: 'integer' };
    case 'STATE':
      return { key: 'trial.state', keyType: 'trial_state' };
    case 'DURATION':
      return { key: 'extract(epoch FROM trial.finished_at - trial.started_at)::float8', keyType: 'float8' };
    case 'VALUE':
      return { key: `(trial.values -> ${values.add(orderName(order))})`, keyType: 'jsonb' };
    case 'PARAM':
      return { key: `(trial.params -> ${values.add(orderName(order))})`, keyType: 'jsonb' };
  }
}

function orderName(order: TrialOrder): string {
  if (order.name == null || order.name === '') {
    throw InputError.at('orderBy.name', `name the metric or parameter to order by ${order.field}`);
  }
  return order.name;
}

const maxInt32 = 0x7fffffff;

/** Whether something can be a position in this order: cursors come from outside. */
export function isTrialPosition({ field }: TrialOrder, value: unknown): value is TrialPosition {
  if (!isJsonObject(value)) return false;
  const { missing, key, number } = value;
  if (typeof missing !== 'boolean' || !isInt32(number)) return false;
  return missing ? key === null : keyChecks[field](key);
}

const isInt32 = (value: unknown): boolean => Number.isInteger(value) && Math.abs(value as number) <= maxInt32;
const isJsonKey = (key: unknown): boolean =>
  isJsonScalar(key) && (typeof key !== 'string' || textFault(key) === null);
const keyChecks: Readonly<Record<TrialOrderField, (key: unknown) => boolean>> = {
  NUMBER: isInt32,
  STATE: (key) => trialStates.includes(key as TrialState),
  DURATION: Number.isFinite,
  VALUE: isJsonKey,
  PARAM: isJsonKey,
};

/** `ORDER BY` of an order: trials without the key last, equal keys by number. */
export function orderClause({ key }: OrderExpressions, descending: boolean): string {
  const direction = descending ? 'DESC' : 'ASC';
  return `${key} ${direction} NULLS LAST, trial.number ${direction}`;
}

/** The condition that a trial comes after a position. */
export function afterCondition(
  { key, keyType }: OrderExpressions,
  descending: boolean,
  position: TrialPosition,
  values: SqlValues,
): string {
  const beyond = descending ? '<' : '>';
  const number = `trial.number ${beyond} ${values.add(position.number)}`;
  if (position.missing) return `(${key} IS NULL AND ${number})`;
  const raw = keyType === 'jsonb' ? JSON.stringify(position.key) : position.key;
  const last = `${values.add(raw)}::${keyType}`;
  return `(${key} IS NULL OR ${key} ${beyond} ${last} OR (${key} = ${last} AND ${number}))`;
}
