import * as z from 'zod';
import { initializer, inputLayers, seededDropout } from './layers.ts';
import { type ModelFamily, supervisedTemplate } from './supervised-template.ts';
import { trainingParams, trainingSpace } from './training-params.ts';

const units = z
  .int('must be a whole number')
  .min(1, 'must be 1 or more')
  .max(65_536, 'must be at most 65536');

const denseParams = z.strictObject({
  /** Hidden layers. */
  layers: z.int('must be a whole number').min(1, 'must be 1 or more').max(3, 'must be at most 3').default(1),
  /** `free`: each layer has its own units; `fixed`: those of the first; `tapered`: half of the one before. */
  shape: z.enum(['free', 'fixed', 'tapered'], 'must be free, fixed or tapered').default('free'),
  units1: units.default(128),
  units2: units.default(64),
  units3: units.default(32),
  ...trainingParams,
});
type DenseParams = z.infer<typeof denseParams>;

/** Fully connected layers, of one width or tapered. */
export const denseFamily: ModelFamily<DenseParams> = {
  name: 'dense',
  description: 'One to three fully connected layers, on images, tables or the mean of a text’s words.',
  space: {
    layers: { type: 'int', low: 1, high: 3 },
    shape: { type: 'categorical', choices: ['free', 'fixed', 'tapered'] },
    units1: { type: 'int', low: 32, high: 512, log: true },
    units2: { type: 'int', low: 16, high: 256, log: true, when: { layers: { gte: 2 }, shape: 'free' } },
    units3: { type: 'int', low: 16, high: 128, log: true, when: { layers: { gte: 3 }, shape: 'free' } },
    ...trainingSpace,
  },
  params: denseParams,
  inputs: ['image', 'table', 'text'],
  build: (tf, params, input, outputs, random) => {
    const { activation, dropout } = params;
    const model = inputLayers(tf, input, params, random);
    if (input.kind === 'text') model.add(tf.layers.globalAveragePooling1d({}));
    else if (input.shape.length > 1) model.add(tf.layers.flatten());
    for (const units of hiddenUnits(params)) {
      const kernelInitializer = initializer(tf, activation, random);
      model.add(tf.layers.dense({ units, activation, kernelInitializer }));
      if (dropout > 0) model.add(seededDropout(tf, dropout, random));
    }
    model.add(tf.layers.dense({ units: outputs, kernelInitializer: initializer(tf, 'tanh', random) }));
    return model;
  },
  addLayers: (size, params, input) => {
    if (input.kind === 'text') {
      size.addEmbedding(input.vocabulary, params.embedding);
      size.reduceSequence();
    }
    for (const units of hiddenUnits(params)) size.addDense(units);
  },
};

export const dense = supervisedTemplate(denseFamily);

function hiddenUnits({ layers, shape, units1, units2, units3 }: DenseParams): number[] {
  return Array.from({ length: layers }, (_, layer) => {
    if (shape === 'fixed') return units1;
    if (shape === 'tapered') return Math.max(1, units1 >> layer);
    return [units1, units2, units3][layer]!;
  });
}
