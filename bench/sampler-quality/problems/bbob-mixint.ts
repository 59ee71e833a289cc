import { createRandom } from '../../../src/core/random.ts';
import type { Parameter, SearchSpaceInput } from '../../../src/core/search-space/space.ts';
import { lossRegret, medianOf, minimizeLoss, type QualityProblem } from '../problem.ts';
import { medianSamples } from './bbob.ts';
import { bbobFunctions } from './bbob-functions.ts';

/** The values of a fifth of the coordinates each; infinitely many in the last. */
const arities = [2, 4, 8, 16, Number.POSITIVE_INFINITY];
/** Up to so many values a coordinate is an unordered choice, and above it an integer. */
const mostChoices = 4;
const letters = ['a', 'b', 'c', 'd'];

/**
 * The BBOB functions with four fifths of their coordinates made discrete (Tusar, Brockhoff and Hansen 2019, "Mixed-
 * integer benchmark problems for single- and bi-objective optimization"): l values, 10 / (l + 1) apart, and the
 * function moved so that its optimum is one of them. Beyond the paper, the coordinates of few values are choices whose
 * order the seed shuffles.
 */
export const bbobMixintProblems: readonly QualityProblem[] = bbobFunctions.flatMap(
  ({ number, name, heldBack, instance }) =>
    [5, 10].map((dimensions): QualityProblem => {
      const arityOf = (d: number): number => arities[Math.floor((d * arities.length) / dimensions)]!;
      const names = Array.from({ length: dimensions }, (_, d) => `x${d}`);
      return {
        name: `f${number}-${name}-mixed-${dimensions}d`,
        family: 'bbob-mixint',
        heldBack,
        searchSpace: Object.fromEntries(
          names.map((x, d) => [x, parameterOf(arityOf(d))]),
        ) satisfies SearchSpaceInput,
        objectives: minimizeLoss,
        constraints: [],
        instance: (seed) => {
          const random = createRandom(seed, number, dimensions, 1);
          const { evaluate, optimum } = instance(dimensions, random);
          const places = names.map((_, d) => placesOf(arityOf(d), random.uniform()));
          const moved = optimum.map((value, d) => nearest(value, arityOf(d)) - value);
          const at = (x: readonly number[]) => evaluate(x.map((value, d) => value - moved[d]!));
          const drawn = Array.from({ length: medianSamples }, () =>
            at(
              names.map((_, d) => {
                const arity = arityOf(d);
                return Number.isFinite(arity)
                  ? valueAt(random.integer(arity), arity)
                  : 10 * random.uniform() - 5;
              }),
            ),
          );
          const median = medianOf(drawn);
          return {
            evaluate: (params) => ({
              loss: at(
                names.map((x, d) => {
                  const arity = arityOf(d);
                  const value = params[x]!;
                  if (typeof value === 'string') return valueAt(places[d]![letters.indexOf(value)]!, arity);
                  return Number.isFinite(arity) ? valueAt(value as number, arity) : (value as number);
                }),
              ),
            }),
            regret: (told) => lossRegret(told, 0, median),
          };
        },
      };
    }),
);

function parameterOf(arity: number): Parameter {
  if (arity <= mostChoices) return { type: 'categorical', choices: letters.slice(0, arity) };
  if (Number.isFinite(arity)) return { type: 'int', low: 0, high: arity - 1 };
  return { type: 'float', low: -5, high: 5 };
}

function valueAt(place: number, arity: number): number {
  return -5 + (10 * (place + 1)) / (arity + 1);
}

function nearest(value: number, arity: number): number {
  if (!Number.isFinite(arity)) return value;
  const place = Math.round(((value + 5) * (arity + 1)) / 10) - 1;
  return valueAt(Math.min(arity - 1, Math.max(0, place)), arity);
}

/** Where each choice lies: one of the orders of so many, by a uniform number (Lehmer's code). */
function placesOf(arity: number, unit: number): readonly number[] {
  if (arity > mostChoices) return [];
  const left = Array.from({ length: arity }, (_, k) => k);
  let rest = unit;
  return letters.slice(0, arity).map(() => {
    const scaled = rest * left.length;
    rest = scaled - Math.floor(scaled);
    return left.splice(Math.floor(scaled), 1)[0]!;
  });
}
