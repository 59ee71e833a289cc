import { InputError } from '../core/errors.ts';
import type { Json, JsonScalar } from '../core/json.ts';
import type { TrialState } from '../core/trial.ts';

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
