import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LiveStudyView } from '../../../src/core/live-study-view.ts';
import { bestTrials } from '../../../src/core/pareto/best-trials.ts';
import { crowdingDistances } from '../../../src/core/pareto/crowding-distance.ts';
import { dominates } from '../../../src/core/pareto/dominance.ts';
import type { Losses } from '../../../src/core/pareto/losses.ts';
import { nonDominatedRanks, paretoFront } from '../../../src/core/pareto/non-dominated-ranks.ts';
import { referencePoint } from '../../../src/core/pareto/reference-point.ts';
import { parseStudyProblem } from '../../../src/core/parse-problem.ts';
import type { Direction } from '../../../src/core/study.ts';
import { points } from './any-points.ts';

test('dominance is irreflexive, asymmetric and transitive', () => {
  fc.assert(
    fc.property(fc.tuple(...[1, 2, 3].map(() => fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)))), ([a, b, c]) => {
      expect(dominates(a!, a!)).toBe(false);
      expect(dominates(a!, b!) && dominates(b!, a!)).toBe(false);
      if (dominates(a!, b!) && dominates(b!, c!)) expect(dominates(a!, c!)).toBe(true);
    }),
  );
});

test('a point is on the front exactly where no other point dominates it', () => {
  fc.assert(
    fc.property(points, (all) => {
      const front = new Set(paretoFront(all));
      all.forEach((point, i) => {
        expect(front.has(i)).toBe(!all.some((other) => dominates(other, point)));
      });
    }),
  );
});

test('the front does not depend on the order of the points', () => {
  fc.assert(
    fc.property(points, (all) => {
      const chosen = (list: Losses[]) =>
        paretoFront(list)
          .map((i) => list[i]!.join())
          .sort();
      expect(chosen(all.toReversed())).toEqual(chosen(all));
    }),
  );
});

test('the rank of a point is the length of the longest chain of points that dominate it', () => {
  fc.assert(
    fc.property(points, (all) => {
      const ranks = nonDominatedRanks(all);
      all.forEach((point, i) => {
        const above = all.flatMap((other, j) => (dominates(other, point) ? [ranks[j]!] : []));
        expect(ranks[i]).toBe(above.length === 0 ? 0 : Math.max(...above) + 1);
      });
    }),
  );
});

test('the reference point lies beyond every finite point', () => {
  fc.assert(
    fc.property(points, (all) => {
      const reference = referencePoint([
        ...all,
        ...all.slice(0, 1).map((point) => point.map(() => Infinity)),
      ]);
      for (const point of all) expect(point.every((loss, k) => loss < reference[k]!)).toBe(true);
    }),
  );
  expect(
    referencePoint([
      [0, 5],
      [10, 5],
    ]),
  ).toEqual([11, 5.5]);
});

test('the ends of a front are infinitely far apart, the middle by its gaps', () => {
  expect([
    ...crowdingDistances([
      [0, 4],
      [1, 3],
      [4, 0],
    ]),
  ]).toEqual([Infinity, 2, Infinity]);
});

function studyOf(directions: Direction[], rows: [values: number[], feasible?: boolean][]): LiveStudyView {
  const metrics = directions.map((_, k) => `m${k}`);
  const objectives = directions.map((direction, k) => ({ metric: metrics[k]!, direction }));
  const view = new LiveStudyView(parseStudyProblem({ searchSpace: {}, objectives }));
  rows.forEach(([values, feasible = true], number) => {
    view.apply({
      number,
      state: feasible ? 'COMPLETED' : 'INFEASIBLE',
      params: {},
      values: Object.fromEntries(values.map((value, k) => [metrics[k]!, value])),
      feasible,
    });
  });
  return view;
}

test('the best trials of one objective come best first; infeasible ones and NaN do not count', () => {
  const view = studyOf(['MAXIMIZE'], [[[3]], [[Number.NaN]], [[9], false], [[5]], [[3]], [[-Infinity]]]);
  expect(bestTrials(view, 4).map((trial) => trial.number)).toEqual([3, 0, 4, 5]);
  expect(bestTrials(view, 1).map((trial) => trial.number)).toEqual([3]);
  expect(view.results.hypervolume()).toBeNull();
});

test('the best trials of several objectives are the feasible front, the least crowded of a large one', () => {
  const view = studyOf(
    ['MAXIMIZE', 'MINIMIZE'],
    [[[1, 0]], [[2, 1]], [[3, 2.5]], [[9, 9]], [[2, 2]], [[10, 0], false]],
  );
  expect(bestTrials(view, 10).map((trial) => trial.number)).toEqual([3, 2, 1, 0]);
  expect(bestTrials(view, 3).map((trial) => trial.number)).toEqual([3, 2, 0]);
});

test('the hypervolume of a study is measured from its own worst values', () => {
  const view = studyOf(['MAXIMIZE', 'MINIMIZE'], [[[0, 10]], [[10, 0]]]);
  // Reference (-1, 11): boxes of 1 x 1 and 11 x 11, one inside the other.
  expect(view.results.hypervolume()).toBe(121);
  expect(studyOf(['MINIMIZE', 'MINIMIZE'], []).results.hypervolume() ?? 'none').toBe('none');
});
