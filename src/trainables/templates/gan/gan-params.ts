import * as z from 'zod';
import type { SearchSpaceInput } from '../../../core/search-space/space.ts';

const whole = (most: number) =>
  z.int('must be a whole number').min(1, 'must be 1 or more').max(most, `must be at most ${most}`);
const share = z.number('must be a number').min(0, 'must be 0 or more').lt(1, 'must be below 1');
const learningRate = z.number('must be a number').positive('must be above 0').max(1, 'must be at most 1');

/**
 * What an adversarial training takes. With the defaults dense networks make legible digits of MNIST in 600 batches;
 * betas are those of Radford et al. (2016), the other rates higher than theirs, as the networks are smaller.
 */
export const ganParams = z.strictObject({
  /** Fully connected layers, or two convolutions in each network. */
  architecture: z.enum(['dense', 'convolution'], 'must be dense or convolution').default('dense'),
  /** The numbers that an image is made of. */
  latentSize: whole(4_096).default(32),
  /** Of dense networks: hidden layers of each; each is half as wide as its neighbour on the image's side. */
  layers: whole(4).default(1),
  generatorUnits: whole(65_536).default(128),
  discriminatorUnits: whole(65_536).default(128),
  /** Of networks of convolutions: in the layer with the smallest sides; the other has half as many. */
  generatorFilters: whole(1_024).default(16),
  discriminatorFilters: whole(1_024).default(16),
  /** One for each network (Heusel et al. 2017). */
  generatorLearningRate: learningRate.default(2e-3),
  discriminatorLearningRate: learningRate.default(1e-3),
  beta1: share.default(0.5),
  beta2: share.default(0.999),
  batchSize: whole(65_536).default(32),
  /** Batches from which the discriminator learns for each from which the generator does (Goodfellow et al. 2014). */
  discriminatorSteps: whole(10).default(1),
  /** Real images count as so much less than real; one-sided (Salimans et al. 2016). */
  labelSmoothing: share.default(0.1),
  /** The discriminator's, in training. */
  dropout: share.default(0.3),
  /**
   * The deviation of the noise on all images that the discriminator learns from, which falls to 0 by the end
   * (Arjovsky and Bottou 2017).
   */
  noise: z.number('must be a number').min(0, 'must be 0 or more').max(10, 'must be at most 10').default(0),
});
export type GanParams = z.infer<typeof ganParams>;

export const ganSpace = {
  architecture: { type: 'categorical', choices: ['dense', 'convolution'] },
  latentSize: { type: 'int', low: 16, high: 128, log: true },
  layers: { type: 'int', low: 1, high: 3, when: { architecture: 'dense' } },
  generatorUnits: { type: 'int', low: 64, high: 512, log: true, when: { architecture: 'dense' } },
  discriminatorUnits: { type: 'int', low: 64, high: 512, log: true, when: { architecture: 'dense' } },
  generatorFilters: { type: 'int', low: 16, high: 64, log: true, when: { architecture: 'convolution' } },
  discriminatorFilters: { type: 'int', low: 16, high: 64, log: true, when: { architecture: 'convolution' } },
  generatorLearningRate: { type: 'float', low: 1e-4, high: 1e-2, log: true },
  discriminatorLearningRate: { type: 'float', low: 1e-4, high: 1e-2, log: true },
  beta1: { type: 'float', low: 0, high: 0.9 },
  beta2: { type: 'float', low: 0.9, high: 0.999 },
  batchSize: { type: 'categorical', choices: [32, 64, 128], ordered: true },
  discriminatorSteps: { type: 'int', low: 1, high: 3 },
  labelSmoothing: { type: 'float', low: 0, high: 0.3 },
  dropout: { type: 'float', low: 0, high: 0.5 },
  noise: { type: 'float', low: 0, high: 0.3 },
} as const satisfies SearchSpaceInput;
