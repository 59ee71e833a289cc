import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonScalar } from '../../../src/core/json.ts';
import { isFinal, type TrialState, type TrialView, trialStates } from '../../../src/core/trial.ts';
import type { TrialDetails } from '../../../src/core/trial-list/listed-trials.ts';
import {
  checkFilterSize,
  type NumberFilter,
  type TrialFilter,
} from '../../../src/core/trial-list/trial-filter.ts';
import { TrialList } from '../../../src/core/trial-list/trial-list.ts';
import {
  checkOrder,
  isTrialPosition,
  type TrialOrder,
  type TrialPosition,
  trialOrderFields,
} from '../../../src/core/trial-list/trial-order.ts';

type Listed = Pick<TrialView, 'number' | 'state' | 'params' | 'values'> & {
  durationMs: number | null;
  details: TrialDetails | undefined;
};

const keys = ['mixed', 'loss', 'absent', 'odd "name"'];
const scalars: readonly JsonScalar[] = [
  -2,
  0,
  0.1,
  3,
  3,
  1e300,
  'adam',
  'sgd',
  'sgd',
  '3',
  true,
  false,
  null,
];

/** Ties, nulls, missing entries, and numbers among strings. */
function trialOf(number: number, seed: number): Listed {
  const state: TrialState = trialStates[seed % trialStates.length]!;
  return {
    number,
    state,
    params: seed % 5 === 0 ? {} : { mixed: scalars[(seed * 7) % scalars.length]!, 'odd "name"': seed },
    values: seed % 4 === 0 ? null : { loss: [0.5, 0.5, 2, -1][seed % 4]! },
    durationMs: isFinal(state) && seed % 3 !== 0 ? (seed % 6) * 333 : null,
    details:
      seed % 11 === 0
        ? undefined
        : {
            startedMs: state === 'QUEUED' ? null : 1.7e12 + (seed % 9),
            attempt: seed % 3,
            device: ['cpu', 'gpu-0', 'gpu-1', null][seed % 4]!,
            tags: [[], ['good'], ['good', 'odd'], ['odd']][(seed * 5) % 4]!,
            notes: [null, 'Looks GOOD', 'x'.repeat(120) + seed][seed % 3]!,
          },
  };
}

/** A list of trials that can change. */
class Subject {
  readonly trials: Listed[] = [];
  readonly list = new TrialList({
    trial: (number) => this.trials[number] as TrialView | undefined,
    durationMs: (number) => this.trials[number]?.durationMs ?? undefined,
    details: (number) => this.trials[number]?.details,
  });

  constructor(count: number) {
    for (let number = 0; number < count; number++) this.set(number, number);
  }

  set(number: number, seed: number): void {
    this.trials[number] = trialOf(number, seed);
    this.list.change(number);
  }

  /** All pages; `between` runs after each. */
  pages(order: TrialOrder, filter: TrialFilter, limit: number, between = () => {}): Listed[] {
    const read: Listed[] = [];
    for (let after: TrialPosition | null = null; ; ) {
      const placed = this.list.page({ order, filter, limit, after });
      read.push(...placed.map(({ number }) => this.trials[number]!));
      if (placed.length < limit) return read;
      // As a client would hand it back.
      after = JSON.parse(JSON.stringify(placed.at(-1)!)) as TrialPosition;
      expect(isTrialPosition(order, after)).toBe(true);
      between();
    }
  }
}

describe('pages of trials', () => {
  test('show each trial once, in the order, for every order, filter and page size, after any changes', () => {
    const changes = fc.array(fc.tuple(fc.nat({ max: 70 }), fc.nat({ max: 100 })), { maxLength: 8 });
    const readings = fc.array(
      fc.record({ order: anyOrder(), filter: anyFilter(), size: fc.integer({ min: 3, max: 25 }), changes }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(readings, (all) => {
        const subject = new Subject(60);
        for (const { order, filter, size, changes } of all) {
          for (const [number, seed] of changes) subject.set(Math.min(number, subject.trials.length), seed);
          const expected = subject.trials.filter((trial) => matches(trial, filter)).sort(comparing(order));
          expect(numbers(subject.pages(order, filter, size))).toEqual(numbers(expected));
          expect(subject.list.count(filter)).toBe(expected.length);
          const fromTheMiddle = { order, filter, limit: size, offset: size + 1, after: null };
          expect(subject.list.page(fromTheMiddle).map(({ number }) => number)).toEqual(
            numbers(expected.slice(size + 1, 2 * size + 1)),
          );
        }
      }),
      { numRuns: 100, interruptAfterTimeLimit: 3000 },
    );
  });

  test('show each trial once while others are added', () => {
    fc.assert(
      fc.property(anyOrder(), fc.integer({ min: 1, max: 7 }), (order, size) => {
        const subject = new Subject(20);
        const before = numbers(subject.trials.toSorted(comparing(order)));
        // Fewer than a reader passes by, or it would never come to the end.
        let additions = 0;
        const seen = numbers(
          subject.pages(order, {}, size, () => {
            if (++additions <= 10) for (const seed of [1, 2]) subject.set(subject.trials.length, seed);
          }),
        );
        expect(seen.filter((number) => number < 20)).toEqual(before);
        expect(new Set(seen).size).toBe(seen.length);
      }),
    );
  });

  test('go on behind a place whose trial is not there any more', () => {
    const subject = new Subject(60);
    const order: TrialOrder = { field: 'VALUE', name: 'loss', descending: false };
    const first = subject.list.page({ order, filter: {}, limit: 10, after: null });
    const rest = numbers(subject.pages(order, {}, 100)).slice(10);
    subject.set(first.at(-1)!.number, 0);
    const after = first.at(-1)!;
    const shown = subject.list.page({ order, filter: {}, limit: 100, after }).map(({ number }) => number);
    expect(shown.filter((number) => number !== after.number)).toEqual(rest);
  });

  test('look only at the trials that one part of the filter leaves', () => {
    let read = 0;
    const subject = new Subject(5000);
    const list = new TrialList({
      trial: (number) => {
        read += 1;
        return subject.trials[number] as TrialView | undefined;
      },
      durationMs: () => undefined,
      details: () => undefined,
    });
    for (let number = 0; number < 5000; number++) list.change(number);
    const request = {
      filter: { params: [{ name: 'odd "name"', gte: 4000, lt: 4010 }], states: trialStates },
      order: { field: 'VALUE', name: 'loss', descending: true },
      limit: 50,
      after: null,
    } as const;
    expect(list.page(request)).toHaveLength(8);
    read = 0;
    expect(list.page(request)).toHaveLength(8);
    // What is kept in order is not read again; a changed trial is, once for each order.
    expect(read).toBe(0);
    list.change(4001);
    expect(list.page(request)).toHaveLength(8);
    expect(read).toBeLessThan(20);
  });
});

test.each<[string, NumberFilter, (trial: Listed) => boolean]>([
  ['an entry that is there', { name: 'loss' }, ({ values }) => values !== null],
  ['an entry that is not there', { name: 'absent' }, () => false],
  ['a number, not a text of its digits', { name: 'mixed', eq: 3 }, ({ params }) => params.mixed === 3],
  ['a null that is there', { name: 'mixed', eq: null }, ({ params }) => params.mixed === null],
  ['nothing that equals a list', { name: 'mixed', eq: [3] }, () => false],
])('a filter finds %s', (_, entry, expected) => {
  const subject = new Subject(60);
  const filter = entry.name === 'loss' ? { values: [entry] } : { params: [entry] };
  expect(numbers(subject.pages({ field: 'NUMBER', descending: false }, filter, 100))).toEqual(
    numbers(subject.trials.filter(expected)),
  );
});

test('more orders than are kept give the same pages again', () => {
  const subject = new Subject(60);
  const order: TrialOrder = { field: 'VALUE', name: 'loss', descending: true };
  const before = numbers(subject.pages(order, {}, 7));
  for (let i = 0; i < 50; i++) subject.pages({ field: 'PARAM', name: `p${i}`, descending: false }, {}, 20);
  expect(numbers(subject.pages(order, {}, 7))).toEqual(before);
});

test('an order by a value or a parameter has its name', () => {
  expect(() => checkOrder({ field: 'VALUE', descending: false })).toThrow('orderBy.name: name the metric');
  expect(() => checkOrder({ field: 'NUMBER', descending: false })).not.toThrow();
});

test('a filter that is too deep or too long is refused', () => {
  const nested = (depth: number): TrialFilter => (depth === 0 ? {} : { not: nested(depth - 1) });
  expect(() => checkFilterSize(nested(9))).not.toThrow();
  expect(() => checkFilterSize(nested(10))).toThrow('filter: is nested too deeply; at most 10 levels');
  const long = { or: Array.from({ length: 500 }, () => ({})) };
  expect(() => checkFilterSize(long)).toThrow('filter: has 501 parts; at most 500 are allowed.');
});

function anyOrder(): fc.Arbitrary<TrialOrder> {
  return fc.record({
    field: fc.constantFrom(...trialOrderFields),
    name: fc.constantFrom(...keys),
    descending: fc.boolean(),
  });
}

function anyFilter(): fc.Arbitrary<TrialFilter> {
  const bound = fc.constantFrom(-2, 0, 0.1, 0.5, 3, 7.5);
  const entry = fc.record(
    {
      name: fc.constantFrom(...keys),
      lt: bound,
      lte: bound,
      gt: bound,
      gte: bound,
      eq: fc.constantFrom(...scalars),
    },
    { requiredKeys: ['name'] },
  );
  const range = (...bounds: number[]) => {
    const one = fc.constantFrom(...bounds);
    return fc.record({ lt: one, lte: one, gt: one, gte: one }, { requiredKeys: [] });
  };
  const { filter } = fc.letrec<{ filter: TrialFilter }>((tie) => ({
    filter: fc.record(
      {
        states: fc.subarray([...trialStates]),
        params: fc.array(entry, { maxLength: 2 }),
        values: fc.array(entry, { maxLength: 2 }),
        numbers: fc.array(fc.integer({ min: -2, max: 80 }), { maxLength: 30 }),
        number: range(3, 20, 50),
        durationMs: range(0, 333, 999),
        startedMs: range(1.7e12, 1.7e12 + 4),
        attempt: range(0, 1, 2),
        devices: fc.subarray(['cpu', 'gpu-0', 'absent']),
        tags: fc.subarray(['good', 'odd']),
        notesContain: fc.constantFrom('', 'good', 'xx'),
        and: fc.array(tie('filter'), { maxLength: 2, depthIdentifier: 'filter', size: 'xsmall' }),
        or: fc.array(tie('filter'), { maxLength: 2, depthIdentifier: 'filter', size: 'xsmall' }),
        not: fc.option(tie('filter'), { depthIdentifier: 'filter', maxDepth: 3 }),
      },
      { requiredKeys: [] },
    ),
  }));
  return filter;
}

function matches(trial: Listed, filter: TrialFilter): boolean {
  const { states, params, values, and, or, not } = filter;
  const { startedMs, attempt, device, tags, notes } = trial.details ?? {};
  const own = { number: trial.number, durationMs: trial.durationMs, startedMs, attempt };
  const present = Object.fromEntries(Object.entries(own).filter(([, value]) => value != null));
  return (
    (states == null || states.includes(trial.state)) &&
    (filter.numbers == null || filter.numbers.includes(trial.number)) &&
    (['number', 'durationMs', 'startedMs', 'attempt'] as const).every((name) => {
      const range = filter[name];
      return range == null || entryMatches(present as Record<string, number>, { name, ...range });
    }) &&
    (filter.devices == null || filter.devices.includes(device as string)) &&
    (filter.tags ?? []).every((tag) => tags?.includes(tag)) &&
    (filter.notesContain == null ||
      notes?.toLowerCase().includes(filter.notesContain.toLowerCase()) === true) &&
    (params ?? []).every((entry) => entryMatches(trial.params, entry)) &&
    (values ?? []).every((entry) => entryMatches(trial.values ?? {}, entry)) &&
    (and ?? []).every((part) => matches(trial, part)) &&
    (or == null || or.some((part) => matches(trial, part))) &&
    (not == null || !matches(trial, not))
  );
}

function entryMatches(
  entries: Readonly<Record<string, JsonScalar>>,
  { name, lt, lte, gt, gte, eq }: NumberFilter,
): boolean {
  if (!Object.hasOwn(entries, name)) return false;
  const value = entries[name]!;
  const holds = (bound: number | null | undefined, test: (number: number, bound: number) => boolean) =>
    bound == null || (typeof value === 'number' && test(value, bound));
  return (
    holds(lt, (a, b) => a < b) &&
    holds(lte, (a, b) => a <= b) &&
    holds(gt, (a, b) => a > b) &&
    holds(gte, (a, b) => a >= b) &&
    (eq === undefined || eq === value)
  );
}

/** Trials without a key last; keys of several kinds come as null < string < number < boolean. */
function comparing(order: TrialOrder): (a: Listed, b: Listed) => number {
  const sign = order.descending ? -1 : 1;
  return (a, b) => {
    const [x, y] = [keyOf(a, order), keyOf(b, order)];
    if ((x === undefined) !== (y === undefined)) return x === undefined ? 1 : -1;
    const byKey = x === undefined ? 0 : compareKeys(x, y!);
    return sign * (byKey === 0 ? a.number - b.number : byKey);
  };
}

function keyOf(trial: Listed, { field, name }: TrialOrder): JsonScalar | undefined {
  switch (field) {
    case 'NUMBER':
      return trial.number;
    case 'STATE':
      return trialStates.indexOf(trial.state);
    case 'DURATION':
      return trial.durationMs ?? undefined;
    case 'VALUE':
      return trial.values?.[name!];
    case 'PARAM':
      return trial.params[name!];
    case 'STARTED':
      return trial.details?.startedMs ?? undefined;
    case 'ATTEMPT':
      return trial.details?.attempt;
    case 'DEVICE':
      return trial.details?.device ?? undefined;
    case 'TAGS':
      return trial.details?.tags.join(', ') || undefined;
    case 'NOTES':
      return trial.details?.notes?.slice(0, 100);
  }
}

function compareKeys(a: JsonScalar, b: JsonScalar): number {
  const rank = (key: JsonScalar) => ['object', 'string', 'number', 'boolean'].indexOf(typeof key);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (a === b) return 0;
  return a! < b! ? -1 : 1;
}

function numbers(list: readonly Listed[]): number[] {
  return list.map((trial) => trial.number);
}
