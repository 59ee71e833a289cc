import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import {
  chosenObjectives,
  type ImportanceOptions,
  parameterImportances,
} from '../../../src/core/importance/parameter-importances.ts';
import type { SearchSpaceInput } from '../../../src/core/search-space/space.ts';
import type { StudyProblem } from '../../../src/core/study.ts';
import { anySpace } from '../search-space/arbitraries.ts';
import { problemOf, type RecordedTrial, randomTrials, recordedStudy } from './recorded-study.ts';

const unit = { type: 'float', low: 0, high: 1 } as const;
const threeFloats: SearchSpaceInput = { a: unit, b: unit, c: unit };

function expectBetween(value: number, low: number, high: number) {
  expect(value).toBeGreaterThan(low);
  expect(value).toBeLessThan(high);
}

function importances(problem: StudyProblem, trials: readonly RecordedTrial[], options?: ImportanceOptions) {
  const found = parameterImportances(recordedStudy(problem, trials), problem.objectives, options);
  return Object.fromEntries(found.map(({ parameter, ...entry }) => [parameter, entry]));
}

describe('where the true importance is known', () => {
  test('the raw importance is the variance of the chance to be among the best', () => {
    const problem = problemOf(threeFloats);
    const trials = randomTrials(problem, 6000, 1, ({ a, b }) => Math.max(a!, 2 * b!));
    // The best tenth is the box a <= t, b <= t / 2 with t^2 / 2 = 0.1, so D = 1 / width - 1.
    const width = Math.sqrt(0.2);
    for (const baseline of ['trials', 'space'] as const) {
      const found = importances(problem, trials, { baseline });
      // A density estimate rounds the edges of the box off, so it errs on the lower side.
      expectBetween(found.a!.raw / (0.01 * (1 / width - 1)), 0.8, 1.05);
      expectBetween(found.b!.raw / (0.01 * (2 / width - 1)), 0.8, 1.05);
      expect(found.c!.importance).toBeLessThan(0.01);
    }
  });

  test('an additive function weighs its terms, and a parameter that does nothing has about none', () => {
    const problem = problemOf({
      strong: unit,
      weak: unit,
      idle: unit,
      choice: { type: 'categorical', choices: ['x', 'y', 'z'] },
    });
    const trials = randomTrials(problem, 400, 2, ({ strong, weak }) => 4 * strong! + weak!);
    const found = parameterImportances(recordedStudy(problem, trials), problem.objectives);
    expect(found.map(({ parameter }) => parameter).slice(0, 2)).toEqual(['strong', 'weak']);
    const idle = found.filter(({ parameter }) => parameter === 'idle' || parameter === 'choice');
    for (const { importance } of idle) expect(importance).toBeLessThan(0.03);
    expect(found.reduce((sum, { importance }) => sum + importance, 0)).toBeCloseTo(1, 12);
  });

  test('a conditional parameter has what it does where it exists; that it exists is its parent’s', () => {
    const problem = problemOf({
      family: { type: 'categorical', choices: ['linear', 'net'] },
      width: { ...unit, when: { family: 'net' } },
      idle: { ...unit, when: { family: 'net' } },
    });
    const trials = randomTrials(problem, 6000, 3, ({ width }) => width ?? 2);
    const { family, width, idle } = importances(problem, trials);
    // The best tenth: nets with a width up to 0.2. P(best | net) = 0.2 and P(best | linear) = 0: a variance of 0.01.
    expectBetween(family!.raw / 0.01, 0.95, 1.05);
    expectBetween(width!.activation / 0.01, 0.95, 1.05);
    // Conditional PED-ANOVA, theorem 4.2: 0.1^2 * 1^2 / 0.5 * (1 / 0.2 - 1).
    expectBetween(width!.raw / 0.08, 0.85, 1.05);
    expect(idle!.importance).toBeLessThan(0.01);
    expect(idle!.activation).toBe(width!.activation);
    expect(family!.activation).toBe(0);
  });

  test('for the front of several objectives it matters what moves trials towards it, not along it', () => {
    const objectives = ['y', 'z'].map((metric) => ({ metric, direction: 'MINIMIZE' }));
    const problem = problemOf(threeFloats, { objectives });
    const trials = randomTrials(problem, 1000, 4, ({ a, b }) => ({ y: a! + b!, z: 1 - a! + b! }));
    const front = importances(problem, trials);
    expect(front.b!.importance).toBeGreaterThan(0.9);
    const study = recordedStudy(problem, trials);
    const alone = parameterImportances(study, chosenObjectives(problem, 'y'));
    expect(alone.find(({ parameter }) => parameter === 'a')!.importance).toBeGreaterThan(0.3);
  });
});

describe('what Optuna says of the same trials', () => {
  interface RecordedCase {
    readonly name: string;
    readonly searchSpace: SearchSpaceInput;
    readonly trials: readonly { params: Record<string, number>; values: number[] }[];
    readonly raw: Readonly<Record<'trials' | 'space', Readonly<Record<string, number>>>>;
  }
  const file = new URL('fixtures/optuna-importances.ndjson', import.meta.url);
  const cases = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedCase);

  test.each(cases)('$name', ({ name, searchSpace, trials, raw }) => {
    const metrics = trials[0]!.values.map((_, i) => `m${i}`);
    const objectives = metrics.map((metric) => ({ metric, direction: 'MINIMIZE' }));
    const problem = problemOf(searchSpace, { objectives });
    const recorded = trials.map(({ params, values }) => ({
      params,
      values: Object.fromEntries(values.map((value, i) => [`m${i}`, value])),
    }));
    for (const baseline of ['trials', 'space'] as const) {
      const ours = importances(problem, recorded, { baseline });
      // Choices are apart: Optuna smooths each of them as if it had been seen once, which hides most of their effect.
      const numeric = Object.keys(raw[baseline]).filter((key) => searchSpace[key]!.type !== 'categorical');
      const total = (all: (key: string) => number) => numeric.reduce((sum, key) => sum + all(key), 0);
      const ourTotal = total((key) => ours[key]!.raw);
      const theirTotal = total((key) => raw[baseline][key]!);
      for (const key of numeric) {
        expect(Math.abs(ours[key]!.raw / ourTotal - raw[baseline][key]! / theirTotal), key).toBeLessThan(
          0.025,
        );
      }
      // Of a front that does not fit into the tenth, Optuna takes some by hypervolume; here it counts whole.
      if (!name.startsWith('two')) expectBetween(ourTotal / theirTotal, 0.9, 1.1);
    }
  });
});

describe('whatever the study', () => {
  const anyStudy = fc
    .record({
      space: anySpace,
      seed: fc.integer(),
      count: fc.nat({ max: 40 }),
      levels: fc.integer({ min: 1, max: 50 }),
    })
    .map(({ space, seed, count, levels }) => {
      const problem: StudyProblem = {
        space,
        objectives: [{ metric: 'y', direction: 'MINIMIZE' }],
        constraints: [],
      };
      // Few levels make ties; some trials fail to give a number, or are pruned.
      const trials = randomTrials(problem, count, seed, (_, i) =>
        i % 11 === 10 ? Number.NaN : (Math.imul(i + 1, 2654435761) >>> 0) % levels,
      ).map((trial, i): RecordedTrial => (i % 7 === 6 ? { ...trial, state: 'PRUNED' } : trial));
      return { problem, trials };
    });

  test('shares are finite, not negative, and sum to 1 or 0', () => {
    fc.assert(
      fc.property(anyStudy, ({ problem, trials }) => {
        const found = parameterImportances(recordedStudy(problem, trials), problem.objectives);
        expect(found.map(({ parameter }) => parameter).sort()).toEqual(
          [...problem.space.byName.keys()].sort(),
        );
        for (const entry of found) {
          for (const value of [entry.importance, entry.raw, entry.activation]) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThan(Number.POSITIVE_INFINITY);
          }
        }
        const sum = found.reduce((all, { importance }) => all + importance, 0);
        expect(Math.abs(sum - 1) < 1e-9 || sum === 0).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('the order of the history, and sign and direction together, change nothing at all', () => {
    fc.assert(
      fc.property(anyStudy, ({ problem, trials }) => {
        const found = importances(problem, trials);
        expect(importances(problem, trials.toReversed())).toEqual(found);
        const negated = trials.map(({ values, ...rest }) => ({ ...rest, values: { y: -values!.y! } }));
        const maximised: StudyProblem = { ...problem, objectives: [{ metric: 'y', direction: 'MAXIMIZE' }] };
        expect(importances(maximised, negated)).toEqual(found);
      }),
      { numRuns: 100 },
    );
  });

  test('nor does any increasing function of the values, nor the scale of a parameter', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 5, max: 200 }), (seed, count) => {
        const problem = problemOf(threeFloats);
        const trials = randomTrials(problem, count, seed, ({ a, b }) => a! + b! ** 2);
        const found = importances(problem, trials);
        const cubed = trials.map(({ params, values }) => ({ params, values: { y: values!.y! ** 3 } }));
        expect(importances(problem, cubed)).toEqual(found);

        const rescaled = problemOf({
          a: { type: 'float', low: 1, high: Math.E, log: true },
          b: { type: 'float', low: -7, high: 13 },
          c: unit,
        });
        const moved = trials.map(({ params: { a, b, c }, values }) => ({
          params: { a: Math.exp(a as number), b: 20 * (b as number) - 7, c: c! },
          values,
        }));
        const again = importances(rescaled, moved);
        // A value may step over the edge of a slot by rounding.
        for (const name of ['a', 'b', 'c']) expect(again[name]!.raw).toBeCloseTo(found[name]!.raw, 4);
      }),
      { numRuns: 50 },
    );
  });
});

describe('trials that tell little', () => {
  const problem = problemOf({ a: unit, fixed: { type: 'int', low: 3, high: 3 } });
  const none = { importance: 0, raw: 0, activation: 0 };

  test('without trials, with one, with equal values or with nothing feasible no parameter matters', () => {
    const [one] = randomTrials(problem, 1, 1, () => 1);
    expect(importances(problem, [])).toEqual({ a: none, fixed: none });
    expect(importances(problem, [one!])).toEqual({ a: none, fixed: none });
    expect(
      importances(
        problem,
        randomTrials(problem, 50, 1, () => 1),
      ),
    ).toEqual({ a: none, fixed: none });
    const infeasible = randomTrials(problem, 50, 1, ({ a }) => a!).map(
      (trial): RecordedTrial => ({ ...trial, state: 'INFEASIBLE' }),
    );
    expect(importances(problem, infeasible)).toEqual({ a: none, fixed: none });
  });

  test('a parameter with one value has none, and the other all', () => {
    const found = importances(
      problem,
      randomTrials(problem, 50, 1, ({ a }) => a!),
    );
    expect(found.fixed).toEqual(none);
    expect(found.a!.importance).toBe(1);
  });

  test('a parameter that decides what is feasible, pruned or a number matters', () => {
    const outcomes: ((trial: RecordedTrial) => RecordedTrial)[] = [
      (trial) => ({ ...trial, state: 'INFEASIBLE' }),
      (trial) => ({ ...trial, state: 'PRUNED' }),
      (trial) => ({ ...trial, values: { y: Number.NaN } }),
    ];
    const space = problemOf({ a: unit, b: unit });
    for (const spoil of outcomes) {
      const trials = randomTrials(space, 300, 5, (_, i) => i % 17).map((trial) =>
        (trial.params.a as number) < 0.8 ? spoil(trial) : trial,
      );
      expect(importances(space, trials).a!.importance).toBeGreaterThan(0.9);
    }
  });

  test('values from before the space was narrowed count as absent', () => {
    const trials = [...randomTrials(problem, 60, 6, ({ a }) => a!), { params: { a: 17 }, values: { y: -1 } }];
    expect(importances(problem, trials).a!.raw).toBeGreaterThan(0);
  });

  test('an objective that does not exist is told with what was probably meant', () => {
    expect(() => chosenObjectives(problem, 'yy')).toThrow(InputError);
    expect(() => chosenObjectives(problem, 'yy')).toThrow(
      /objective: "yy" is not an objective. Did you mean "y"/,
    );
  });
});
