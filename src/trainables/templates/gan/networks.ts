import type * as tensorflow from '@tensorflow/tfjs';
import type { Random } from '../../../core/random.ts';
import type { Tensorflow } from '../../trainable.ts';
import { initializer, nextSeed, seededDropout } from '../layers.ts';
import type { ModelSize } from '../model-size.ts';
import type { GanParams } from './gan-params.ts';

export type ImageShape = readonly [height: number, width: number, channels: number];

/** As in Radford et al. (2016). */
const leak = 0.2;
const kernelSize = 5;

/** From `latentSize` numbers to an image with values in [0, 1]. */
export function buildGenerator(
  tf: Tensorflow,
  params: GanParams,
  shape: ImageShape,
  random: Random,
): tensorflow.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [params.latentSize] }));
  const init = () => initializer(tf, 'relu', random);
  const pixels = (): tensorflow.layers.Layer[] => {
    const kernelInitializer = tf.initializers.glorotUniform({ seed: nextSeed(random) });
    const units = shape[0] * shape[1] * shape[2];
    return [
      tf.layers.dense({ units, activation: 'sigmoid', kernelInitializer }),
      tf.layers.reshape({ targetShape: [...shape] }),
    ];
  };
  if (params.architecture === 'dense') {
    for (const units of widths(params.layers, params.generatorUnits).toReversed()) {
      model.add(tf.layers.dense({ units, kernelInitializer: init() }));
      model.add(tf.layers.leakyReLU({ alpha: leak }));
    }
    for (const layer of pixels()) model.add(layer);
    return model;
  }
  const { generatorFilters: filters } = params;
  const [height, width, channels] = shape;
  const start = quarters(shape);
  model.add(tf.layers.dense({ units: start[0] * start[1] * filters, kernelInitializer: init() }));
  model.add(tf.layers.leakyReLU({ alpha: leak }));
  model.add(tf.layers.reshape({ targetShape: [...start, filters] }));
  model.add(
    tf.layers.conv2dTranspose({
      filters: halved(filters),
      kernelSize,
      strides: 2,
      padding: 'same',
      kernelInitializer: init(),
    }),
  );
  model.add(tf.layers.leakyReLU({ alpha: leak }));
  model.add(
    tf.layers.conv2dTranspose({
      filters: channels,
      kernelSize,
      strides: 2,
      padding: 'same',
      activation: 'sigmoid',
      kernelInitializer: tf.initializers.glorotUniform({ seed: nextSeed(random) }),
    }),
  );
  const excess = [4 * start[0] - height, 4 * start[1] - width] as const;
  if (excess[0] + excess[1] > 0) {
    model.add(
      tf.layers.cropping2D({
        cropping: [
          [0, excess[0]],
          [0, excess[1]],
        ],
      }),
    );
  }
  return model;
}

/** From an image to one number, the higher the likelier it is real: a logit. */
export function buildDiscriminator(
  tf: Tensorflow,
  params: GanParams,
  shape: ImageShape,
  random: Random,
): tensorflow.Sequential {
  const { architecture, dropout } = params;
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [...shape] }));
  const rise = (): void => {
    model.add(tf.layers.leakyReLU({ alpha: leak }));
    if (dropout > 0) model.add(seededDropout(tf, dropout, random));
  };
  const init = () => initializer(tf, 'relu', random);
  if (architecture === 'dense') {
    model.add(tf.layers.flatten());
    for (const units of widths(params.layers, params.discriminatorUnits)) {
      model.add(tf.layers.dense({ units, kernelInitializer: init() }));
      rise();
    }
  } else {
    for (const filters of [halved(params.discriminatorFilters), params.discriminatorFilters]) {
      const options = { filters, kernelSize, strides: 2, padding: 'same' } as const;
      model.add(tf.layers.conv2d({ ...options, kernelInitializer: init() }));
      rise();
    }
    model.add(tf.layers.flatten());
  }
  const kernelInitializer = tf.initializers.glorotUniform({ seed: nextSeed(random) });
  model.add(tf.layers.dense({ units: 1, kernelInitializer }));
  return model;
}

/** Adds the layers of `buildGenerator`. */
export function addGenerator(size: ModelSize, params: GanParams, shape: ImageShape): void {
  if (params.architecture === 'dense') {
    for (const units of widths(params.layers, params.generatorUnits).toReversed()) {
      size.addDense(units);
      size.addActivation();
    }
    size.addDense(shape[0] * shape[1] * shape[2]);
    return;
  }
  const { generatorFilters: filters } = params;
  const start = quarters(shape);
  size.addDense(start[0] * start[1] * filters);
  size.addActivation();
  size.reshape([...start, filters]);
  size.addScaledConvolution(halved(filters), kernelSize, 2);
  size.addActivation();
  size.addScaledConvolution(shape[2], kernelSize, 2);
}

/** Adds the layers of `buildDiscriminator`. */
export function addDiscriminator(size: ModelSize, params: GanParams): void {
  const widthsOrFilters =
    params.architecture === 'dense'
      ? widths(params.layers, params.discriminatorUnits)
      : [halved(params.discriminatorFilters), params.discriminatorFilters];
  for (const units of widthsOrFilters) {
    if (params.architecture === 'dense') size.addDense(units);
    else size.addScaledConvolution(units, kernelSize, 1 / 2);
    size.addActivation();
    if (params.dropout > 0) size.addActivation();
  }
  size.addDense(1);
}

/** Of the layers from the image's side on, each half as wide as the one before. */
function widths(layers: number, units: number): number[] {
  return Array.from({ length: layers }, (_, layer) => Math.max(1, units >> layer));
}

function halved(filters: number): number {
  return Math.max(1, filters >> 1);
}

/** A quarter of an image's sides, rounded up: two convolutions double them, and the excess is cut off. */
function quarters([height, width]: ImageShape): [number, number] {
  return [Math.ceil(height / 4), Math.ceil(width / 4)];
}
