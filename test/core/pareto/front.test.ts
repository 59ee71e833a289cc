import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ParetoFront, type Result } from '../../../src/core/pareto/front.ts';
import { paretoFront } from '../../../src/core/pareto/non-dominated-ranks.ts';
import { points } from './any-points.ts';

const ascending = (results: readonly Result[]): number[] =>
  results.map(({ number }) => number).sort((a, b) => a - b);

test('a front kept point by point is the front of the points so far, at every step', () => {
  fc.assert(
    fc.property(points, (all) => {
      const front = new ParetoFront();
      all.forEach((losses, number) => {
        const before = all.slice(0, number);
        const standing = front.add({ number, losses });
        expect(ascending(front.members)).toEqual(paretoFront(all.slice(0, number + 1)));
        const isOnFront = paretoFront([...before, losses]).includes(number);
        const isRepeated = before.some((other) => other.join() === losses.join());
        expect(standing).toBe(!isOnFront ? 'DOMINATED' : isRepeated ? 'EQUAL' : 'NEW');
      });
    }),
  );
});
