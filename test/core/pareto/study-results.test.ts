import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LiveStudyView, type TrialChange } from '../../../src/core/live-study-view.ts';
import { bestTrials } from '../../../src/core/pareto/best-trials.ts';
import { parseReferencePoint } from '../../../src/core/pareto/reference-point.ts';
import { StudyResults } from '../../../src/core/pareto/study-results.ts';
import { parseStudyProblem } from '../../../src/core/parse-problem.ts';
import { type Direction, isFeasible, type StudyProblem } from '../../../src/core/study.ts';
import type { TrialState } from '../../../src/core/trial.ts';

const directions: Direction[] = ['MINIMIZE', 'MAXIMIZE', 'MINIMIZE'];
const metrics = directions.map((_, k) => `m${k}`);

function problemOf(count: number, flip = (direction: Direction) => direction): StudyProblem {
  const objectives = directions
    .slice(0, count)
    .map((direction, k) => ({ metric: metrics[k]!, direction: flip(direction) }));
  const constraints = [{ metric: 'memory', comparison: 'LESS_OR_EQUAL', bound: 5 }];
  return parseStudyProblem({ searchSpace: {}, objectives, constraints });
}

type Change = Pick<TrialChange, 'number' | 'state' | 'values'>;

const value = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity) },
);
const states: TrialState[] = [
  'QUEUED',
  'RUNNING',
  'COMPLETED',
  'PRUNED',
  'INFEASIBLE',
  'FAILED',
  'CANCELLED',
];
const anyChange = fc
  .record({
    number: fc.nat({ max: 12 }),
    state: fc.oneof({ weight: 3, arbitrary: fc.constant('COMPLETED' as const) }, fc.constantFrom(...states)),
    losses: fc.option(fc.tuple(value, value, value), { freq: 8 }),
    memory: fc.integer({ min: 0, max: 6 }),
  })
  .map(
    ({ losses, memory, ...trial }): Change => ({
      ...trial,
      values: losses && { ...valuesOf(losses), memory },
    }),
  );

function valuesOf(losses: readonly number[]): Record<string, number> {
  return Object.fromEntries(losses.map((loss, k) => [metrics[k]!, loss]));
}

function apply(view: LiveStudyView, { number, state, values }: Change): void {
  const feasible = values && isFeasible(view.problem.constraints, values);
  view.apply({ number, state, params: {}, values, feasible } satisfies TrialChange);
}

/** Everything that results say, with numbers that do not depend on the order of a front. */
function shown(results: StudyResults): unknown {
  const history = results.hypervolumeHistory([4, 4, 4].slice(0, results.bounds.least.length));
  return {
    all: results.all,
    front: results.front.toSorted((a, b) => a.number - b.number),
    bounds: results.bounds,
    since: results.sinceImprovement,
    hypervolume: results.hypervolume(),
    history: history.steps,
  };
}

test('results kept change by change equal those built afresh, after any sequence of changes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.array(anyChange, { maxLength: 40 }),
      fc.nat({ max: 4 }),
      (count, changes, readEvery) => {
        const view = new LiveStudyView(problemOf(count));
        changes.forEach((change, i) => {
          apply(view, change);
          if (i % (readEvery + 1) === 0) shown(view.results);
        });
        expect(shown(view.results)).toEqual(shown(new StudyResults(view.problem, view.observed)));
      },
    ),
  );
});

test('the front, its best and the hypervolume stay as they are when directions and signs are flipped', () => {
  const outcomes = fc.array(anyChange, { maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), outcomes, (count, changes) => {
      const view = new LiveStudyView(problemOf(count));
      const flip = (direction: Direction): Direction => (direction === 'MINIMIZE' ? 'MAXIMIZE' : 'MINIMIZE');
      const flipped = new LiveStudyView(problemOf(count, flip));
      for (const change of changes) {
        apply(view, change);
        const values = change.values && {
          ...Object.fromEntries(Object.entries(change.values).map(([metric, value]) => [metric, -value])),
          memory: change.values.memory!,
        };
        apply(flipped, { ...change, values });
      }
      const numbers = (study: LiveStudyView) => bestTrials(study, 5).map((trial) => trial.number);
      expect(numbers(flipped)).toEqual(numbers(view));
      expect(flipped.results.hypervolume()).toBe(view.results.hypervolume());
    }),
  );
});

test('a trial that breaks a constraint, is pruned or has no number never dominates', () => {
  const view = new LiveStudyView(problemOf(2));
  const changes: Omit<Change, 'number'>[] = [
    { state: 'COMPLETED', values: { m0: 1, m1: 1, m2: 0, memory: 1 } },
    { state: 'INFEASIBLE', values: { m0: 0, m1: 2, m2: 0, memory: 6 } },
    { state: 'COMPLETED', values: { m0: 0, m1: 2, m2: 0, memory: 6 } },
    { state: 'PRUNED', values: { m0: 0, m1: 2, m2: 0, memory: 1 } },
    { state: 'COMPLETED', values: { m0: Number.NaN, m1: 2, m2: 0, memory: 1 } },
    { state: 'COMPLETED', values: null },
  ];
  changes.forEach((change, number) => {
    apply(view, { number, ...change });
  });
  expect(view.results.front.map(({ number }) => number)).toEqual([0]);
  expect(view.results.sinceImprovement).toBe(5);
});

test('a repeated result is on the front too, but is no improvement', () => {
  const view = new LiveStudyView(problemOf(2));
  const values = { m0: 1, m1: 1, m2: 0, memory: 1 };
  for (const number of [0, 1]) apply(view, { number, state: 'COMPLETED', values });
  expect(view.results.front).toHaveLength(2);
  expect(view.results.sinceImprovement).toBe(1);
});

test('a reference point is named by values of metrics', () => {
  const { objectives } = problemOf(2);
  expect(parseReferencePoint({ m0: 4, m1: 1 }, objectives)).toEqual([4, -1]);
  expect(() => parseReferencePoint({ m0: 4 }, objectives)).toThrow(
    'referencePoint.m1: must be a finite number',
  );
  expect(() => parseReferencePoint({ m0: 4, m1: 1, mO: 2 }, objectives)).toThrow(
    'is no objective of this study',
  );
  expect(() => parseReferencePoint([4, 1], objectives)).toThrow('must be an object');
});
