import fc from 'fast-check';
import type { JsonScalar } from '../../../src/core/json.ts';
import { axisOf } from '../../../src/core/search-space/axis.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';
import type {
  FloatParameter,
  LinearConstraint,
  Parameter,
  SearchSpace,
  SearchSpaceInput,
  Test,
} from '../../../src/core/search-space/space.ts';

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

/** A test that the parent passes at the coordinate `unit`. */
function testOf(parent: Parameter, unit: number, kind: number): Test {
  const axis = axisOf(parent);
  const value: JsonScalar = axis.decode(unit);
  if (axis.cells === Number.POSITIVE_INFINITY) {
    const { low, high } = parent as FloatParameter;
    const middle = low + (high - low) / 2;
    return kind === 0 ? { lt: high } : (value as number) <= middle ? { lte: middle } : { gte: low };
  }
  if (kind === 0) return value;
  if (kind === 1) return { in: [...new Set([value, axis.decode(0), axis.decode(1)])] };
  return parent.type === 'categorical' ? { in: [value] } : { gte: value as number };
}

const unit = finite(0, 1);
const positions = fc.integer({ min: 0, max: 2 });
const drafts = fc.array(
  fc.record({
    parameter: anyParameter,
    /** Where all parameters together meet all their conditions. */
    witness: unit,
    parents: fc.array(fc.tuple(fc.nat({ max: 7 }), positions), { maxLength: 3 }),
    hasDefault: fc.boolean(),
    prior: fc.option(fc.record({ mean: unit, sd: finite(0.001, 2), weight: unit })),
    factor: fc.integer({ min: -5, max: 5 }),
  }),
  { minLength: 1, maxLength: 6 },
);
const bounds = fc.array(
  fc.record({
    shift: fc.nat({ max: 7 }),
    room: finite(1e-4, 0.3),
    both: fc.boolean(),
    last: fc.nat({ max: 7 }),
  }),
  { maxLength: 3 },
);

/** A space as a client writes it: up to six parameters under conditions on earlier ones, and without constraints. */
export const anyWrittenSpace = drafts.map(written);

/** The same with up to three constraints, which some setting keeps. */
export const anyConstrainedSpace = fc.tuple(drafts, bounds).map(([drawn, limits]) => {
  const space = written(drawn);
  const constraints = limits.flatMap(({ shift, room, both, last }): LinearConstraint[] => {
    const sum: Record<string, number> = {};
    let [total, width] = [0, 0];
    drawn.forEach(({ parameter, witness, factor }, i) => {
      if (i > last || factor === 0 || parameter.type === 'categorical') return;
      // A turned list of factors, so that the constraints of one space differ.
      const turned = drawn[(i + shift) % drawn.length]!.factor || factor;
      sum[`p${i}`] = turned;
      total += turned * (axisOf(parameter).decode(witness) as number);
      width += Math.abs(turned) * (parameter.high - parameter.low);
    });
    if (width === 0) return [];
    const lte = total + room * width;
    return [{ sum, lte, ...(both ? { gte: total - (room + 0.01) * width } : {}) }];
  });
  return constraints.length === 0 ? space : { ...space, $constraints: constraints };
});

type Draft = typeof drafts extends fc.Arbitrary<(infer D)[]> ? D : never;

function written(drawn: readonly Draft[]): SearchSpaceInput {
  const entries = drawn.map(({ parameter, parents, hasDefault, prior, witness }, i) => {
    const known = new Map(parents.filter(([parent]) => parent < i));
    const when = Object.fromEntries(
      [...known].map(([parent, kind]) => {
        const { parameter: other, witness: at } = drawn[parent]!;
        return [`p${parent}`, testOf(other, at, kind)];
      }),
    );
    const full = {
      ...parameter,
      ...(hasDefault ? { default: axisOf(parameter).decode(witness) } : {}),
      ...(prior === null ? {} : { prior: priorFor(parameter, prior) }),
      ...(known.size === 0 ? {} : { when }),
    };
    return [`p${i}`, full] as [string, Parameter];
  });
  // Children first, to see that the order is mended.
  return Object.fromEntries(entries.reverse());
}

function priorFor(parameter: Parameter, { mean, sd, weight }: { mean: number; sd: number; weight: number }) {
  if (parameter.type !== 'categorical') return { mean: axisOf(parameter).decode(mean), sd };
  return { weights: parameter.choices.map((_, i) => (i === 0 ? 1 : (weight * i) % 1)) };
}

/** A checked space without constraints. */
export const anySpace: fc.Arbitrary<SearchSpace> = anyWrittenSpace.map((space) => parseSearchSpace(space));

/** Constraints that hardly any setting keeps are refused where the search for one comes to its end, and say so. */
export function isFound(written: object): boolean {
  try {
    parseSearchSpace(written);
    return true;
  } catch (error) {
    if (!String(error).includes('as far as was searched')) throw error;
    return false;
  }
}
