import type * as tensorflow from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random.ts';
import { expectEqual, onBoth } from './two-backends.ts';

const learningRate = 0.02;

/** Trains for some steps from the same weights on both backends, and compares the losses. */
async function expectSameCurve(
  build: (tf: typeof tensorflow) => tensorflow.LayersModel,
  inputShape: number[],
  kind: 'numbers' | 'words' = 'numbers',
): Promise<void> {
  const results = await onBoth((tf) => {
    const random = createRandom(11);
    const model = build(tf);
    model.setWeights(
      model.weights.map((weight) => {
        const values = Float32Array.from({ length: weight.read().size }, () => random.normal() * 0.3);
        // Variances, and the factors of a normalisation, are above zero.
        const isPositive = /variance|gamma/.test(weight.name);
        return tf.tensor(isPositive ? values.map(Math.abs) : values, weight.shape as number[]);
      }),
    );
    const optimizer = tf.train.sgd(learningRate);
    const shape = [4, ...inputShape];
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
      kind === 'words' ? random.integer(20) : random.normal(),
    );
    const x = tf.tensor(values, shape);
    const variables = model.trainableWeights.map((weight) => weight.read() as tensorflow.Variable);
    const losses: number[] = [];
    for (let step = 0; step < 6; step++) {
      tf.tidy(() => {
        const loss = optimizer.minimize(
          () => {
            const y = model.apply(x, { training: true }) as tensorflow.Tensor;
            return tf.mean(
              tf.squaredDifference(y, tf.cos(tf.range(0, y.size).reshape(y.shape))),
            ) as tensorflow.Scalar;
          },
          true,
          variables,
        );
        losses.push(loss!.dataSync()[0]!);
      });
    }
    optimizer.dispose();
    model.dispose();
    return [tf.tensor1d(losses)];
  });
  expectEqual(results, 1e-3);
  const [losses] = results.wasm;
  expect(losses!.at(-1)).toBeLessThan(losses![0]!);
}

describe('a model trains on WASM as it does on plain JavaScript:', () => {
  it('fully connected layers', () =>
    expectSameCurve(
      (tf) =>
        tf.sequential({
          layers: [
            tf.layers.dense({ units: 7, activation: 'tanh', inputShape: [5] }),
            tf.layers.dense({ units: 3, activation: 'softmax' }),
          ],
        }),
      [5],
    ));

  it('an autoencoder', () =>
    expectSameCurve(
      (tf) =>
        tf.sequential({
          layers: [
            tf.layers.dense({ units: 3, activation: 'relu', inputShape: [8] }),
            tf.layers.dense({ units: 8, activation: 'sigmoid' }),
          ],
        }),
      [8],
    ));

  it('convolutions with pooling, depthwise convolution and batch normalisation', () =>
    expectSameCurve(
      (tf) =>
        tf.sequential({
          layers: [
            tf.layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', inputShape: [8, 8, 2] }),
            tf.layers.batchNormalization(),
            tf.layers.activation({ activation: 'relu' }),
            tf.layers.maxPooling2d({ poolSize: 2 }),
            tf.layers.separableConv2d({ filters: 3, kernelSize: 2, activation: 'elu' }),
            tf.layers.averagePooling2d({ poolSize: 2, strides: 1 }),
            tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }),
            tf.layers.dense({ units: 2 }),
          ],
        }),
      [8, 8, 2],
    ));

  it('an embedding, an LSTM and a GRU', () =>
    expectSameCurve(
      (tf) =>
        tf.sequential({
          layers: [
            tf.layers.embedding({ inputDim: 20, outputDim: 4, inputLength: 5 }),
            tf.layers.lstm({ units: 4, returnSequences: true }),
            tf.layers.gru({ units: 3 }),
            tf.layers.dense({ units: 2 }),
          ],
        }),
      [5],
      'words',
    ));

  it('a generator that makes images larger', () =>
    expectSameCurve(
      (tf) =>
        tf.sequential({
          layers: [
            tf.layers.dense({ units: 12, inputShape: [6] }),
            tf.layers.reshape({ targetShape: [2, 2, 3] }),
            tf.layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' }),
            tf.layers.leakyReLU(),
            tf.layers.conv2dTranspose({
              filters: 1,
              kernelSize: 4,
              strides: 2,
              padding: 'valid',
              activation: 'tanh',
            }),
          ],
        }),
      [6],
    ));

  it('convolutions over sequences and over volumes', async () => {
    await expectSameCurve(
      (tf) =>
        tf.sequential({
          layers: [
            tf.layers.conv1d({ filters: 3, kernelSize: 3, inputShape: [9, 2], activation: 'relu' }),
            tf.layers.maxPooling1d({ poolSize: 2 }),
            tf.layers.flatten(),
            tf.layers.dense({ units: 2 }),
          ],
        }),
      [9, 2],
    );
    await expectSameCurve(
      (tf) =>
        tf.sequential({
          layers: [
            tf.layers.conv3d({ filters: 2, kernelSize: 2, inputShape: [4, 4, 4, 1] }),
            tf.layers.flatten(),
            tf.layers.dense({ units: 2 }),
          ],
        }),
      [4, 4, 4, 1],
    );
  });
});
