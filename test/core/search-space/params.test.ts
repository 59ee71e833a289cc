import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { createRandom } from '../../../src/core/random.ts';
import { completeParams } from '../../../src/core/search-space/complete-params.ts';
import { isActive } from '../../../src/core/search-space/condition.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';
import { validateParams } from '../../../src/core/search-space/validate-params.ts';
import { anySpace } from './arbitraries.ts';

const space = parseSearchSpace({
  optimizer: { type: 'categorical', choices: ['sgd', 'adam'] },
  momentum: { type: 'float', low: 0, high: 0.9, step: 0.1, when: { optimizer: 'sgd' } },
  nesterov: { type: 'categorical', choices: [true, false], when: { momentum: { gt: 0 } } },
  layers: { type: 'int', low: 1, high: 4 },
});

test('completed params hold exactly the parameters that exist, in the order of the space, all valid', () => {
  fc.assert(
    fc.property(anySpace, fc.integer(), (anyOne, seed) => {
      const params = completeParams(anyOne, {}, {}, createRandom(seed));
      const existing = anyOne.parameters.filter((parameter) => isActive(parameter, params));
      expect(Object.keys(params)).toEqual(existing.map(({ name }) => name));
      expect(validateParams(anyOne, params)).toEqual(params);
    }),
  );
});

test('completing completed params changes nothing, whether they are suggested or fixed', () => {
  fc.assert(
    fc.property(anySpace, fc.integer(), (anyOne, seed) => {
      const params = completeParams(anyOne, {}, {}, createRandom(seed));
      expect(completeParams(anyOne, params, {}, createRandom(seed + 1))).toEqual(params);
      expect(completeParams(anyOne, {}, params, createRandom(seed + 1))).toEqual(params);
    }),
  );
});

test('fixed values win over suggested ones, and what a fixed parent excludes is dropped', () => {
  const suggestion = { optimizer: 'sgd', momentum: 0.5, nesterov: true, layers: 3 };
  expect(completeParams(space, suggestion, { optimizer: 'adam', layers: 2 }, createRandom(1))).toEqual({
    optimizer: 'adam',
    layers: 2,
  });
});

test('suggested values that the space does not have are replaced by draws', () => {
  const params = completeParams(space, { optimizer: 'adam', layers: 99, toString: 1 }, {}, createRandom(1));
  expect(Object.keys(params)).toEqual(['optimizer', 'layers']);
  expect([1, 2, 3, 4]).toContain(params.layers);
});

test('partial params are accepted and spelled as the grid has them', () => {
  expect(validateParams(space, { layers: 2 })).toEqual({ layers: 2 });
  expect(validateParams(space, { momentum: 0.1 + 0.2, optimizer: 'sgd' })).toEqual({
    optimizer: 'sgd',
    momentum: 0.3,
  });
});

describe('faulty params are refused with advice:', () => {
  const cases: [string, unknown, string][] = [
    ['no object', [1], 'params: must be an object of values by parameter, not a list.'],
    [
      'an unknown name',
      { layer: 1 },
      'params.layer: is not a parameter of this study. Did you mean "layers"?',
    ],
    ['above the range', { layers: 5 }, 'params.layers: must be an integer from 1 to 4, not 5.'],
    ['no integer', { layers: 1.5 }, 'params.layers: must be an integer from 1 to 4, not 1.5.'],
    ['NaN', { layers: Number.NaN }, 'params.layers: must be an integer from 1 to 4, not NaN.'],
    ['null', { layers: null }, 'params.layers: must be an integer from 1 to 4, not null.'],
    [
      'off the grid',
      { optimizer: 'sgd', momentum: 0.15 },
      'params.momentum: must be a number from 0 to 0.9 in steps of 0.1, not 0.15.',
    ],
    ['no choice', { optimizer: 'rms' }, 'params.optimizer: must be one of "sgd", "adam", not "rms".'],
    [
      'a child that does not exist',
      { optimizer: 'adam', momentum: 0.1 },
      'params.momentum: exists only where "optimizer" is "sgd", but it is "adam"; leave one of them out.',
    ],
    [
      'a child without its parent',
      { momentum: 0.1 },
      'params.momentum: exists only where "optimizer" is "sgd"; give "optimizer" too.',
    ],
  ];
  test.each(cases)('%s', (_, params, message) => {
    expect(() => validateParams(space, params)).toThrow(InputError);
    expect(() => validateParams(space, params)).toThrow(message);
  });

  test('all faults at once', () => {
    try {
      validateParams(space, { layers: 0, optimizer: 1, speed: 3 });
      expect.unreachable();
    } catch (error) {
      expect((error as InputError).faults).toHaveLength(3);
    }
  });
});
