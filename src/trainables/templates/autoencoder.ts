import * as z from 'zod';
import { initializer, inputLayers, seededDropout } from './layers.ts';
import { ReconstructionTask } from './reconstruction.ts';
import { type ModelFamily, supervisedTemplate } from './supervised-template.ts';
import { trainingParams, trainingSpace } from './training-params.ts';

const units = z
  .int('must be a whole number')
  .min(1, 'must be 1 or more')
  .max(65_536, 'must be at most 65536');

const autoencoderParams = z.strictObject({
  /** The numbers that an example becomes. */
  codeSize: units.default(16),
  /** Hidden layers of the encoder; the decoder has as many, in reverse. */
  layers: z.int('must be a whole number').min(1, 'must be 1 or more').max(3, 'must be at most 3').default(1),
  /** `fixed`: all of the same units; `tapered`: half of the one before. */
  shape: z.enum(['fixed', 'tapered'], 'must be fixed or tapered').default('fixed'),
  units: units.default(128),
  ...trainingParams,
});
type AutoencoderParams = z.infer<typeof autoencoderParams>;

/** Hinton and Salakhutdinov (2006); with noise the denoising autoencoder of Vincent et al. (2008). */
const autoencoderFamily: ModelFamily<AutoencoderParams> = {
  name: 'autoencoder',
  description: 'Fully connected layers that give images or tables back through a small code.',
  space: {
    codeSize: { type: 'int', low: 2, high: 64, log: true },
    layers: { type: 'int', low: 1, high: 3 },
    shape: { type: 'categorical', choices: ['fixed', 'tapered'] },
    units: { type: 'int', low: 32, high: 512, log: true },
    ...trainingSpace,
  },
  params: autoencoderParams,
  inputs: ['image', 'table'],
  learning: {
    task: ({ input }) => new ReconstructionTask(input.shape.reduce((size, length) => size * length, 1)),
    possible: [new ReconstructionTask(1)],
  },
  build: (tf, params, input, outputs, random) => {
    const { activation, dropout, codeSize } = params;
    const model = inputLayers(tf, input, params, random);
    if (input.shape.length > 1) model.add(tf.layers.flatten());
    const hidden = hiddenUnits(params);
    const add = (widths: readonly number[]): void => {
      for (const units of widths) {
        model.add(
          tf.layers.dense({ units, activation, kernelInitializer: initializer(tf, activation, random) }),
        );
        if (dropout > 0) model.add(seededDropout(tf, dropout, random));
      }
    };
    add(hidden);
    // A code without bounds: no activation.
    model.add(tf.layers.dense({ units: codeSize, kernelInitializer: initializer(tf, 'tanh', random) }));
    add(hidden.toReversed());
    // What images are made of lies between 0 and 1.
    const last = input.kind === 'image' ? 'sigmoid' : 'linear';
    const kernelInitializer = initializer(tf, 'tanh', random);
    model.add(tf.layers.dense({ units: outputs, activation: last, kernelInitializer }));
    return model;
  },
  addLayers: (size, params) => {
    const hidden = hiddenUnits(params);
    for (const units of [...hidden, params.codeSize, ...hidden.toReversed()]) size.addDense(units);
  },
};

export const autoencoder = supervisedTemplate(autoencoderFamily);

function hiddenUnits({ layers, shape, units }: AutoencoderParams): number[] {
  return Array.from({ length: layers }, (_, layer) =>
    shape === 'fixed' ? units : Math.max(1, units >> layer),
  );
}
