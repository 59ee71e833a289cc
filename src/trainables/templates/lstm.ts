import * as z from 'zod';
import { initializer, inputLayers, nextSeed, seededDropout } from './layers.ts';
import { type ModelFamily, supervisedTemplate } from './supervised-template.ts';
import { trainingParams, trainingSpace } from './training-params.ts';

const cells = z.int('must be a whole number').min(1, 'must be 1 or more').max(4_096, 'must be at most 4096');

const lstmParams = z.strictObject({
  /** Layers of LSTM cells; each but the last hands its whole sequence on. */
  lstmLayers: z
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(2, 'must be at most 2')
    .default(1),
  cells1: cells.default(32),
  cells2: cells.default(32),
  ...trainingParams,
});
type LstmParams = z.infer<typeof lstmParams>;

/** Long short-term memory (Hochreiter and Schmidhuber 1997) over the words of a text or the rows of an image. */
export const lstmFamily: ModelFamily<LstmParams> = {
  name: 'lstm',
  description: 'One or two LSTM layers, over the words of texts or the rows of images.',
  space: {
    lstmLayers: { type: 'int', low: 1, high: 2 },
    cells1: { type: 'int', low: 8, high: 64, log: true },
    cells2: { type: 'int', low: 8, high: 64, log: true, when: { lstmLayers: { gte: 2 } } },
    ...trainingSpace,
  },
  params: lstmParams,
  inputs: ['image', 'text'],
  build: (tf, params, input, outputs, random) => {
    const { dropout } = params;
    const model = inputLayers(tf, input, params, random);
    if (input.kind === 'image') model.add(tf.layers.reshape({ targetShape: rowsOf(input.shape) }));
    const layers = layerCells(params);
    for (const [i, units] of layers.entries()) {
      model.add(
        tf.layers.lstm({
          units,
          returnSequences: i < layers.length - 1,
          kernelInitializer: tf.initializers.glorotUniform({ seed: nextSeed(random) }),
          // Orthogonal weights, the usual choice, take tfjs seconds to draw.
          recurrentInitializer: tf.initializers.glorotUniform({ seed: nextSeed(random) }),
        }),
      );
      if (dropout > 0) model.add(seededDropout(tf, dropout, random));
    }
    model.add(tf.layers.dense({ units: outputs, kernelInitializer: initializer(tf, 'tanh', random) }));
    return model;
  },
  addLayers: (size, params, input) => {
    if (input.kind === 'text') size.addEmbedding(input.vocabulary, params.embedding);
    if (input.kind === 'image') size.reshape(rowsOf(input.shape));
    const layers = layerCells(params);
    for (const [i, units] of layers.entries()) size.addLstm(units, i < layers.length - 1);
  },
};

export const lstm = supervisedTemplate(lstmFamily);

function layerCells({ lstmLayers, cells1, cells2 }: LstmParams): number[] {
  return [cells1, cells2].slice(0, lstmLayers);
}

/** An image as a sequence of its rows. */
function rowsOf([height, width, channels]: readonly [number, number, number]): number[] {
  return [height, width * channels];
}
