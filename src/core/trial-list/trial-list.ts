import type { JsonScalar } from '../json.ts';
import { type TrialState, type TrialView, trialStates } from '../trial.ts';
import { type FindColumn, fewestCandidates, filterTest } from './filter-trials.ts';
import { type Arrangement, countWhile, KeyColumn } from './key-column.ts';
import type { ListedTrials } from './listed-trials.ts';
import { isEmptyFilter, type TrialFilter } from './trial-filter.ts';
import type { TrialOrder, TrialOrderField, TrialPosition } from './trial-order.ts';

export interface TrialListRequest {
  readonly filter: TrialFilter;
  readonly order: TrialOrder;
  readonly limit: number;
  /** How many of the trials behind `after` are passed over; 0 where absent. */
  readonly offset?: number;
  readonly after: TrialPosition | null;
}

/** About 1.2 MB each for 100,000 trials. */
const maxColumns = 32;

/**
 * A study's trials in any order and under any filter. Each order that someone has asked for is kept while trials change,
 * so a page costs O(log n) wherever it begins and as many steps as trials are passed over by the filter; where one part
 * of the filter leaves few trials, only these are looked at.
 */
export class TrialList {
  readonly #trials: ListedTrials;
  /** Those that were used last come last. */
  readonly #columns = new Map<string, KeyColumn>();
  #length = 0;

  constructor(trials: ListedTrials) {
    this.#trials = trials;
  }

  /** Takes note of a trial that came or changed. */
  change(number: number): void {
    this.#length = Math.max(this.#length, number + 1);
    for (const column of this.#columns.values()) column.change(number);
  }

  page({ filter, order, limit, offset = 0, after }: TrialListRequest): TrialPosition[] {
    const column = this.#column(order.field, order.name ?? null);
    const passes = filterTest(filter, this.#column, this.#trials);
    const candidates = fewestCandidates(filter, this.#column);
    // A walk along the order passes n / candidates trials for each that it finds.
    const isShort = candidates !== null && candidates.length ** 2 <= limit * this.#length;
    const listed = isShort ? column.arrange(candidates.filter(passes)) : column.arrangement;
    const page: TrialPosition[] = [];
    let passedOver = 0;
    for (const number of behind(column, listed, order, after)) {
      if (page.length === limit) break;
      if (!isShort && !passes(number)) continue;
      if (passedOver++ >= offset) page.push(positionOf(column, order, number));
    }
    return page;
  }

  count(filter: TrialFilter): number {
    if (isEmptyFilter(filter)) return this.#length;
    const passes = filterTest(filter, this.#column, this.#trials);
    const candidates =
      fewestCandidates(filter, this.#column) ?? this.#column('NUMBER', null).arrangement.present;
    let count = 0;
    for (const number of candidates) if (passes(number)) count++;
    return count;
  }

  readonly #column: FindColumn = (field, name) => {
    const id = `${field} ${name}`;
    const column = this.#columns.get(id) ?? new KeyColumn(this.#length, this.#reader(field, name ?? ''));
    this.#columns.delete(id);
    this.#columns.set(id, column);
    if (this.#columns.size > maxColumns) this.#columns.delete(this.#columns.keys().next().value!);
    return column;
  };

  #reader(field: TrialOrderField, name: string) {
    const read = keyReaders[field];
    return (number: number) => {
      const trial = this.#trials.trial(number);
      return trial === undefined ? null : { key: read(trial, name, this.#trials) };
    };
  }
}

/** A cursor holds the key. */
const notesKeyLength = 100;

type ReadKey = (trial: TrialView, name: string, trials: ListedTrials) => JsonScalar | undefined;
const keyReaders: Readonly<Record<TrialOrderField, ReadKey>> = {
  NUMBER: ({ number }) => number,
  STATE: ({ state }) => trialStates.indexOf(state),
  DURATION: ({ number }, _, trials) => trials.durationMs(number),
  VALUE: ({ values }, name) => (values !== null && Object.hasOwn(values, name) ? values[name] : undefined),
  PARAM: ({ params }, name) => (Object.hasOwn(params, name) ? params[name] : undefined),
  STARTED: ({ number }, _, trials) => trials.details(number)?.startedMs ?? undefined,
  ATTEMPT: ({ number }, _, trials) => trials.details(number)?.attempt,
  DEVICE: ({ number }, _, trials) => trials.details(number)?.device ?? undefined,
  TAGS: ({ number }, _, trials) => trials.details(number)?.tags.join(', ') || undefined,
  NOTES: ({ number }, _, trials) => trials.details(number)?.notes?.slice(0, notesKeyLength) || undefined,
};

function positionOf(column: KeyColumn, { field }: TrialOrder, number: number): TrialPosition {
  const key = column.key(number);
  if (key === undefined) return { missing: true, key: null, number };
  return { missing: false, key: field === 'STATE' ? trialStates[key as number]! : key, number };
}

/** The trials behind a position: first those with the key, then those without. */
function* behind(
  column: KeyColumn,
  { present, missing }: Arrangement,
  { field, descending }: TrialOrder,
  after: TrialPosition | null,
): Generator<number, void> {
  const isPastPresent = after?.missing === true;
  if (!isPastPresent) {
    const key =
      after === null || field !== 'STATE' ? after?.key : trialStates.indexOf(after.key as TrialState);
    const compare = (number: number): number => column.compareWith(number, key!, after!.number);
    yield* walk(present, descending, after && compare);
  }
  yield* walk(missing, descending, isPastPresent ? (number) => number - after.number : null);
}

/** An ascending list in either direction, from behind the place where `compare` is 0. */
function* walk(
  list: Int32Array,
  descending: boolean,
  compare: ((number: number) => number) | null,
): Generator<number, void> {
  if (descending) {
    const end = compare === null ? list.length : countWhile(list, (number) => compare(number) < 0);
    for (let i = end - 1; i >= 0; i--) yield list[i]!;
    return;
  }
  const start = compare === null ? 0 : countWhile(list, (number) => compare(number) <= 0);
  for (let i = start; i < list.length; i++) yield list[i]!;
}
