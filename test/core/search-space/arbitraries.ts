import fc from 'fast-check';
import type { JsonScalar } from '../../../src/core/json.ts';
import { axisOf } from '../../../src/core/search-space/axis.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';
import type { Condition, Parameter, SearchSpace } from '../../../src/core/search-space/space.ts';

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const floats: fc.Arbitrary<Parameter> = fc
  .tuple(finite(-1e6, 1e6), finite(1e-3, 1e6))
  .map(([low, width]) => ({ type: 'float', low, high: low + width }));
const logFloats: fc.Arbitrary<Parameter> = fc
  .tuple(finite(1e-8, 1), finite(1.01, 1e6))
  .map(([low, factor]) => ({ type: 'float', low, high: low * factor, log: true }));
const steppedFloats: fc.Arbitrary<Parameter> = fc
  .tuple(
    fc.integer({ min: -50, max: 50 }),
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom(0.1, 0.25, 3, 0.001),
  )
  .map(([start, steps, step]) => ({ type: 'float', low: start * step, high: (start + steps) * step, step }));
const ints: fc.Arbitrary<Parameter> = fc
  .tuple(fc.integer({ min: -1000, max: 1000 }), fc.nat({ max: 100 }), fc.integer({ min: 1, max: 7 }))
  .map(([low, steps, step]) => ({ type: 'int', low, high: low + steps * step, step }));
const logInts: fc.Arbitrary<Parameter> = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.nat({ max: 100_000 }))
  .map(([low, width]) => ({ type: 'int', low, high: low + width, log: true }));
const categoricals: fc.Arbitrary<Parameter> = fc
  .tuple(
    fc.uniqueArray(fc.oneof(fc.string({ maxLength: 4 }), fc.integer(), fc.boolean(), fc.constant(null)), {
      minLength: 1,
      maxLength: 6,
    }),
    fc.boolean(),
  )
  .map(([choices, ordered]) => ({ type: 'categorical', choices, ...(ordered ? { ordered } : {}) }));

/** Any one parameter, without a condition. */
export const anyParameter: fc.Arbitrary<Parameter> = fc.oneof(
  floats,
  logFloats,
  steppedFloats,
  ints,
  logInts,
  categoricals,
);

/** A condition that the parent meets at the coordinate `unit`. */
function conditionOn(name: string, parent: Parameter, unit: number): Condition {
  const value: JsonScalar = axisOf(parent).decode(unit);
  if (parent.type === 'categorical') return { [name]: unit < 0.5 ? value : { in: [value] } };
  if (axisOf(parent).cells === Number.POSITIVE_INFINITY) return { [name]: { lt: parent.high } };
  return { [name]: unit < 0.5 ? (value as number) : { gte: value as number } };
}

/** A checked space of up to six parameters, where any may depend on an earlier one. */
export const anySpace: fc.Arbitrary<SearchSpace> = fc
  .array(fc.tuple(anyParameter, fc.option(fc.nat({ max: 5 })), finite(0, 1)), { minLength: 1, maxLength: 6 })
  .map((drafts) => {
    const entries = drafts.map(([parameter, parent, unit], i): [string, Parameter] => {
      if (parent === null || parent >= i) return [`p${i}`, parameter];
      return [`p${i}`, { ...parameter, when: conditionOn(`p${parent}`, drafts[parent]![0], unit) }];
    });
    // Children first, to see that the order is mended.
    return parseSearchSpace(Object.fromEntries(entries.reverse()));
  });
