import * as z from 'zod';
import { datasetShapes } from '../datasets/dataset.ts';
import { defineTrainable } from '../trainable.ts';
import { evaluationBatch } from './classifier.ts';
import { classifierOptions, trainingLength } from './classifier-options.ts';
import { initializer, seededDropout } from './layers.ts';
import { ModelSize } from './model-size.ts';
import { classifierMetrics, type ModelBuilder, trainClassifier } from './train-classifier.ts';
import { trainingParams, trainingSpace } from './training-params.ts';

const filters = z
  .int('must be a whole number')
  .min(1, 'must be 1 or more')
  .max(1_024, 'must be at most 1024');

const cnnParams = z.strictObject({
  /** Convolutions, each followed by pooling of 2 x 2. */
  blocks: z.int('must be a whole number').min(1, 'must be 1 or more').max(3, 'must be at most 3').default(2),
  filters1: filters.default(8),
  filters2: filters.default(16),
  filters3: filters.default(32),
  kernelSize: z
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(11, 'must be at most 11')
    .default(3),
  pooling: z.enum(['max', 'average'], 'must be max or average').default('max'),
  /** Of the fully connected layer after the last block. */
  units: z
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(65_536, 'must be at most 65536')
    .default(64),
  ...trainingParams,
});
type CnnParams = z.infer<typeof cnnParams>;

/** A convolutional network: blocks of convolution and pooling, then a fully connected layer. */
export const cnn = defineTrainable({
  name: 'cnn',
  description: 'Classifies images with one to three convolutions and a fully connected layer.',
  space: {
    blocks: { type: 'int', low: 1, high: 3 },
    filters1: { type: 'int', low: 4, high: 16, log: true },
    filters2: { type: 'int', low: 8, high: 32, log: true, when: { blocks: { gte: 2 } } },
    filters3: { type: 'int', low: 8, high: 64, log: true, when: { blocks: { gte: 3 } } },
    kernelSize: { type: 'categorical', choices: [3, 5], ordered: true },
    pooling: { type: 'categorical', choices: ['max', 'average'] },
    units: { type: 'int', low: 16, high: 128, log: true },
    ...trainingSpace,
  },
  metrics: classifierMetrics,
  params: cnnParams,
  options: classifierOptions,
  datasets: (options) => [options.dataset],
  totalSteps: (params, options) => trainingLength(options, params.batchSize).steps,
  estimateMemory: (params, options) => {
    const { inputShape, classes } = datasetShapes[options.dataset];
    const size = new ModelSize(inputShape);
    for (const filters of blockFilters(params))
      size.addConvolution(filters, params.kernelSize, params.pooling);
    size.addDense(params.units);
    size.addDense(classes);
    return size.trainingBytes(Math.max(params.batchSize, evaluationBatch), params.optimizer);
  },
  run: (trial) => trainClassifier(trial, buildCnn),
});

const buildCnn: ModelBuilder<CnnParams> = (tf, params, { inputShape, classes }, random) => {
  const { activation, dropout, kernelSize, units } = params;
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [...inputShape] }));
  for (const filters of blockFilters(params)) {
    const kernelInitializer = initializer(tf, activation, random);
    model.add(tf.layers.conv2d({ filters, kernelSize, padding: 'same', kernelInitializer }));
    // The activations rise, so that they may follow max pooling, with a quarter of the work, and change nothing.
    if (params.pooling === 'max') {
      model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
      model.add(tf.layers.activation({ activation }));
    } else {
      model.add(tf.layers.activation({ activation }));
      model.add(tf.layers.averagePooling2d({ poolSize: 2 }));
    }
  }
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units, activation, kernelInitializer: initializer(tf, activation, random) }));
  if (dropout > 0) model.add(seededDropout(tf, dropout, random));
  model.add(tf.layers.dense({ units: classes, kernelInitializer: initializer(tf, 'tanh', random) }));
  return model;
};

function blockFilters({ blocks, filters1, filters2, filters3 }: CnnParams): number[] {
  return [filters1, filters2, filters3].slice(0, blocks);
}
