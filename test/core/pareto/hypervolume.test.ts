import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dominates } from '../../../src/core/pareto/dominance.ts';
import { contributions } from '../../../src/core/pareto/hypervolume/contributions.ts';
import { HypervolumeHistory } from '../../../src/core/pareto/hypervolume/history.ts';
import { SlotSet } from '../../../src/core/pareto/hypervolume/slot-set.ts';
import { hypervolume, hypervolumeGain } from '../../../src/core/pareto/hypervolume.ts';
import type { Losses } from '../../../src/core/pareto/losses.ts';
import { paretoFront } from '../../../src/core/pareto/non-dominated-ranks.ts';
import { points, pointsOf } from './any-points.ts';

/** The volume of the union of boxes, counted over all subsets. */
function byInclusionExclusion(all: readonly Losses[], reference: Losses): number {
  let sum = 0;
  for (let subset = 1; subset < 2 ** all.length; subset++) {
    const chosen = all.filter((_, i) => subset & (1 << i));
    const overlap = reference.reduce(
      (product, end, k) => product * Math.max(0, end - Math.max(...chosen.map((point) => point[k]!))),
      1,
    );
    sum += chosen.length % 2 === 1 ? overlap : -overlap;
  }
  return sum;
}

test('hypervolume is exact: it equals inclusion and exclusion on small sets of one to five objectives', () => {
  const cases = fc.integer({ min: 1, max: 5 }).chain((objectives) => pointsOf(objectives, 7));
  fc.assert(
    fc.property(cases, (all) => {
      const reference = (all[0] ?? [0, 0]).map(() => 8);
      expect(hypervolume(all, reference)).toBe(byInclusionExclusion(all, reference));
    }),
    { numRuns: 400 },
  );
});

test('hypervolume never falls when a point is added, and depends on the front alone', () => {
  fc.assert(
    fc.property(points, (all) => {
      fc.pre(all.length > 0);
      const reference = all[0]!.map(() => 10);
      expect(hypervolume(all, reference)).toBeGreaterThanOrEqual(hypervolume(all.slice(1), reference));
      const front = paretoFront(all).map((i) => all[i]!);
      expect(hypervolume(front, reference)).toBe(hypervolume(all, reference));
    }),
  );
});

test('hypervolume does not depend on the order of the points, nor of the objectives', () => {
  fc.assert(
    fc.property(points, (all) => {
      fc.pre(all.length > 0);
      const reference = all[0]!.map((_, k) => 10 + k);
      const volume = hypervolume(all, reference);
      expect(hypervolume(all.toReversed(), reference)).toBe(volume);
      expect(
        hypervolume(
          all.map((point) => point.toReversed()),
          reference.toReversed(),
        ),
      ).toBe(volume);
    }),
  );
});

test('the hypervolume of three hundred points on a sphere agrees with one computed layer by layer', () => {
  // Of integers, so that both sums are exact.
  const sphere = Array.from({ length: 300 }, (_, i) => {
    const [u, v] = [((i * 619) % 1000) / 1000, ((i * 387) % 1000) / 1000];
    const point = [
      Math.sin((u * Math.PI) / 2) * Math.cos((v * Math.PI) / 2),
      Math.sin((u * Math.PI) / 2) * Math.sin((v * Math.PI) / 2),
      Math.cos((u * Math.PI) / 2),
    ];
    return point.map((x) => 300 - Math.round(300 * x));
  });
  let layers = 0;
  for (let depth = 0; depth < 301; depth++) {
    const reached = sphere.filter((point) => point[2]! <= depth).map((point) => point.slice(0, 2));
    layers += hypervolume(reached, [301, 301]);
  }
  expect(hypervolume(sphere, [301, 301, 301])).toBe(layers);
  // With a fourth loss that all share, it is that of three, stretched.
  expect(
    hypervolume(
      sphere.map((point) => [...point, 3]),
      [301, 301, 301, 5],
    ),
  ).toBe(2 * layers);
});

test('what is infinitely good has an infinite volume, what is infinitely bad has none', () => {
  const finite = [1, 2];
  expect(hypervolume([finite, [Infinity, -Infinity]], [3, 3])).toBe(2);
  expect(hypervolume([finite, [0, -Infinity]], [3, 3])).toBe(Infinity);
  expect(hypervolume([finite, [Number.NaN, 0]], [3, 3])).toBe(2);
  expect(hypervolumeGain([0, -Infinity], [finite], [3, 3])).toBe(Infinity);
  expect(hypervolumeGain([0, -Infinity], [[1, -Infinity]], [3, 3])).toBe(0);
  expect(hypervolumeGain(finite, [[2, -Infinity]], [3, 3])).toBe(1);
});

test('a point contributes what the hypervolume loses without it', () => {
  fc.assert(
    fc.property(points, (all) => {
      fc.pre(all.length > 0);
      const reference = all[0]!.map(() => 8);
      const front = paretoFront(all).map((i) => all[i]!);
      const whole = hypervolume(front, reference);
      const exclusive = contributions(front, reference);
      front.forEach((_, i) => {
        const without = front.filter((_, j) => j !== i);
        expect(exclusive[i]).toBe(whole - hypervolume(without, reference));
      });
      // Together no more than the whole, which two points share where they overlap.
      expect(exclusive.reduce((sum, part) => sum + part, 0)).toBeLessThanOrEqual(whole);
    }),
  );
});

test('the hypervolume as points came one by one is that of the points so far, at every step', () => {
  fc.assert(
    fc.property(points, (all) => {
      fc.pre(all.length > 0);
      const reference = all[0]!.map(() => 8);
      const history = new HypervolumeHistory(reference);
      all.forEach((losses, number) => {
        history.add({ number, losses });
        expect(history.hypervolume).toBe(hypervolume(all.slice(0, number + 1), reference));
      });
      const rising = history.steps.map((step) => step.hypervolume);
      expect(rising).toEqual([...new Set(rising)].sort((a, b) => a - b));
      for (const [i, { result }] of history.steps.entries()) {
        for (const before of history.steps.slice(0, i)) {
          expect(dominates(before.result.losses, result.losses)).toBe(false);
        }
      }
    }),
  );
});

test('a set of slots finds the neighbours of any slot', () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 1099 })), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (changes) => {
      const slots = new SlotSet(1100);
      const members = new Set<number>();
      for (const [isAdded, slot] of changes) {
        if (isAdded) {
          slots.add(slot);
          members.add(slot);
        } else {
          slots.delete(slot);
          members.delete(slot);
        }
        for (const at of [slot, 0, 31, 32, 1023, 1024, 1099]) {
          expect(slots.before(at)).toBe(Math.max(-1, ...[...members].filter((member) => member < at)));
          const above = [...members].filter((member) => member > at);
          expect(slots.after(at)).toBe(above.length === 0 ? -1 : Math.min(...above));
        }
      }
    }),
  );
});
