import type * as tensorflow from '@tensorflow/tfjs';
import * as z from 'zod';
import type { SearchSpaceInput } from '../../core/search-space/space.ts';
import type { Tensorflow } from '../trainable.ts';

/** The parameters that every classifier template takes: how it is trained, and how its layers compute. */
export const trainingParams = {
  optimizer: z.enum(['adam', 'rmsprop', 'sgd'], 'must be adam, rmsprop or sgd').default('adam'),
  learningRate: z
    .number('must be a number')
    .positive('must be above 0')
    .max(10, 'must be at most 10')
    .default(1e-3),
  /** Of sgd only. */
  momentum: z.number('must be a number').min(0, 'must be 0 or more').lt(1, 'must be below 1').default(0.9),
  batchSize: z
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(65_536, 'must be at most 65536')
    .default(64),
  activation: z.enum(['relu', 'elu', 'tanh'], 'must be relu, elu or tanh').default('relu'),
  /** The share of a layer's outputs that training leaves out. */
  dropout: z.number('must be a number').min(0, 'must be 0 or more').lt(1, 'must be below 1').default(0),
  /** The numbers that a word of a text becomes. */
  embedding: z
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(1_024, 'must be at most 1024')
    .default(16),
  /** The deviation of the noise that training adds to images and tables. */
  noise: z.number('must be a number').min(0, 'must be 0 or more').max(10, 'must be at most 10').default(0),
  /** Images are moved by up to so many pixels in training. */
  shift: z.int('must be a whole number').min(0, 'must be 0 or more').max(64, 'must be at most 64').default(0),
  /** The share of the training examples that is used. */
  trainShare: z
    .number('must be a number')
    .min(0.001, 'must be 0.001 or more')
    .max(1, 'must be at most 1')
    .default(1),
  regularization: z.enum(['none', 'l1', 'l2'], 'must be none, l1 or l2').default('none'),
  /** The weight of the sum of absolute weights in the loss. */
  l1: z.number('must be a number').min(0, 'must be 0 or more').max(10, 'must be at most 10').default(1e-5),
  /** The weight of the sum of squared weights in the loss. */
  l2: z.number('must be a number').min(0, 'must be 0 or more').max(10, 'must be at most 10').default(1e-4),
};

const schema = z.object(trainingParams);
export type TrainingParams = z.infer<typeof schema>;

/** The search space of these parameters. */
export const trainingSpace = {
  optimizer: { type: 'categorical', choices: ['adam', 'rmsprop', 'sgd'] },
  learningRate: { type: 'float', low: 1e-4, high: 1e-1, log: true },
  momentum: { type: 'float', low: 0, high: 0.95, when: { optimizer: 'sgd' } },
  batchSize: { type: 'categorical', choices: [32, 64, 128, 256], ordered: true },
  activation: { type: 'categorical', choices: ['relu', 'elu', 'tanh'] },
  dropout: { type: 'float', low: 0, high: 0.5 },
  noise: { type: 'float', low: 0, high: 0.3 },
  shift: { type: 'int', low: 0, high: 2 },
  trainShare: { type: 'categorical', choices: [0.5, 0.75, 1], ordered: true },
  regularization: { type: 'categorical', choices: ['none', 'l1', 'l2'] },
  l1: { type: 'float', low: 1e-7, high: 1e-3, log: true, when: { regularization: 'l1' } },
  l2: { type: 'float', low: 1e-6, high: 1e-2, log: true, when: { regularization: 'l2' } },
} as const satisfies SearchSpaceInput;

/** The weights of the penalties in the loss; 0 for one that was not chosen. */
export interface Penalty {
  readonly l1: number;
  readonly l2: number;
}

export function penaltyOf({ regularization, l1, l2 }: TrainingParams): Penalty {
  return { l1: regularization === 'l1' ? l1 : 0, l2: regularization === 'l2' ? l2 : 0 };
}

export function createOptimizer(tf: Tensorflow, params: TrainingParams): tensorflow.Optimizer {
  const { optimizer, learningRate, momentum } = params;
  switch (optimizer) {
    case 'adam':
      return tf.train.adam(learningRate);
    case 'rmsprop':
      return tf.train.rmsprop(learningRate);
    case 'sgd':
      return momentum > 0 ? tf.train.momentum(learningRate, momentum) : tf.train.sgd(learningRate);
  }
}

export function disposeOptimizer(optimizer: tensorflow.Optimizer): void {
  optimizer.dispose();
  // tfjs 4.22 forgets this scalar of a momentum optimizer.
  (optimizer as { c?: tensorflow.Tensor }).c?.dispose();
}
