import { isJsonScalar } from '../json.ts';
import { type TrialState, trialStates } from '../trial.ts';
import type { KeyColumn } from './key-column.ts';
import type { NumberFilter, TrialFilter } from './trial-filter.ts';
import type { TrialOrderField } from './trial-order.ts';

/** Finds the column of a key; that of STATE holds places in `trialStates`. */
export type FindColumn = (field: TrialOrderField, name: string | null) => KeyColumn;

/** Whether a trial passes a filter. */
export function filterTest(filter: TrialFilter, column: FindColumn): (number: number) => boolean {
  const tests: ((number: number) => boolean)[] = [];
  if (filter.numbers != null) {
    const wanted = new Set(filter.numbers);
    tests.push((number) => wanted.has(number));
  }
  if (filter.states != null) {
    const state = column('STATE', null);
    const wanted = new Set(filter.states.map((name) => trialStates.indexOf(name)));
    tests.push((number) => wanted.has(state.key(number) as number));
  }
  for (const entry of filter.params ?? []) tests.push(entryTest(entry, column('PARAM', entry.name)));
  for (const entry of filter.values ?? []) tests.push(entryTest(entry, column('VALUE', entry.name)));
  for (const part of filter.and ?? []) tests.push(filterTest(part, column));
  if (filter.or != null) {
    const parts = filter.or.map((part) => filterTest(part, column));
    tests.push((number) => parts.some((passes) => passes(number)));
  }
  if (filter.not != null) {
    const passes = filterTest(filter.not, column);
    tests.push((number) => !passes(number));
  }
  return (number) => tests.every((passes) => passes(number));
}

function entryTest(entry: NumberFilter, column: KeyColumn): (number: number) => boolean {
  const { eq } = entry;
  const lt = entry.lt ?? Number.POSITIVE_INFINITY;
  const lte = entry.lte ?? Number.POSITIVE_INFINITY;
  const gt = entry.gt ?? Number.NEGATIVE_INFINITY;
  const gte = entry.gte ?? Number.NEGATIVE_INFINITY;
  const isBounded = hasBound(entry);
  return (number) => {
    const key = column.key(number);
    if (key === undefined || (eq !== undefined && key !== eq)) return false;
    if (!isBounded) return true;
    return typeof key === 'number' && key < lt && key <= lte && key > gt && key >= gte;
  };
}

const hasBound = ({ lt, lte, gt, gte }: NumberFilter): boolean =>
  [lt, lte, gt, gte].some((bound) => bound != null);

/** The fewest trials that need to be looked at: those that pass one part of a filter. Null where no part says so. */
export function fewestCandidates(filter: TrialFilter, column: FindColumn): Int32Array | null {
  const candidates = [
    ...(filter.numbers == null ? [] : [amongTrials(filter.numbers, column('NUMBER', null))]),
    ...(filter.states == null ? [] : [inStates(filter.states, column('STATE', null))]),
    ...(filter.params ?? []).map((entry) => passing(entry, column('PARAM', entry.name))),
    ...(filter.values ?? []).map((entry) => passing(entry, column('VALUE', entry.name))),
    ...(filter.and ?? []).flatMap((part) => fewestCandidates(part, column) ?? []),
  ];
  return candidates.reduce<Int32Array | null>(
    (fewest, numbers) => (fewest === null || numbers.length < fewest.length ? numbers : fewest),
    null,
  );
}

/** Those that there are, each once. */
function amongTrials(numbers: readonly number[], column: KeyColumn): Int32Array {
  return Int32Array.from(new Set(numbers)).filter((number) => column.key(number) !== undefined);
}

/** Where there are several states, all between the first and the last of them. */
function inStates(states: readonly TrialState[], column: KeyColumn): Int32Array {
  const keys = states.map((state) => trialStates.indexOf(state));
  return column.between(Math.min(...keys), Math.max(...keys));
}

function passing(entry: NumberFilter, column: KeyColumn): Int32Array {
  const { eq, lt, lte, gt, gte } = entry;
  if (eq !== undefined) return isJsonScalar(eq) ? column.between(eq, eq) : new Int32Array(0);
  if (!hasBound(entry)) return column.arrangement.present;
  return column.between(
    Math.max(gt ?? Number.NEGATIVE_INFINITY, gte ?? Number.NEGATIVE_INFINITY),
    Math.min(lt ?? Number.POSITIVE_INFINITY, lte ?? Number.POSITIVE_INFINITY),
  );
}
