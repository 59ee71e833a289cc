import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choiceOf, choicesOf } from '../../src/dashboard/pages/studies/new-study/choice-text.ts';
import { conditionParts, conditionText, whenOf } from '../../src/dashboard/parts/condition.ts';
import { parameterText } from '../../src/dashboard/parts/parameter-text.ts';

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const range = fc.record(
  { lt: fc.integer(), lte: fc.integer(), gt: fc.integer(), gte: fc.integer() },
  { requiredKeys: [] },
);
const tests = fc.oneof(
  scalar,
  fc.record({ in: fc.array(scalar, { minLength: 1 }) }),
  range.filter((comparisons) => Object.keys(comparisons).length > 0),
);
const names = fc.string({ minLength: 1 }).filter((name) => name !== '__proto__');

test('a condition that is taken apart and put together again is the same', () => {
  fc.assert(
    fc.property(fc.dictionary(names, tests, { minKeys: 1 }), (when) => {
      expect(whenOf(conditionParts(when))).toEqual(when);
    }),
  );
  expect(whenOf(conditionParts(undefined))).toBeUndefined();
});

test('conditions and parameters are told in short', () => {
  const when = { layers: { gte: 2 }, shape: 'free', optimizer: { in: ['sgd', 'adam'] } };
  expect(conditionText(when)).toBe('layers ≥ 2, shape = free, optimizer is one of sgd, adam');
  expect(parameterText({ type: 'float', low: 1e-5, high: 0.1, log: true, when: { layers: 1 } })).toBe(
    '1e-5 to 0.1, log, where layers = 1',
  );
  expect(parameterText({ type: 'int', low: 1, high: 8, step: 2 })).toBe('1 to 8, whole, by 2');
  expect(parameterText({ type: 'categorical', choices: ['a', 1, null] })).toBe('one of a, 1, –');
});

test('choices keep their types while the list of their texts is edited', () => {
  expect(['32', 'true', 'null', 'adam', '1e-3'].map(choiceOf)).toEqual([32, true, null, 'adam', 0.001]);
  expect(choicesOf(['32', 'adam', '64'], ['32', 'adam'])).toEqual(['32', 'adam', 64]);
});
