import type * as tensorflow from '@tensorflow/tfjs';
import { createRandom } from '../../../core/random.ts';
import type { Checkpoint } from '../../checkpoint.ts';
import type { Batch } from '../../datasets/batches.ts';
import type { Tensorflow } from '../../trainable.ts';
import { nextSeed } from '../layers.ts';
import { evaluationBatch } from '../learner.ts';
import { disposeOptimizer } from '../training-params.ts';
import { restoreTraining, saveTraining, type Training } from '../training-state.ts';
import type { GanParams } from './gan-params.ts';

/** Both networks' mean losses since they were last asked for. */
export interface AdversarialLosses {
  readonly generatorLoss: number;
  readonly discriminatorLoss: number;
}

/** The numbers of `count` images, the same for a seed; normal, as in the literature that the defaults come from. */
export function latents(count: number, size: number, ...seed: readonly number[]): Float32Array {
  const random = createRandom(...seed);
  return Float32Array.from({ length: count * size }, () => random.normal());
}

/**
 * A generator and a discriminator that learn from each other: the non-saturating losses of Goodfellow et al. (2014,
 * section 3), on logits: -log sigmoid(x) = softplus(-x). Losses stay on the device until they are asked for. It owns
 * the networks.
 */
export class Adversaries {
  readonly #tf: Tensorflow;
  readonly #params: GanParams;
  readonly #shape: readonly number[];
  readonly #generator: Training;
  readonly #discriminator: Training;
  #losses: tensorflow.Tensor1D | undefined;
  #batches = 0;
  #trainMs = 0;

  constructor(
    tf: Tensorflow,
    params: GanParams,
    generator: tensorflow.LayersModel,
    discriminator: tensorflow.LayersModel,
    shape: readonly number[],
  ) {
    const { beta1, beta2, generatorLearningRate, discriminatorLearningRate } = params;
    this.#tf = tf;
    this.#params = params;
    this.#shape = shape;
    this.#generator = { model: generator, optimizer: tf.train.adam(generatorLearningRate, beta1, beta2) };
    this.#discriminator = {
      model: discriminator,
      optimizer: tf.train.adam(discriminatorLearningRate, beta1, beta2),
    };
  }

  /** The milliseconds that training took so far, waiting for the device included. */
  get trainMs(): number {
    return this.#trainMs;
  }

  /**
   * Lets the discriminator learn from real images, and the generator too unless `isWaiting`.
   * @param noise the deviation around all images
   */
  train(batch: Batch, noise: number, isWaiting: boolean, ...seed: readonly number[]): void {
    const tf = this.#tf;
    const start = performance.now();
    const { latentSize, labelSmoothing } = this.#params;
    const random = createRandom(...seed);
    const blur = (images: tensorflow.Tensor): tensorflow.Tensor =>
      noise === 0
        ? images
        : tf.add(images, tf.randomNormal(images.shape, 0, noise, 'float32', nextSeed(random)));
    const judge = (images: tensorflow.Tensor): tensorflow.Tensor =>
      this.#discriminator.model.apply(blur(images), { training: true }) as tensorflow.Tensor;
    const losses = tf.tidy(() => {
      const real = tf.tensor(batch.features, [batch.size, ...this.#shape]);
      const codes = tf.tensor(latents(batch.size, latentSize, ...seed, 1), [batch.size, latentSize]);
      const made = this.#generator.model.apply(codes, { training: true }) as tensorflow.Tensor;
      const told = this.#minimize(this.#discriminator, () => {
        const asReal = judge(real);
        const asMade = judge(made);
        const missed = tf.add(
          tf.mul(tf.softplus(tf.neg(asReal)), 1 - labelSmoothing),
          labelSmoothing === 0 ? 0 : tf.mul(tf.softplus(asReal), labelSmoothing),
        );
        return tf.add(tf.mean(missed), tf.mean(tf.softplus(asMade)));
      });
      const fooled = isWaiting
        ? tf.scalar(0)
        : this.#minimize(this.#generator, () => {
            const images = this.#generator.model.apply(codes, { training: true }) as tensorflow.Tensor;
            return tf.mean(tf.softplus(tf.neg(judge(images))));
          });
      const counted = tf.stack([fooled, tf.scalar(isWaiting ? 0 : 1), told]) as tensorflow.Tensor1D;
      return this.#losses === undefined ? counted : tf.add<tensorflow.Tensor1D>(this.#losses, counted);
    });
    this.#losses?.dispose();
    this.#losses = losses;
    this.#batches++;
    this.#trainMs += performance.now() - start;
  }

  async takeLosses(): Promise<AdversarialLosses> {
    const start = performance.now();
    const losses = this.#losses!;
    const batches = this.#batches;
    this.#losses = undefined;
    this.#batches = 0;
    try {
      const [generator, generatorBatches, discriminator] = await losses.data();
      return {
        generatorLoss: generator! / generatorBatches!,
        discriminatorLoss: discriminator! / batches,
      };
    } finally {
      losses.dispose();
      this.#trainMs += performance.now() - start;
    }
  }

  /** The images of as many codes as there are, one after the other, with values in [0, 1]. */
  async generate(codes: Float32Array, onBatch: () => Promise<void>): Promise<Float32Array> {
    const tf = this.#tf;
    const { latentSize } = this.#params;
    const count = codes.length / latentSize;
    const width = this.#shape.reduce((size, length) => size * length, 1);
    const images = new Float32Array(count * width);
    for (let start = 0; start < count; start += evaluationBatch) {
      await onBatch();
      const end = Math.min(count, start + evaluationBatch);
      const made = tf.tidy(() => {
        const part = codes.subarray(start * latentSize, end * latentSize);
        const input = tf.tensor(part, [end - start, latentSize]);
        return this.#generator.model.apply(input, { training: false }) as tensorflow.Tensor;
      });
      try {
        images.set((await made.data()) as Float32Array, start * width);
      } finally {
        made.dispose();
      }
    }
    return images;
  }

  async save(): Promise<Checkpoint['tensors']> {
    return {
      ...(await saveTraining(this.#generator, 'generator.')),
      ...(await saveTraining(this.#discriminator, 'discriminator.')),
    };
  }

  async restore(tensors: Checkpoint['tensors'], trainMs: number): Promise<void> {
    await restoreTraining(this.#tf, this.#generator, tensors, 'generator.');
    await restoreTraining(this.#tf, this.#discriminator, tensors, 'discriminator.');
    this.#trainMs = trainMs;
  }

  /** Frees the networks too. */
  dispose(): void {
    this.#losses?.dispose();
    for (const { model, optimizer } of [this.#generator, this.#discriminator]) {
      disposeOptimizer(optimizer);
      model.dispose();
    }
  }

  /** One step of an optimizer on its own model's weights alone; the loss before it. */
  #minimize({ model, optimizer }: Training, loss: () => tensorflow.Tensor): tensorflow.Scalar {
    const variables = model.trainableWeights.map((weight) => weight.read() as tensorflow.Variable);
    return optimizer.minimize(() => loss() as tensorflow.Scalar, true, variables)!;
  }
}
