import { expect, test } from 'vitest';
import { searchSpaceSchema } from '../../src/core/search-space/json-schema.ts';
import type { JsonFields } from '../../src/dashboard/pages/studies/new-study/json-fields.ts';
import { spaceCheck } from '../../src/dashboard/pages/studies/new-study/space-check.ts';

const check = spaceCheck(searchSpaceSchema());

test('a space that keeps the schema has no faults, with conditions and constraints', () => {
  const space = {
    rate: { type: 'float', low: 1e-5, high: 1, log: true },
    optimizer: { type: 'categorical', choices: ['sgd', 'adam'] },
    momentum: { type: 'float', low: 0, high: 1, when: { optimizer: 'sgd', rate: { gt: 0.1 } } },
    layers: { type: 'int', low: 1, high: 8, default: null },
    batch: { type: 'fixed', value: 32 },
    $constraints: [{ sum: { rate: 1, momentum: 2 }, lte: 2 }],
  };
  expect(check(space)).toEqual([]);
});

test.each<[string, JsonFields, string[]]>([
  ['a text for a number', { a: { type: 'float', low: '0', high: 1 } }, ['searchSpace.a.low']],
  ['a bound that is missing', { a: { type: 'int', low: 0 } }, ['searchSpace.a']],
  ['a field nobody knows', { a: { type: 'fixed', value: 1, lo: 2 } }, ['searchSpace.a.lo']],
  ['a type nobody knows', { a: { type: 'double' } }, ['searchSpace.a.type']],
  ['no choices', { a: { type: 'categorical', choices: [] } }, ['searchSpace.a.choices']],
  ['a logarithm of 0', { a: { type: 'float', low: 0, high: 1, log: true } }, ['searchSpace.a.low']],
  [
    'a condition of no form',
    { a: { type: 'fixed', value: 1, when: { b: { over: 1 } } } },
    ['searchSpace.a.when.b'],
  ],
  [
    'a weight that is no number',
    { $constraints: [{ sum: { a: 'x' }, lte: 1 }] },
    ['searchSpace.$constraints.0.sum.a'],
  ],
  ['no object at all', { a: 3 }, ['searchSpace.a']],
])('%s is told once, at its place', (_, space, paths) => {
  expect(check(space).map(({ path }) => path)).toEqual(paths);
});
