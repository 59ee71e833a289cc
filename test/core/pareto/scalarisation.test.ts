import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LiveStudyView } from '../../../src/core/live-study-view.ts';
import { createScalarisation } from '../../../src/core/pareto/scalarisation/create-scalarisation.ts';
import { rankResults } from '../../../src/core/pareto/scalarisation/rank-results.ts';
import { ScalarisedStudy } from '../../../src/core/pareto/scalarisation/scalarised-study.ts';
import { parseStudyProblem } from '../../../src/core/parse-problem.ts';
import type { Direction, Objective } from '../../../src/core/study.ts';
import { points } from './any-points.ts';

const objectivesOf = (count: number, direction: Direction = 'MINIMIZE'): Objective[] =>
  Array.from({ length: count }, (_, k) => ({ metric: `f${k + 1}`, direction }));

function studyOf(
  rows: readonly (readonly number[])[],
  objectives = objectivesOf(rows[0]?.length ?? 2),
): LiveStudyView {
  const view = new LiveStudyView(parseStudyProblem({ searchSpace: {}, objectives }));
  rows.forEach((losses, number) => {
    const values = Object.fromEntries(
      objectives.map(({ metric, direction }, k) => [
        metric,
        direction === 'MINIMIZE' ? losses[k]! : -losses[k]!,
      ]),
    );
    view.apply({ number, state: 'COMPLETED', params: {}, values, feasible: true });
  });
  return view;
}

function ranking(view: LiveStudyView, settings: object, first = 1): number[] {
  const scalarisation = createScalarisation(settings, view.problem.objectives);
  return rankResults(view.results, scalarisation, first).map(({ result }) => result.number);
}

describe('on ZDT2, whose front f2 = 1 - f1^2 is a hollow', () => {
  // x1 makes f1, the others g: those with g > 1 lie behind the front.
  const rows = Array.from({ length: 202 }, (_, i) => {
    const f1 = Math.floor(i / 2) / 100;
    const g = i % 2 === 0 ? 1 : 1.5;
    return [f1, g * (1 - (f1 / g) ** 2)];
  });
  const view = studyOf(rows);
  const ends = [0, 200];

  test('a linear combination finds only the ends, whatever the weights', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (f1, normalise) => {
        const weights = { f1, f2: 1 - f1 };
        expect(ends).toContain(ranking(view, { kind: 'linear', weights, normalise })[0]);
      }),
    );
  });

  test('the Tchebycheff distance finds every point of it', () => {
    for (let i = 2; i < 200; i += 2) {
      const [f1, f2] = rows[i] as [number, number];
      // Where w1 f1 = w2 f2, its level sets have their corner.
      const settings = { kind: 'tchebycheff', weights: { f1: f2, f2: f1 }, rho: 1e-4 };
      expect(ranking(view, settings)).toEqual([i]);
    }
  });

  test('bounds on one objective find every point of it', () => {
    for (let i = 0; i <= 200; i += 2) {
      const settings = { kind: 'epsilonConstraint', objective: 'f1', bounds: { f2: rows[i]![1]! } };
      expect(ranking(view, settings)).toEqual([i]);
    }
  });
});

const anySettings = (count: number) => {
  const metrics = objectivesOf(count).map(({ metric }) => metric);
  const weights = fc
    .array(fc.integer({ min: 1, max: 5 }), { minLength: count, maxLength: count })
    .map((list) => Object.fromEntries(list.map((weight, k) => [metrics[k]!, weight])));
  return fc.oneof(
    fc.record({ kind: fc.constant('linear'), weights, normalise: fc.boolean() }),
    fc.record({
      kind: fc.constant('tchebycheff'),
      weights,
      normalise: fc.boolean(),
      rho: fc.constantFrom(0.05, 0.5),
    }),
  );
};
const cases = points
  .filter((all) => all.length > 0 && all[0]!.length > 1)
  .chain((rows) => fc.tuple(fc.constant(rows), anySettings(rows[0]!.length), fc.nat({ max: 30 })));

test('the best by positive weights is on the front, and a ranking is in the order of scores, ties by number', () => {
  fc.assert(
    fc.property(cases, ([rows, settings, first]) => {
      const view = studyOf(rows);
      const scalarisation = createScalarisation(settings, view.problem.objectives);
      const all = rankResults(view.results, scalarisation, rows.length);
      expect(view.results.front).toContainEqual(all[0]!.result);
      for (let i = 1; i < all.length; i++) {
        const [before, after] = [all[i - 1]!, all[i]!];
        expect(before.loss).toBeLessThanOrEqual(after.loss);
        if (before.loss === after.loss) expect(before.result.number).toBeLessThan(after.result.number);
      }
      expect(rankResults(view.results, scalarisation, first)).toEqual(all.slice(0, first));
    }),
  );
});

test('a ranking stays as it is when directions and signs are flipped', () => {
  fc.assert(
    fc.property(cases, ([rows, settings]) => {
      const flipped = studyOf(rows, objectivesOf(rows[0]!.length, 'MAXIMIZE'));
      expect(ranking(flipped, settings, 30)).toEqual(ranking(studyOf(rows), settings, 30));
    }),
  );
});

test('bounds are values of metrics; what breaks them comes last, by how much', () => {
  const objectives: Objective[] = [
    { metric: 'loss', direction: 'MINIMIZE' },
    { metric: 'accuracy', direction: 'MAXIMIZE' },
  ];
  const view = studyOf(
    [
      [1, -0.5],
      [3, -0.9],
      [2, -0.7],
      [0, -0.1],
    ],
    objectives,
  );
  const settings = { kind: 'epsilonConstraint', objective: 'loss', bounds: { accuracy: 0.7 } };
  expect(ranking(view, settings, 9)).toEqual([2, 1, 0, 3]);
});

test.each([
  [null, 'must be an object'],
  [{ kind: 'chebyshev' }, 'scalarisation.kind: must be one of linear, tchebycheff, epsilonConstraint'],
  [{ kind: 'linear' }, 'scalarisation.weights: is missing'],
  [{ kind: 'linear', weights: { f1: 1 } }, 'scalarisation.weights.f2: is missing'],
  [{ kind: 'linear', weights: { f1: 1, f2: -1 } }, 'scalarisation.weights.f2: must be at least 0'],
  [{ kind: 'linear', weights: { f1: 0, f2: 0 } }, 'scalarisation.weights: are all 0'],
  [{ kind: 'linear', weights: { f1: 1, f2: 1, f3: 1 } }, 'scalarisation.weights.f3: is not known'],
  [{ kind: 'linear', weights: { f1: 1, f2: 1 }, rho: 1 }, 'scalarisation.rho: is not known'],
  [{ kind: 'epsilonConstraint', objective: 'f1' }, 'scalarisation.bounds: is empty'],
  [
    { kind: 'epsilonConstraint', objective: 'f1', bounds: { f1: 1 } },
    'scalarisation.bounds.f1: is not known',
  ],
])('a faulty scalarisation is refused: %j', (settings, message) => {
  expect(() => createScalarisation(settings, objectivesOf(2))).toThrow(message);
});

test('a study of one objective has nothing to scalarise', () => {
  const settings = { kind: 'linear', weights: { f1: 1 } };
  expect(() => createScalarisation(settings, objectivesOf(1))).toThrow('this study has one');
});

test('samplers see one objective whose best is the best by the scalarisation, after any history', () => {
  fc.assert(
    fc.property(cases, fc.nat({ max: 3 }), ([rows, settings], readEvery) => {
      const view = studyOf([], objectivesOf(rows[0]!.length));
      const scalarisation = createScalarisation(settings, view.problem.objectives);
      const scalarised = new ScalarisedStudy(view, scalarisation);
      rows.forEach((losses, number) => {
        const values = Object.fromEntries(losses.map((loss, k) => [`f${k + 1}`, loss]));
        for (const change of [
          { number, state: 'RUNNING', params: {}, values: null, feasible: null } as const,
          { number, state: 'COMPLETED', params: {}, values, feasible: true } as const,
        ]) {
          view.apply(change);
          scalarised.apply(change);
          if (number % (readEvery + 1) === 0) expect(scalarised.view.running.size).toBe(view.running.size);
        }
      });
      const [best] = rankResults(view.results, scalarisation, 1);
      const { observed, problem, results } = scalarised.view;
      expect(observed.map(({ number }) => number)).toEqual(rows.map((_, number) => number));
      expect(problem.objectives).toEqual([{ metric: 'score', direction: 'MINIMIZE' }]);
      expect(results.front).toContainEqual({ number: best!.result.number, losses: [best!.loss] });
    }),
  );
});

test('to samplers, bounds on objectives are constraints', () => {
  const view = studyOf([
    [1, 9],
    [2, 3],
  ]);
  const settings = { kind: 'epsilonConstraint', objective: 'f1', bounds: { f2: 5 } };
  const scalarised = new ScalarisedStudy(view, createScalarisation(settings, view.problem.objectives));
  expect(scalarised.view.observed.map(({ feasible }) => feasible)).toEqual([false, true]);
  expect(scalarised.view.results.front).toEqual([{ number: 1, losses: [2] }]);
});
