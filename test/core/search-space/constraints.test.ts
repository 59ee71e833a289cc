import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { createRandom } from '../../../src/core/random.ts';
import { completeParams } from '../../../src/core/search-space/complete-params.ts';
import { keeps, keepsConstraints } from '../../../src/core/search-space/constraints/linear-constraint.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';
import type { Params } from '../../../src/core/search-space/space.ts';
import { validateParams } from '../../../src/core/search-space/validate-params.ts';
import { anyConstrainedSpace, isFound } from './arbitraries.ts';

const unit = { type: 'float', low: 0, high: 1 };
const whole = { type: 'int', low: 0, high: 100 };

function draws(input: unknown, count: number, suggestion: Params = {}): Params[] {
  const space = parseSearchSpace(input);
  return Array.from({ length: count }, (_, i) => completeParams(space, suggestion, {}, createRandom(7, i)));
}

function faultsOf(input: unknown): string[] {
  try {
    parseSearchSpace(input);
  } catch (error) {
    if (error instanceof InputError) return error.faults.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

test('completed params keep all constraints, whatever was suggested, and are accepted again', () => {
  fc.assert(
    fc.property(anyConstrainedSpace.filter(isFound), fc.integer(), (input, seed) => {
      const space = parseSearchSpace(input);
      const free = parseSearchSpace({ ...input, $constraints: [] });
      const suggestion = completeParams(free, {}, {}, createRandom(seed, 1));
      for (const params of [
        completeParams(space, {}, {}, createRandom(seed)),
        completeParams(space, suggestion, {}, createRandom(seed)),
      ]) {
        expect(keepsConstraints(space, params)).toBe(true);
        expect(validateParams(space, params)).toEqual(params);
        expect(completeParams(space, params, {}, createRandom(seed + 1))).toEqual(params);
      }
    }),
    { numRuns: 100, endOnFailure: true }, // shrinking would look for points where there are none
  );
});

test('the search for a point, which is not exhaustive, misses hardly any space that has one', () => {
  const spaces = fc.sample(anyConstrainedSpace, { numRuns: 1000, seed: 1 });
  expect(spaces.filter((space) => !isFound(space)).length).toBeLessThanOrEqual(1);
});

test('params at the border of a narrow constraint between large numbers are accepted, up to rounding', () => {
  const space = parseSearchSpace({
    p: { type: 'float', low: -1_000_000, high: -999_999.999 },
    $constraints: [{ sum: { p: 3 }, lte: -2_999_999.999999574, gte: -3_000_000.0000304254 }],
  });
  const params = { p: -999_999.9993484282 };
  expect(keepsConstraints(space, params)).toBe(true);
  expect(validateParams(space, params)).toEqual(params);
  expect(() => validateParams(space, { p: -999_999.9 })).toThrow('must be');
});

test('a point is found where a parameter that is seldom there has to be there, or must not be', () => {
  const space = parseSearchSpace({
    gate: { type: 'float', low: 0.0168, high: 0.3023, log: true, prior: { mean: 0.0168, sd: 0.0064 } },
    kind: { type: 'categorical', choices: ['a'], when: { gate: { lte: 0.15955 } } },
    x: { type: 'float', low: 0, high: 506 },
    y: { type: 'int', low: 496, high: 596, when: { kind: 'a', x: { lte: 253 } } },
    $constraints: [{ sum: { x: 5, y: 1 }, lte: 500, gte: 466 }],
  });
  for (let seed = 0; seed < 50; seed++) {
    const params = completeParams(space, {}, {}, createRandom(seed));
    expect(keepsConstraints(space, params)).toBe(true);
  }
});

test('the same stream gives the same params', () => {
  fc.assert(
    fc.property(anyConstrainedSpace.filter(isFound), fc.integer(), (input, seed) => {
      const [a, b] = [1, 2].map(() => completeParams(parseSearchSpace(input), {}, {}, createRandom(seed)));
      expect(a).toEqual(b);
    }),
    { numRuns: 30, endOnFailure: true },
  );
});

test('what a sampler suggests and keeps the constraints stays as it is; the rest moves to the border', () => {
  const space = parseSearchSpace({ a: unit, b: unit, $constraints: [{ sum: { a: 1, b: 1 }, lte: 1 }] });
  expect(completeParams(space, { a: 0.2, b: 0.3 }, {}, createRandom(1))).toEqual({ a: 0.2, b: 0.3 });
  const { a, b } = completeParams(space, { a: 0.8, b: 0.9 }, {}, createRandom(1)) as Record<string, number>;
  expect(a! + b!).toBeCloseTo(1, 9);
});

test('a value that a client has fixed stays, and the others make room for it', () => {
  const space = parseSearchSpace({ a: whole, b: whole, $constraints: [{ sum: { a: 2, b: 3 }, lte: 30 }] });
  for (let i = 0; i < 50; i++) {
    const { a, b } = completeParams(space, {}, { b: 9 }, createRandom(i)) as Record<string, number>;
    expect(b).toBe(9);
    expect([0, 1]).toContain(a);
  }
});

test('draws that keep a loose constraint are as likely as the prior has them', () => {
  const points = draws({ a: unit, b: unit, $constraints: [{ sum: { a: 1, b: 1 }, lte: 1 }] }, 4000);
  // Uniform on the triangle: the mean of each coordinate is 1/3.
  for (const name of ['a', 'b']) {
    const mean = points.reduce((sum, point) => sum + (point[name] as number), 0) / points.length;
    expect(Math.abs(mean - 1 / 3)).toBeLessThan(0.02);
  }
});

test('a slab too thin to hit by chance is still filled along its whole length', () => {
  const points = draws(
    { a: unit, b: unit, $constraints: [{ sum: { a: 1, b: -1 }, lte: 1e-6, gte: -1e-6 }] },
    500,
  );
  const quarters = new Set(points.map(({ a }) => Math.floor((a as number) * 4)));
  expect(quarters.size).toBe(4);
});

test('integers are found where hardly any keep the constraints', () => {
  // 17 a + 13 b = 989: a handful of the 10,201 pairs.
  const pairs = draws(
    { a: whole, b: whole, $constraints: [{ sum: { a: 17, b: 13 }, lte: 989.5, gte: 988.5 }] },
    60,
  );
  for (const { a, b } of pairs) expect(17 * (a as number) + 13 * (b as number)).toBe(989);
  expect(new Set(pairs.map(({ a }) => a)).size).toBeGreaterThan(1);
});

test('a parameter that does not exist adds nothing, and a constraint without any does not apply', () => {
  const space = parseSearchSpace({
    layers: { type: 'int', low: 0, high: 2 },
    first: { ...whole, when: { layers: { gte: 1 } } },
    second: { ...whole, when: { layers: 2 } },
    $constraints: [{ sum: { first: 1, second: 1 }, gte: 60, lte: 90 }],
  });
  const seen = new Set<unknown>();
  for (let i = 0; i < 300; i++) {
    const {
      layers,
      first = 0,
      second = 0,
    } = completeParams(space, {}, {}, createRandom(i)) as Record<string, number>;
    seen.add(layers);
    if (layers! > 0) expect(first + second).toBeGreaterThanOrEqual(60);
    expect(first + second).toBeLessThanOrEqual(90);
  }
  expect(seen.size).toBe(3);
});

test('a constraint under a condition holds only there', () => {
  const constraint = { sum: { a: 1 }, lte: 10, when: { mode: 'small' } };
  const points = draws(
    { mode: { type: 'categorical', choices: ['small', 'large'] }, a: whole, $constraints: [constraint] },
    400,
  );
  expect(points.every((params) => keeps(constraint, params))).toBe(true);
  expect(points.some(({ a }) => (a as number) > 10)).toBe(true);
  expect(points.some(({ mode }) => mode === 'small')).toBe(true);
});

test('choices that are numbers, and constants, can be summed', () => {
  const batch = { type: 'categorical', choices: [256, 32, 64], ordered: true };
  const reserve = { type: 'fixed', value: 100 };
  const points = draws({ batch, reserve, $constraints: [{ sum: { batch: 1, reserve: 1 }, lte: 170 }] }, 100);
  expect(new Set(points.map((point) => point.batch))).toEqual(new Set([32, 64]));
});

test('logarithmic and stepped parameters keep their grids and ranges', () => {
  const points = draws(
    {
      rate: { type: 'float', low: 1e-5, high: 1, log: true },
      units: { type: 'int', low: 1, high: 1024, log: true },
      share: { type: 'float', low: 0, high: 1, step: 0.1 },
      $constraints: [{ sum: { rate: 1000, units: 1, share: 100 }, lte: 20 }],
    },
    200,
  );
  for (const { rate, units, share } of points) {
    expect([0, 0.1]).toContain(share);
    expect(1000 * (rate as number) + (units as number) + 100 * (share as number)).toBeLessThanOrEqual(
      20.000001,
    );
  }
});

describe('constraints that cannot be kept are refused:', () => {
  const cases: [string, object, string][] = [
    [
      'one alone',
      { a: unit, b: unit, $constraints: [{ sum: { a: 1, b: 1 }, gte: 3 }] },
      'searchSpace.$constraints[0]: can never hold: a + b >= 3, but the sum is always 2 or less.',
    ],
    [
      'two together, and not the third',
      {
        a: unit,
        b: unit,
        $constraints: [
          { sum: { a: 1, b: 1 }, lte: 0.5 },
          { sum: { a: 1, b: -1 }, lte: 0.9 },
          { sum: { a: 1 }, gte: 0.6 },
        ],
      },
      'searchSpace.$constraints: cannot be kept together: a + b <= 0.5, a >= 0.6; loosen one.',
    ],
    [
      'one that no integers keep',
      { a: whole, b: whole, $constraints: [{ sum: { a: 2, b: 4 }, gte: 6.5, lte: 7.5 }] },
      'searchSpace.$constraints[0]: cannot be kept: 6.5 <= 2 a + 4 b <= 7.5; loosen it.',
    ],
  ];
  test.each(cases)('%s', (_, input, message) => {
    expect(faultsOf(input)).toEqual([message]);
  });
});

describe('a faulty constraint is refused with advice:', () => {
  const optimizer = { type: 'categorical', choices: ['sgd', 'adam'] };
  const cases: [string, unknown, string][] = [
    ['no list', {}, '$constraints: must be a list of constraints, not an object.'],
    ['no object', [3], '$constraints[0]: must be an object, not 3.'],
    ['no sum', [{ lte: 1 }], '$constraints[0].sum: must be an object of factors by parameter'],
    ['an empty sum', [{ sum: {}, lte: 1 }], '$constraints[0].sum: is empty'],
    [
      'an unknown parameter',
      [{ sum: { aa: 1 }, lte: 1 }],
      '$constraints[0].sum.aa: is not a parameter of this space. Did you mean "a"?',
    ],
    [
      'a parameter of words',
      [{ sum: { optimizer: 1 }, lte: 1 }],
      'which is not always a number: it is one of "sgd", "adam".',
    ],
    [
      'a factor of 0',
      [{ sum: { a: 0 }, lte: 1 }],
      '$constraints[0].sum.a: must be a finite number other than 0',
    ],
    ['a factor as text', [{ sum: { a: '2' }, lte: 1 }], 'must be a finite number other than 0, not "2"'],
    ['a factor too large', [{ sum: { a: 1e305 }, lte: 1 }], 'too large for the arithmetic'],
    ['no bound', [{ sum: { a: 1 } }], '$constraints[0]: bounds nothing; give lte, gte or both.'],
    [
      'an equality',
      [{ sum: { a: 1, b: 1 }, lte: 1, gte: 1 }],
      'leave out a parameter that the others determine',
    ],
    ['bounds that are swapped', [{ sum: { a: 1 }, lte: 0, gte: 1 }], 'which leaves no sum; swap them.'],
    [
      'a mistyped key',
      [{ sum: { a: 1 }, lt: 1 }],
      '$constraints[0].lt: is not known here. Did you mean "lte"?',
    ],
    [
      'a faulty condition',
      [{ sum: { a: 1 }, lte: 1, when: { optimizer: 'x' } }],
      '$constraints[0].when.optimizer: is "x"',
    ],
    ['too many', Array.from({ length: 33 }, () => ({ sum: { a: 1 }, lte: 1 })), 'has 33 entries; at most 32'],
  ];
  test.each(cases)('%s', (_, constraints, message) => {
    const faults = faultsOf({ a: unit, b: unit, optimizer, $constraints: constraints });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(message);
  });

  test('too many parameters', () => {
    const many = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`p${i}`, unit]));
    const sum = Object.fromEntries(Object.keys(many).map((name) => [name, 1]));
    expect(faultsOf({ ...many, $constraints: [{ sum, lte: 3 }] })).toEqual([
      'searchSpace.$constraints: are about 33 different parameters; at most 32 are allowed.',
    ]);
  });
});

describe('params of a client are refused', () => {
  const space = parseSearchSpace({
    a: whole,
    b: whole,
    c: unit,
    $constraints: [
      { sum: { a: 1, b: 2 }, lte: 10 },
      { sum: { a: 1 }, gte: 3 },
    ],
  });
  test.each<[string, Params, string]>([
    ['where they break a constraint', { a: 5, b: 5 }, 'params: break the constraint a + 2 b <= 10;'],
    ['where no other values mend it', { b: 6 }, 'params: break the constraint a + 2 b <= 10;'],
    [
      'where only all constraints together leave nothing',
      { b: 4 },
      'params: leave no values for the other parameters',
    ],
  ])('%s', (_, params, message) => {
    expect(() => validateParams(space, params)).toThrow(message);
  });

  test('but not for what others can still mend', () => {
    expect(validateParams(space, { b: 3 })).toEqual({ b: 3 });
    expect(validateParams(space, { c: 0.5 })).toEqual({ c: 0.5 });
  });
});

test('as many constraints and parameters as are allowed take no longer than a suggestion may', () => {
  const many = Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`p${i}`, i % 2 ? unit : whole]));
  const names = Object.keys(many);
  const $constraints = Array.from({ length: 32 }, (_, i) => ({
    sum: Object.fromEntries(names.map((name, k) => [name, 1 + ((i * k) % 7)])),
    lte: 20,
    gte: 4,
  }));
  const space = parseSearchSpace({ ...many, $constraints });
  for (let i = 0; i < 5; i++) {
    const params = completeParams(space, {}, {}, createRandom(i));
    expect(keepsConstraints(space, params)).toBe(true);
  }
});
