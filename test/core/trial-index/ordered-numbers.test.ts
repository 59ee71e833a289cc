import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OrderedNumbers } from '../../../src/core/trial-index/ordered-numbers.ts';

test('numbers stay in order through thousands of insertions and deletions, ties by number', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 3000, size: 'max' }),
      fc.array(fc.nat(), { maxLength: 2000, size: 'max' }),
      (keys, deletions) => {
        const compare = (a: number, b: number) => keys[a]! - keys[b]! || a - b;
        const ordered = new OrderedNumbers(compare);
        keys.forEach((_, number) => {
          ordered.insert(number);
        });
        const left = new Set(keys.keys());
        for (const deletion of deletions) {
          const number = deletion % keys.length;
          if (left.delete(number)) ordered.delete(number);
        }
        const expected = [...left].sort(compare);
        expect([...ordered]).toEqual(expected);
        for (const count of [0, 1, 300, 5000]) expect(ordered.first(count)).toEqual(expected.slice(0, count));
        if (expected.length > 0) {
          ordered.delete(expected[0]!);
          ordered.insert(expected[0]!);
          expect([...ordered]).toEqual(expected);
        }
      },
    ),
    { numRuns: 30 },
  );
});
