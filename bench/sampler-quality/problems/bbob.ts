import { createRandom } from '../../../src/core/random.ts';
import { lossRegret, medianOf, minimizeLoss, type QualityProblem } from '../problem.ts';
import { bbobFunctions } from './bbob-functions.ts';

/** Settings drawn to know what a poor trial is. */
export const medianSamples = 401;

/** Every function in 5 and 10 dimensions over [-5, 5], moved and rotated by the seed. */
export const bbobProblems: readonly QualityProblem[] = bbobFunctions.flatMap(
  ({ number, name, heldBack, instance }) =>
    [5, 10].map((dimensions): QualityProblem => {
      const names = Array.from({ length: dimensions }, (_, i) => `x${i}`);
      return {
        name: `f${number}-${name}-${dimensions}d`,
        family: 'bbob',
        heldBack,
        searchSpace: Object.fromEntries(names.map((x) => [x, { type: 'float', low: -5, high: 5 }])),
        objectives: minimizeLoss,
        constraints: [],
        instance: (seed) => {
          const random = createRandom(seed, number, dimensions);
          const { evaluate } = instance(dimensions, random);
          const drawn = Array.from({ length: medianSamples }, () =>
            evaluate(names.map(() => 10 * random.uniform() - 5)),
          );
          const median = medianOf(drawn);
          return {
            evaluate: (params) => ({ loss: evaluate(names.map((x) => params[x] as number)) }),
            regret: (told) => lossRegret(told, 0, median),
          };
        },
      };
    }),
);
