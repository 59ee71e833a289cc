import * as z from 'zod';
import { datasetShapes } from '../datasets/dataset.ts';
import { defineTrainable } from '../trainable.ts';
import { evaluationBatch } from './classifier.ts';
import { classifierOptions, trainingLength } from './classifier-options.ts';
import { initializer, seededDropout } from './layers.ts';
import { ModelSize } from './model-size.ts';
import { classifierMetrics, type ModelBuilder, trainClassifier } from './train-classifier.ts';
import { trainingParams, trainingSpace } from './training-params.ts';

const units = z
  .int('must be a whole number')
  .min(1, 'must be 1 or more')
  .max(65_536, 'must be at most 65536');

const denseParams = z.strictObject({
  /** Hidden layers. */
  layers: z.int('must be a whole number').min(1, 'must be 1 or more').max(3, 'must be at most 3').default(1),
  units1: units.default(128),
  units2: units.default(64),
  units3: units.default(32),
  ...trainingParams,
});
type DenseParams = z.infer<typeof denseParams>;

/** A network of fully connected layers, of one width or tapered as the parameters have it. */
export const dense = defineTrainable({
  name: 'dense',
  description: 'Classifies images with one to three fully connected layers.',
  space: {
    layers: { type: 'int', low: 1, high: 3 },
    units1: { type: 'int', low: 32, high: 512, log: true },
    units2: { type: 'int', low: 16, high: 256, log: true, when: { layers: { gte: 2 } } },
    units3: { type: 'int', low: 16, high: 128, log: true, when: { layers: { gte: 3 } } },
    ...trainingSpace,
  },
  metrics: classifierMetrics,
  params: denseParams,
  options: classifierOptions,
  datasets: (options) => [options.dataset],
  totalSteps: (params, options) => trainingLength(options, params.batchSize).steps,
  estimateMemory: (params, options) => {
    const { inputShape, classes } = datasetShapes[options.dataset];
    const size = new ModelSize(inputShape);
    for (const units of hiddenUnits(params)) size.addDense(units);
    size.addDense(classes);
    return size.trainingBytes(Math.max(params.batchSize, evaluationBatch), params.optimizer);
  },
  run: (trial) => trainClassifier(trial, buildDense),
});

const buildDense: ModelBuilder<DenseParams> = (tf, params, { inputShape, classes }, random) => {
  const { activation, dropout } = params;
  const model = tf.sequential();
  model.add(tf.layers.flatten({ inputShape: [...inputShape] }));
  for (const units of hiddenUnits(params)) {
    model.add(tf.layers.dense({ units, activation, kernelInitializer: initializer(tf, activation, random) }));
    if (dropout > 0) model.add(seededDropout(tf, dropout, random));
  }
  model.add(tf.layers.dense({ units: classes, kernelInitializer: initializer(tf, 'tanh', random) }));
  return model;
};

function hiddenUnits({ layers, units1, units2, units3 }: DenseParams): number[] {
  return [units1, units2, units3].slice(0, layers);
}
