import * as z from 'zod';
import type { DatasetInput } from '../datasets/dataset.ts';
import { initializer, inputLayers, seededDropout } from './layers.ts';
import { type ModelFamily, supervisedTemplate } from './supervised-template.ts';
import { trainingParams, trainingSpace } from './training-params.ts';

const filters = z
  .int('must be a whole number')
  .min(1, 'must be 1 or more')
  .max(1_024, 'must be at most 1024');

const cnnParams = z.strictObject({
  /** Convolutions, each followed by pooling of 2 in each direction. */
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

/** Blocks of convolution and pooling, over an image or along a text, then a fully connected layer. */
export const cnnFamily: ModelFamily<CnnParams> = {
  name: 'cnn',
  description: 'One to three convolutions and a fully connected layer, on images or texts.',
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
  params: cnnParams,
  inputs: ['image', 'text'],
  build: (tf, params, input, outputs, random) => {
    const { activation, dropout, kernelSize, pooling, units } = params;
    const model = inputLayers(tf, input, params, random);
    const parts =
      input.kind === 'text'
        ? {
            convolution: tf.layers.conv1d,
            max: () => tf.layers.maxPooling1d({ poolSize: 2 }),
            average: () => tf.layers.averagePooling1d({ poolSize: 2 }),
          }
        : {
            convolution: tf.layers.conv2d,
            max: () => tf.layers.maxPooling2d({ poolSize: 2 }),
            average: () => tf.layers.averagePooling2d({ poolSize: 2 }),
          };
    for (const filters of blockFilters(params, input)) {
      const kernelInitializer = initializer(tf, activation, random);
      model.add(parts.convolution({ filters, kernelSize, padding: 'same', kernelInitializer }));
      // The activations rise, so that they may follow max pooling, with less work, and change nothing.
      if (pooling === 'average') model.add(tf.layers.activation({ activation }));
      model.add(parts[pooling]());
      if (pooling === 'max') model.add(tf.layers.activation({ activation }));
    }
    model.add(tf.layers.flatten());
    model.add(tf.layers.dense({ units, activation, kernelInitializer: initializer(tf, activation, random) }));
    if (dropout > 0) model.add(seededDropout(tf, dropout, random));
    model.add(tf.layers.dense({ units: outputs, kernelInitializer: initializer(tf, 'tanh', random) }));
    return model;
  },
  addLayers: (size, params, input) => {
    if (input.kind === 'text') size.addEmbedding(input.vocabulary, params.embedding);
    for (const filters of blockFilters(params, input)) {
      if (input.kind === 'text') size.addSequenceConvolution(filters, params.kernelSize);
      else size.addConvolution(filters, params.kernelSize, params.pooling);
    }
    size.addDense(params.units);
  },
};

export const cnn = supervisedTemplate(cnnFamily);

/** Fewer blocks than asked for where an input is too small to be halved so often. */
function blockFilters({ blocks, filters1, filters2, filters3 }: CnnParams, input: DatasetInput): number[] {
  const sides = input.kind === 'image' ? input.shape.slice(0, 2) : input.shape;
  const most = Math.floor(Math.log2(Math.min(...sides)));
  return [filters1, filters2, filters3].slice(0, Math.min(blocks, most));
}
