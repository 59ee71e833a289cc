import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CallerError, InputError } from '../../../src/core/errors.ts';
import { createRandom } from '../../../src/core/random.ts';
import { completeParams } from '../../../src/core/search-space/complete-params.ts';
import { meets } from '../../../src/core/search-space/condition.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';
import { anySpace } from './arbitraries.ts';

const unit = { type: 'float', low: 0, high: 1 };
const optimizer = { type: 'categorical', choices: ['sgd', 'adam'] };

function faultsOf(input: unknown): string[] {
  try {
    parseSearchSpace(input);
  } catch (error) {
    if (error instanceof InputError) return error.faults.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

test('a sound space is read as it was written, without its defaults', () => {
  const space = parseSearchSpace({
    rate: { type: 'float', low: 1e-5, high: 0.1, log: true, step: null },
    layers: { type: 'int', low: 1, high: 4, log: false },
    optimizer,
    momentum: { ...unit, when: { optimizer: 'sgd', layers: { gte: 2, lt: 4 } } },
  });
  expect(space.parameters).toEqual([
    { name: 'rate', type: 'float', low: 1e-5, high: 0.1, log: true },
    { name: 'layers', type: 'int', low: 1, high: 4 },
    { name: 'optimizer', ...optimizer },
    { name: 'momentum', ...unit, when: { optimizer: 'sgd', layers: { gte: 2, lt: 4 } } },
  ]);
  expect(space.byName.get('layers')).toBe(space.parameters[1]);
});

test('a checked space is accepted again', () => {
  fc.assert(
    fc.property(anySpace, (space) => {
      const written = Object.fromEntries(space.parameters.map(({ name, ...parameter }) => [name, parameter]));
      expect(parseSearchSpace(JSON.parse(JSON.stringify(written)))).toEqual(space);
    }),
  );
});

test('parents come before their children, otherwise the order is kept', () => {
  const space = parseSearchSpace({
    momentum: { ...unit, when: { optimizer: 'sgd' } },
    rate: unit,
    optimizer: { ...optimizer, when: { deep: true } },
    deep: { type: 'categorical', choices: [true, false] },
  });
  expect(space.parameters.map(({ name }) => name)).toEqual(['deep', 'optimizer', 'momentum', 'rate']);
});

test('every fault is reported at once, each at its path', () => {
  expect(
    faultsOf({
      rate: { type: 'float', low: 0, high: 1, log: true },
      width: { type: 'int', low: 8, high: 4 },
      depth: { type: 'int', low: 1.5, high: Number.NaN },
      kind: { type: 'choice', choices: [] },
      '': unit,
    }),
  ).toEqual([
    'searchSpace.rate.low: is 0, but log needs a range above 0; make it above 0 or leave log out.',
    'searchSpace.width.low: is 8, which is above high (4); swap them.',
    'searchSpace.depth.low: must be an integer of at most 53 bits, not 1.5.',
    'searchSpace.depth.high: must be a finite number, not NaN.',
    'searchSpace.kind.type: must be one of float, int, categorical, fixed, not "choice".',
    'searchSpace[""]: has an empty name; give it one.',
  ]);
});

describe('a faulty parameter is refused with advice:', () => {
  const cases: [string, unknown, string][] = [
    ['no object', 3, 'must be an object'],
    ['a list', [unit], 'must be an object'],
    ['no type', { low: 0, high: 1 }, 'type: is missing'],
    ['a mistyped type', { ...unit, type: 'flaot' }, 'Did you mean "float"?'],
    ['a mistyped key', { ...unit, lgo: true }, 'p.lgo: is not known here. Did you mean "log"?'],
    ['a key of another type', { ...unit, choices: [1] }, 'p.choices: is not known here'],
    ['a missing end', { type: 'int', low: 0 }, 'p.high: is missing'],
    ['a number as text', { ...unit, high: '1' }, 'p.high: must be a finite number, not "1"'],
    ['an infinite end', { ...unit, high: Number.POSITIVE_INFINITY }, 'p.high: must be a finite number'],
    ['an integer beyond 53 bits', { type: 'int', low: 0, high: 2 ** 60 }, 'p.high: must be an integer'],
    ['a range too wide', { type: 'float', low: -1.7e308, high: 1.7e308 }, 'too wide'],
    ['log of a negative number', { type: 'float', low: -1, high: 1, log: true }, 'p.low: is -1, but log'],
    ['log of integer zero', { type: 'int', low: 0, high: 9, log: true }, 'p.low: is 0, but log'],
    ['log as text', { ...unit, log: 'yes' }, 'p.log: must be true or false'],
    ['log with step', { type: 'int', low: 1, high: 9, log: true, step: 2 }, 'p.step: cannot go with log'],
    ['step zero', { ...unit, step: 0 }, 'p.step: must be above 0'],
    ['a negative step', { ...unit, step: -0.1 }, 'p.step: must be above 0'],
    ['a broken step of integers', { type: 'int', low: 0, high: 9, step: 1.5 }, 'p.step: must be an integer'],
    ['a step that does not fit', { type: 'int', low: 0, high: 9, step: 2 }, 'set high to 8'],
    ['a step above the range', { ...unit, step: 3 }, 'make it smaller'],
    ['a step too small to count', { ...unit, step: 1e-300 }, 'p.step: is 1e-300, which is too small'],
    ['no choices', { type: 'categorical' }, 'p.choices: must be a list'],
    ['empty choices', { type: 'categorical', choices: [] }, 'p.choices: is empty'],
    [
      'repeated choices',
      { type: 'categorical', choices: ['a', 'b', 'a'] },
      'p.choices[2]: repeats choice 0 ("a")',
    ],
    ['a nested choice', { type: 'categorical', choices: [[1]] }, 'p.choices[0]: must be a string'],
    ['a NaN choice', { type: 'categorical', choices: [Number.NaN] }, 'p.choices[0]: must be a string'],
    [
      'too many choices',
      { type: 'categorical', choices: Array.from({ length: 10_001 }, (_, i) => i) },
      'at most 10000',
    ],
    ['a condition that is no object', { ...unit, when: 'x' }, 'p.when: must be an object'],
  ];
  test.each(cases)('%s', (_, parameter, message) => {
    const faults = faultsOf({ p: parameter });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(message);
  });
});

describe('a faulty condition is refused with advice:', () => {
  const parents = {
    optimizer,
    layers: { type: 'int', low: 1, high: 9, step: 2 },
    rate: unit,
    size: { type: 'categorical', choices: [8, 16] },
  };
  const cases: [string, unknown, string][] = [
    [
      'an unknown parent',
      { optimiser: 'sgd' },
      'when.optimiser: is not a parameter of this space. Did you mean "optimizer"?',
    ],
    ['the parameter itself', { p: 1 }, 'when.p: is the parameter itself'],
    [
      'a value that is no choice',
      { optimizer: 'adamw' },
      'is "adamw", but "optimizer" is always one of "sgd", "adam"',
    ],
    [
      'a value off the grid',
      { layers: 2 },
      'is 2, but "layers" is always an integer from 1 to 9 in steps of 2',
    ],
    [
      'one of a list that is no choice',
      { optimizer: { in: ['sgd', 'rms'] } },
      'when.optimizer.in[1]: is "rms"',
    ],
    ['an empty list', { optimizer: { in: [] } }, 'when.optimizer.in: must be a list of at least one value'],
    ['a comparison of strings', { optimizer: { gte: 1 } }, 'compares "optimizer" with a number'],
    ['a comparison with text', { layers: { gte: '2' } }, 'when.layers.gte: must be a finite number'],
    [
      'a mistyped comparison',
      { layers: { gt3: 2 } },
      'when.layers.gt3: is not known here. Did you mean "gt"?',
    ],
    ['an empty test', { layers: {} }, 'tests nothing'],
    ['a list as a test', { layers: [1] }, 'must be an object, not a list'],
    ['a range the parent never reaches', { layers: { gt: 9 } }, 'can never hold: no value of "layers"'],
    ['a range between two steps', { layers: { gt: 1, lt: 3 } }, 'can never hold'],
    ['a range that excludes itself', { rate: { gt: 0.6, lt: 0.4 } }, 'can never hold'],
    ['a list that the comparison excludes', { size: { in: [8], gt: 8 } }, 'can never hold'],
    ['one point of a continuous range', { rate: 0.5 }, 'which a continuous range never is'],
  ];
  test.each(cases)('%s', (_, when, message) => {
    const faults = faultsOf({ ...parents, p: { ...unit, when } });
    expect(faults.filter((fault) => fault.includes(message))).toHaveLength(1);
    expect(faults.every((fault) => fault.startsWith('searchSpace.p.when'))).toBe(true);
  });

  test('a circle, which is named', () => {
    const switched = (parent: string) => ({ type: 'categorical', choices: [1, 2], when: { [parent]: 1 } });
    expect(faultsOf({ a: switched('c'), b: switched('a'), c: switched('b') })).toEqual([
      'searchSpace.a.when: leads back to itself: a -> c -> b -> a; drop one of these conditions.',
    ]);
  });

  test('but not one on a parent whose own fault is told', () => {
    expect(faultsOf({ p: { ...unit, when: { q: 1 } }, q: { type: 'int', low: 3, high: 1 } })).toHaveLength(1);
  });
});

test('comparisons that some value meets are accepted', () => {
  const layers = { type: 'int', low: 1, high: 9, step: 2 };
  for (const when of [{ gt: 1, lt: 4 }, { gte: 9 }, { lte: 1 }, { gt: 8.5 }, { in: [1, 3], gt: 1 }]) {
    expect(faultsOf({ layers, p: { ...unit, when: { layers: when } } })).toEqual([]);
  }
});

test('names that cannot be keys are refused', () => {
  const input = JSON.parse('{"__proto__": {"type": "int", "low": 1, "high": 2}, "$where": {}}');
  expect(faultsOf({ [`x`.repeat(201)]: unit })[0]).toContain('has a name of 201 characters');
  expect(faultsOf(input)).toContain('searchSpace.__proto__: has a name that is reserved; choose another.');
  expect(faultsOf(input).join()).toContain('searchSpace.$where: has a name that starts with "$"');
  expect(({} as { type?: string }).type).toBeUndefined();
});

test('names of object methods are ordinary names', () => {
  const space = parseSearchSpace({ constructor: unit, p: { ...unit, when: { constructor: { gt: 0.5 } } } });
  expect(space.parameters.map(({ name }) => name)).toEqual(['constructor', 'p']);
  expect(faultsOf({ p: { ...unit, when: { toString: 1 } } })[0]).toContain('is not a parameter');
});

test('inherited fields are not read', () => {
  expect(faultsOf({ p: Object.create({ type: 'int', low: 1, high: 2 }) })[0]).toContain('type: is missing');
});

test('more than a thousand parameters are too large', () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, unit]));
  expect(parseSearchSpace(many(1000)).parameters).toHaveLength(1000);
  try {
    parseSearchSpace(many(10_000));
    expect.unreachable();
  } catch (error) {
    expect((error as CallerError).code).toBe('TOO_LARGE');
    expect((error as CallerError).message).toContain('has 10000 parameters; at most 1000');
  }
});

test('whatever comes in, the answer is a space or a fault of the caller', () => {
  fc.assert(
    fc.property(fc.anything(), (input) => {
      try {
        parseSearchSpace(input);
      } catch (error) {
        expect(error).toBeInstanceOf(CallerError);
      }
    }),
  );
  const field = fc.anything();
  const parameter = fc.record(
    {
      type: fc.constantFrom('int', 'float', 'categorical'),
      low: field,
      high: field,
      step: field,
      choices: field,
      when: field,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), parameter), (input) => {
      try {
        parseSearchSpace(input);
      } catch (error) {
        expect(error).toBeInstanceOf(CallerError);
      }
    }),
  );
});

describe('parameters that can never exist are refused, the first of each line:', () => {
  const mode = { type: 'categorical', choices: ['a', 'b', 'c'] };
  test('where a parent exists only under the contrary', () => {
    expect(
      faultsOf({
        mode,
        x: { ...unit, when: { mode: 'a' } },
        y: { ...unit, when: { mode: 'b', x: { gt: 0.5 } } },
        z: { ...unit, when: { y: { gt: 0.5 } } },
      }),
    ).toEqual([
      'searchSpace.y.when: can never hold: for "y" to exist, "mode" would have to be two values at once, but it is one of "a", "b", "c"; loosen a condition of "y" or of what it depends on.',
    ]);
  });

  test('where two parents need ranges that do not meet', () => {
    const layers = { type: 'int', low: 1, high: 9 };
    const faults = faultsOf({
      layers,
      x: { ...unit, when: { layers: { gte: 6 } } },
      y: { ...unit, when: { layers: { lt: 6 } } },
      z: { ...unit, when: { x: { gt: 0 }, y: { gt: 0 } } },
    });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('"layers" would have to be >= 6 and < 6');
  });

  test('but not where two lists have a value in common', () => {
    expect(
      faultsOf({
        mode,
        x: { ...unit, when: { mode: { in: ['a', 'b'] } } },
        y: { ...unit, when: { mode: { in: ['b', 'c'] }, x: { gt: 0.5 } } },
      }),
    ).toEqual([]);
  });

  test('a thousand nested conditions are read', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => [
        `p${i}`,
        { ...unit, ...(i > 0 ? { when: { [`p${i - 1}`]: { gt: 0.1 } } } : {}) },
      ]),
    );
    expect(parseSearchSpace(chain).parameters).toHaveLength(1000);
  });
});

test('a parameter exists exactly where all its conditions hold, nested and with several parents', () => {
  fc.assert(
    fc.property(anySpace, fc.integer(), (space, seed) => {
      const params = completeParams(space, {}, {}, createRandom(seed));
      const exists = (name: string): boolean =>
        Object.entries(space.byName.get(name)!.when ?? {}).every(
          ([parent, demand]) => exists(parent) && meets(demand, params[parent]!),
        );
      for (const { name } of space.parameters) expect(Object.hasOwn(params, name)).toBe(exists(name));
    }),
  );
});
