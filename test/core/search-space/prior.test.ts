import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InputError } from '../../../src/core/errors.ts';
import { createRandom } from '../../../src/core/random.ts';
import { axisOf } from '../../../src/core/search-space/axis.ts';
import { completeParams } from '../../../src/core/search-space/complete-params.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';
import { drawCoordinate, priorOf } from '../../../src/core/search-space/prior.ts';
import type { Parameter } from '../../../src/core/search-space/space.ts';

const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
const priors: fc.Arbitrary<Parameter> = fc.oneof(
  fc
    .record({ mean: coordinate, sd: fc.double({ min: 0.001, max: 5, noNaN: true }) })
    .map((prior): Parameter => ({ type: 'float', low: 0, high: 1, prior })),
  fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 1, maxLength: 6 }).map(
    (weights): Parameter => ({
      type: 'categorical',
      choices: weights.map((_, i) => i),
      prior: { weights: weights.map((weight, i) => (i === 0 ? weight + 0.1 : weight)) },
    }),
  ),
);

test('its mass ascends from 0 to 1, and its quantile undoes it', () => {
  fc.assert(
    fc.property(priors, coordinate, coordinate, (parameter, a, b) => {
      const { cdf, quantile } = priorOf(parameter);
      expect([cdf(0), cdf(1)]).toEqual([0, 1]);
      const [low, high] = a < b ? [a, b] : [b, a];
      expect(cdf(low)).toBeLessThanOrEqual(cdf(high) + 1e-6);
      expect(cdf(quantile(a))).toBeCloseTo(a, 6);
    }),
  );
});

test('its density is what its mass grows by', () => {
  fc.assert(
    fc.property(priors, coordinate, coordinate, (parameter, a, b) => {
      const { cdf, density } = priorOf(parameter);
      const [low, high] = a < b ? [a, b] : [b, a];
      const pieces = 20_000;
      let sum = 0;
      for (let i = 0; i < pieces; i++) sum += density(low + ((high - low) * (i + 0.5)) / pieces);
      expect((sum * (high - low)) / pieces).toBeCloseTo(cdf(high) - cdf(low), 3);
    }),
    { numRuns: 50 },
  );
});

test('a draw between two coordinates stays there', () => {
  fc.assert(
    fc.property(priors, coordinate, coordinate, fc.integer(), (parameter, a, b, seed) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      const unit = drawCoordinate(priorOf(parameter), createRandom(seed), low, high);
      expect(unit).toBeGreaterThanOrEqual(low);
      expect(unit).toBeLessThanOrEqual(high);
    }),
  );
});

test('without a prior a draw is the uniform number itself, so that seeds keep their trials', () => {
  const parameter: Parameter = { type: 'float', low: 0, high: 1 };
  expect(drawCoordinate(priorOf(parameter), createRandom(4))).toBe(createRandom(4).uniform());
});

test('random trials follow the prior: near the mean on the axis, and as often as a weight says', () => {
  const space = parseSearchSpace({
    rate: { type: 'float', low: 1e-5, high: 1e-1, log: true, prior: { mean: 1e-3, sd: 0.1 } },
    layers: { type: 'int', low: 1, high: 9, prior: { mean: 3, sd: 0.1 } },
    optimizer: { type: 'categorical', choices: ['sgd', 'adam', 'lamb'], prior: { weights: [1, 3, 0] } },
  });
  const draws = Array.from({ length: 4000 }, (_, i) => completeParams(space, {}, {}, createRandom(1, i)));
  const rate = space.byName.get('rate')!;
  const units = draws.map((params) => axisOf(rate).encode(params.rate!));
  const mean = units.reduce((sum, unit) => sum + unit, 0) / units.length;
  const sd = Math.sqrt(units.reduce((sum, unit) => sum + (unit - mean) ** 2, 0) / units.length);
  expect(mean).toBeCloseTo(0.5, 1);
  expect(Math.abs(sd - 0.1)).toBeLessThan(0.01);
  const share = (name: string, value: unknown) =>
    draws.filter((params) => params[name] === value).length / draws.length;
  expect(share('layers', 3)).toBeGreaterThan(share('layers', 4));
  expect(Math.abs(share('optimizer', 'adam') - 0.75)).toBeLessThan(0.03);
  expect(share('optimizer', 'lamb')).toBe(0);
});

describe('a faulty prior, default or constant is refused with advice:', () => {
  const float = { type: 'float', low: 0, high: 1 };
  const choice = { type: 'categorical', choices: ['a', 'b'] };
  const cases: [string, object, string][] = [
    ['a mean outside', { ...float, prior: { mean: 2, sd: 0.1 } }, 'p.prior.mean: must be at most 1, not 2.'],
    ['no sd', { ...float, prior: { mean: 0.5 } }, 'p.prior.sd: is missing'],
    ['an sd of 0', { ...float, prior: { mean: 0.5, sd: 0 } }, 'p.prior.sd: must be at least 0.001'],
    ['weights of numbers', { ...float, prior: { weights: [1] } }, 'p.prior.weights: is not known here'],
    ['too few weights', { ...choice, prior: { weights: [1] } }, 'has 1 entries for 2 choices'],
    [
      'a negative weight',
      { ...choice, prior: { weights: [1, -1] } },
      'p.prior.weights[1]: must be a number from 0 on',
    ],
    ['no weight at all', { ...choice, prior: { weights: [0, 0] } }, 'are all 0'],
    ['a default outside', { ...float, default: 2 }, 'p.default: must be a number from 0 to 1, not 2.'],
    [
      'a default that is no choice',
      { ...choice, default: 'c' },
      'p.default: must be one of "a", "b", not "c".',
    ],
    ['a constant without value', { type: 'fixed' }, 'p.value: is missing'],
    ['a list as constant', { type: 'fixed', value: [1] }, 'p.value: must be a string'],
    ['a default of a constant', { type: 'fixed', value: 1, default: 1 }, 'p.default: is not known here'],
  ];
  test.each(cases)('%s', (_, parameter, message) => {
    try {
      parseSearchSpace({ p: parameter });
      expect.unreachable();
    } catch (error) {
      expect((error as InputError).message).toContain(
        `searchSpace.${message.startsWith('p.') ? message : ''}`,
      );
      expect((error as InputError).message).toContain(message);
    }
  });
});

test('a constant is in the params of every trial, null as well', () => {
  const space = parseSearchSpace({ seed: { type: 'fixed', value: 7 }, none: { type: 'fixed', value: null } });
  expect(completeParams(space, { seed: 8 }, {}, createRandom(1))).toEqual({ seed: 7, none: null });
});
