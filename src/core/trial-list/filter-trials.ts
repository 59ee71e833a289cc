import { isJsonScalar } from '../json.ts';
import { type TrialState, trialStates } from '../trial.ts';
import type { KeyColumn } from './key-column.ts';
import type { ListedTrials } from './listed-trials.ts';
import type { NumberFilter, RangeFilter, TrialFilter } from './trial-filter.ts';
import type { TrialOrderField } from './trial-order.ts';

/** Finds the column of a key; that of STATE holds places in `trialStates`. */
export type FindColumn = (field: TrialOrderField, name: string | null) => KeyColumn;

type Test = (number: number) => boolean;

/** Whether a trial passes a filter. */
export function filterTest(filter: TrialFilter, column: FindColumn, trials: ListedTrials): Test {
  const tests: Test[] = [];
  if (filter.states != null) {
    const state = column('STATE', null);
    const wanted = new Set(filter.states.map((name) => trialStates.indexOf(name)));
    tests.push((number) => wanted.has(state.key(number) as number));
  }
  if (filter.numbers != null) {
    const wanted = new Set(filter.numbers);
    tests.push((number) => wanted.has(number));
  }
  for (const { entry, keys } of entriesOf(filter, column)) tests.push(entryTest(entry, keys));
  if (filter.devices != null) {
    const wanted = new Set<unknown>(filter.devices);
    const device = column('DEVICE', null);
    tests.push((number) => wanted.has(device.key(number)));
  }
  for (const tag of filter.tags ?? []) {
    tests.push((number) => trials.details(number)?.tags.includes(tag) === true);
  }
  if (filter.notesContain != null) {
    const part = filter.notesContain.toLowerCase();
    tests.push((number) => trials.details(number)?.notes?.toLowerCase().includes(part) === true);
  }
  for (const part of filter.and ?? []) tests.push(filterTest(part, column, trials));
  if (filter.or != null) {
    const parts = filter.or.map((part) => filterTest(part, column, trials));
    tests.push((number) => parts.some((passes) => passes(number)));
  }
  if (filter.not != null) {
    const passes = filterTest(filter.not, column, trials);
    tests.push((number) => !passes(number));
  }
  return (number) => tests.every((passes) => passes(number));
}

/** The comparisons of a filter, each with the keys that it compares. */
function entriesOf(
  { number, params, values, durationMs, startedMs, attempt }: TrialFilter,
  column: FindColumn,
): { entry: Omit<NumberFilter, 'name'>; keys: KeyColumn }[] {
  const own = (entry: RangeFilter | null | undefined, field: TrialOrderField) =>
    entry == null ? [] : [{ entry, keys: column(field, null) }];
  return [
    ...(params ?? []).map((entry) => ({ entry, keys: column('PARAM', entry.name) })),
    ...(values ?? []).map((entry) => ({ entry, keys: column('VALUE', entry.name) })),
    ...own(number, 'NUMBER'),
    ...own(durationMs, 'DURATION'),
    ...own(startedMs, 'STARTED'),
    ...own(attempt, 'ATTEMPT'),
  ];
}

function entryTest(entry: Omit<NumberFilter, 'name'>, keys: KeyColumn): Test {
  const { eq } = entry;
  const lt = entry.lt ?? Number.POSITIVE_INFINITY;
  const lte = entry.lte ?? Number.POSITIVE_INFINITY;
  const gt = entry.gt ?? Number.NEGATIVE_INFINITY;
  const gte = entry.gte ?? Number.NEGATIVE_INFINITY;
  const isBounded = hasBound(entry);
  return (number) => {
    const key = keys.key(number);
    if (key === undefined || (eq !== undefined && key !== eq)) return false;
    if (!isBounded) return true;
    return typeof key === 'number' && key < lt && key <= lte && key > gt && key >= gte;
  };
}

const hasBound = ({ lt, lte, gt, gte }: RangeFilter): boolean =>
  [lt, lte, gt, gte].some((bound) => bound != null);

/** The fewest trials that need to be looked at: those that pass one part of a filter. Null where no part says so. */
export function fewestCandidates(filter: TrialFilter, column: FindColumn): Int32Array | null {
  const { states, numbers, devices, tags, notesContain } = filter;
  const candidates = [
    ...(states == null ? [] : [inStates(states, column('STATE', null))]),
    ...(numbers == null ? [] : [amongTrials(numbers, column('NUMBER', null))]),
    ...entriesOf(filter, column).map(({ entry, keys }) => passing(entry, keys)),
    ...(devices == null ? [] : [withTexts(devices, column('DEVICE', null))]),
    ...(tags == null || tags.length === 0 ? [] : [column('TAGS', null).arrangement.present]),
    ...(notesContain == null ? [] : [column('NOTES', null).arrangement.present]),
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

function withTexts(texts: readonly string[], column: KeyColumn): Int32Array {
  return Int32Array.from([...new Set(texts)].flatMap((text) => [...column.between(text, text)]));
}

function passing(entry: Omit<NumberFilter, 'name'>, column: KeyColumn): Int32Array {
  const { eq, lt, lte, gt, gte } = entry;
  if (eq !== undefined) return isJsonScalar(eq) ? column.between(eq, eq) : new Int32Array(0);
  if (!hasBound(entry)) return column.arrangement.present;
  return column.between(
    Math.max(gt ?? Number.NEGATIVE_INFINITY, gte ?? Number.NEGATIVE_INFINITY),
    Math.min(lt ?? Number.POSITIVE_INFINITY, lte ?? Number.POSITIVE_INFINITY),
  );
}
