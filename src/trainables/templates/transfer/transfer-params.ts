import * as z from 'zod';
import type { SearchSpaceInput } from '../../../core/search-space/space.ts';
import { trainingParams, trainingSpace } from '../training-params.ts';

/** More than any model has. */
const allLayers = 10_000;

export const transferParams = z.strictObject({
  /** The layers with weights, from the input on, that stay as they are; by default all, the cheapest. */
  frozenLayers: z
    .int('must be a whole number')
    .min(0, 'must be 0 or more')
    .max(allLayers, `must be at most ${allLayers}`)
    .default(allLayers),
  /** What becomes of features that still have sides. */
  pooling: z.enum(['average', 'max', 'flatten'], 'must be average, max or flatten').default('average'),
  /** Hidden layers of the new head. */
  headLayers: z
    .int('must be a whole number')
    .min(0, 'must be 0 or more')
    .max(3, 'must be at most 3')
    .default(0),
  units: z
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(65_536, 'must be at most 65536')
    .default(128),
  ...trainingParams,
});
export type TransferParams = z.infer<typeof transferParams>;

export const transferSpace = {
  frozenLayers: { type: 'int', low: 0, high: 16 },
  pooling: { type: 'categorical', choices: ['average', 'max', 'flatten'] },
  headLayers: { type: 'int', low: 0, high: 2 },
  units: { type: 'int', low: 32, high: 512, log: true, when: { headLayers: { gte: 1 } } },
  ...trainingSpace,
  // What was learnt before must not be thrown over at once.
  learningRate: { type: 'float', low: 1e-5, high: 1e-2, log: true },
} as const satisfies SearchSpaceInput;
