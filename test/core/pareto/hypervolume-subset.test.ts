import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hypervolume } from '../../../src/core/pareto/hypervolume.ts';
import { hypervolumeSubset } from '../../../src/core/pareto/hypervolume-subset.ts';
import type { Losses } from '../../../src/core/pareto/losses.ts';
import { paretoFront } from '../../../src/core/pareto/non-dominated-ranks.ts';
import { referencePoint } from '../../../src/core/pareto/reference-point.ts';

const fronts = fc.integer({ min: 2, max: 4 }).chain((objectives) =>
  fc
    .array(fc.array(fc.nat({ max: 30 }), { minLength: objectives, maxLength: objectives }), {
      minLength: 1,
      maxLength: 40,
    })
    .map((points) => paretoFront(points).map((i) => points[i]!)),
);

test('each chosen point adds as much volume as any other could', () => {
  fc.assert(
    fc.property(fronts, fc.integer({ min: 1, max: 8 }), (front, count) => {
      const chosen = hypervolumeSubset(front, count);
      expect(new Set(chosen).size).toBe(Math.min(count, front.length));
      if (count >= front.length) return;
      const reference = referencePoint(front);
      const volumeOf = (positions: number[]) =>
        hypervolume(
          positions.map((i) => front[i]!),
          reference,
        );
      chosen.forEach((_, k) => {
        const before = chosen.slice(0, k);
        const reached = volumeOf(chosen.slice(0, k + 1));
        const most = Math.max(...front.map((_, i) => volumeOf([...before, i])));
        expect(reached).toBeGreaterThanOrEqual(most * (1 - 1e-9));
      });
    }),
    { numRuns: 200 },
  );
});

test('infinite losses do not spoil the choice', () => {
  const front: Losses[] = [
    [Number.NEGATIVE_INFINITY, 5],
    [0, 4],
    [2, 2],
    [4, 0],
    [5, Number.NEGATIVE_INFINITY],
  ];
  expect(hypervolumeSubset(front, 3)).toContain(2);
  expect(
    hypervolumeSubset(
      [
        [Number.POSITIVE_INFINITY, 1],
        [1, Number.POSITIVE_INFINITY],
      ],
      1,
    ),
  ).toEqual([0]);
});
