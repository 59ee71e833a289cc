import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonScalar } from '../../src/core/json.ts';
import { isFinal, trialStates } from '../../src/core/trial.ts';
import type { TrialRecord } from '../../src/storage/records.ts';
import { StudyWriter } from '../../src/storage/study-writer.ts';
import {
  checkFilterSize,
  type NumberFilter,
  type TrialFilter,
  type TrialOrder,
  type TrialOrderField,
  type TrialPosition,
} from '../../src/storage/trial-query.ts';
import { TrialStore } from '../../src/storage/trial-store.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { studySettings } from '../support/study-settings.ts';

const { pool } = await createTestDatabase();
const writer = new StudyWriter(pool, () => {});
const store = new TrialStore(pool);

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
const runsPerProperty = { numRuns: 40, interruptAfterTimeLimit: 8000 };

/** Ties, nulls, missing entries, and numbers among strings. */
const studyId = (await writer.create(studySettings(), 0)).id;
await writer.change(studyId, (change) =>
  change.insertTrials(
    'TRIAL_QUEUED',
    Array.from({ length: 60 }, (_, i) => {
      const state = trialStates[i % trialStates.length]!;
      const startedAt = i % 3 === 0 ? null : new Date(1.7e12);
      return {
        state,
        params: i % 5 === 0 ? {} : { mixed: scalars[(i * 7) % scalars.length]!, 'odd "name"': i },
        values: i % 4 === 0 ? null : { loss: [0.5, 0.5, 2, -1][i % 4]! },
        startedAt,
        finishedAt: isFinal(state) && startedAt !== null ? new Date(1.7e12 + (i % 6) * 333) : null,
      };
    }),
  ),
);
const trials = await store.all(studyId);

describe('pages of trials', () => {
  test('show each trial once, in the order, for every order, filter and page size', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyOrder(),
        anyFilter(),
        fc.integer({ min: 3, max: 25 }),
        async (order, filter, size) => {
          const expected = trials.filter((trial) => matches(trial, filter)).sort(comparing(order));
          expect(numbers(await readPages(studyId, order, filter, size))).toEqual(numbers(expected));
          expect(await store.count(studyId, filter)).toBe(expected.length);
        },
      ),
      runsPerProperty,
    );
  });

  test('show each trial once while others are added', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrder(), fc.integer({ min: 1, max: 7 }), async (order, size) => {
        const { id } = await writer.create(studySettings(), 0);
        const add = (count: number) =>
          writer.change(id, (change) =>
            change.insertTrials(
              'TRIAL_QUEUED',
              trials.slice(0, count).map(({ params, values, state }) => ({ params, values, state })),
            ),
          );
        const before = numbers((await add(20)).sort(comparing(order)));
        // Fewer than a reader passes by, or it would never come to the end.
        let additions = 0;
        const seen = numbers(await readPages(id, order, {}, size, async () => ++additions <= 10 && add(2)));
        expect(seen.filter((number) => number < 20)).toEqual(before);
        expect(new Set(seen).size).toBe(seen.length);
      }),
      { ...runsPerProperty, numRuns: 8 },
    );
  });
});

test.each<[string, NumberFilter, number]>([
  ['an entry that is there', { name: 'loss' }, 45],
  ['an entry that is not there', { name: 'absent' }, 0],
  [
    'a number, not a text of its digits',
    { name: 'mixed', eq: 3 },
    trials.filter((t) => t.params.mixed === 3).length,
  ],
  ['a null that is there', { name: 'mixed', eq: null }, trials.filter((t) => t.params.mixed === null).length],
])('a filter finds %s', async (_, entry, count) => {
  expect(count === 0).toBe(entry.name === 'absent');
  const filter = entry.name === 'loss' ? { values: [entry] } : { params: [entry] };
  expect(await store.count(studyId, filter)).toBe(count);
});

test('a filter that is too deep or too long is refused', () => {
  const nested = (depth: number): TrialFilter => (depth === 0 ? {} : { not: nested(depth - 1) });
  expect(() => checkFilterSize(nested(9))).not.toThrow();
  expect(() => checkFilterSize(nested(10))).toThrow('filter: is nested too deeply; at most 10 levels');
  const long = { or: Array.from({ length: 500 }, () => ({})) };
  expect(() => checkFilterSize(long)).toThrow('filter: has 501 parts; at most 500 are allowed.');
});

/** All pages; `between` runs after each. */
async function readPages(
  id: number,
  order: TrialOrder,
  filter: TrialFilter,
  limit: number,
  between: () => Promise<unknown> = async () => {},
): Promise<TrialRecord[]> {
  const read: TrialRecord[] = [];
  for (let after: TrialPosition | null = null; ; ) {
    const placed = await store.page({ studyId: id, order, filter, limit, after });
    read.push(...placed.map(({ trial }) => trial));
    if (placed.length < limit) return read;
    // As a client would hand it back.
    after = JSON.parse(JSON.stringify(placed.at(-1)!.position)) as TrialPosition;
    await between();
  }
}

function anyOrder(): fc.Arbitrary<TrialOrder> {
  const fields: TrialOrderField[] = ['NUMBER', 'VALUE', 'PARAM', 'DURATION', 'STATE'];
  return fc.record({
    field: fc.constantFrom(...fields),
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
  const { filter } = fc.letrec<{ filter: TrialFilter }>((tie) => ({
    filter: fc.record(
      {
        states: fc.subarray([...trialStates]),
        params: fc.array(entry, { maxLength: 2 }),
        values: fc.array(entry, { maxLength: 2 }),
        and: fc.array(tie('filter'), { maxLength: 2, depthIdentifier: 'filter' }),
        or: fc.array(tie('filter'), { maxLength: 3, depthIdentifier: 'filter' }),
        not: fc.option(tie('filter'), { depthIdentifier: 'filter', maxDepth: 3 }),
      },
      { requiredKeys: [] },
    ),
  }));
  return filter;
}

function matches(trial: TrialRecord, filter: TrialFilter): boolean {
  const { states, params, values, and, or, not } = filter;
  return (
    (states == null || states.includes(trial.state)) &&
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

/** Trials without a key last; PostgreSQL orders JSON as null < string < number < boolean. */
function comparing(order: TrialOrder): (a: TrialRecord, b: TrialRecord) => number {
  const sign = order.descending ? -1 : 1;
  return (a, b) => {
    const [x, y] = [keyOf(a, order), keyOf(b, order)];
    if ((x === undefined) !== (y === undefined)) return x === undefined ? 1 : -1;
    const byKey = x === undefined ? 0 : compareKeys(x, y!);
    return sign * (byKey === 0 ? a.number - b.number : byKey);
  };
}

function keyOf(trial: TrialRecord, { field, name }: TrialOrder): JsonScalar | undefined {
  switch (field) {
    case 'NUMBER':
      return trial.number;
    case 'STATE':
      return trialStates.indexOf(trial.state);
    case 'DURATION':
      if (trial.startedAt === null || trial.finishedAt === null) return undefined;
      return trial.finishedAt.getTime() - trial.startedAt.getTime();
    case 'VALUE':
      return trial.values?.[name!];
    case 'PARAM':
      return trial.params[name!];
  }
}

function compareKeys(a: JsonScalar, b: JsonScalar): number {
  const rank = (key: JsonScalar) => ['object', 'string', 'number', 'boolean'].indexOf(typeof key);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (a === b) return 0;
  return a! < b! ? -1 : 1;
}

function numbers(list: readonly TrialRecord[]): number[] {
  return list.map((trial) => trial.number);
}
