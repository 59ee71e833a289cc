import type { TrainingParams } from './training-params.ts';

/**
 * 16 for a weight, its gradient and two moments; the rest is what the optimizers of tfjs compute on the way, which they
 * free only when all weights are updated. Measured on the WASM backend with models of 3 to 7 million weights.
 */
const bytesPerWeight = { adam: 72, rmsprop: 64, sgd: 36 };

/** An activation, its gradient, and what is computed on the way. */
const bytesPerActivation = 12;

/** Counts the values that a model holds, layer by layer, to predict its memory before it exists. */
export class ModelSize {
  /** What the last layer puts out for one example: height, width and channels, or units alone. */
  #shape: readonly number[];
  #weights = 0;
  /** What all layers put out for one example, the input included. */
  #activations: number;

  constructor(inputShape: readonly number[]) {
    this.#shape = inputShape;
    this.#activations = product(inputShape);
  }

  /** A fully connected layer on all that there is, as if it were flattened. */
  addDense(units: number): void {
    this.#weights += (product(this.#shape) + 1) * units;
    this.#put([units]);
  }

  /** A vector for each of the words of a text. */
  addEmbedding(vocabulary: number, dimensions: number): void {
    this.#weights += vocabulary * dimensions;
    this.#put([...this.#shape, dimensions]);
  }

  /** The mean or the last over a sequence. */
  reduceSequence(): void {
    this.#put(this.#shape.slice(-1));
  }

  /** What tfjs keeps of each step: four gates, the cell and the output. */
  addLstm(units: number, keepsSequence: boolean): void {
    const [steps = 1, features = 1] = this.#shape;
    this.#weights += 4 * units * (features + units + 1);
    for (let part = 0; part < 5; part++) this.#put([steps, units]);
    this.#put(keepsSequence ? [steps, units] : [units]);
  }

  /** A convolution along a sequence, an activation, and pooling of 2. */
  addSequenceConvolution(filters: number, kernelSize: number): void {
    const [steps = 1, features = 1] = this.#shape;
    this.#weights += (kernelSize * features + 1) * filters;
    this.#put([steps, filters]);
    this.#put([steps, filters]);
    this.#put([Math.floor(steps / 2), filters]);
  }

  /** Another order of the same numbers. */
  reshape(shape: readonly number[]): void {
    this.#shape = shape;
  }

  /** A convolution whose output is as large as its input, an activation, and pooling of 2 x 2. */
  addConvolution(filters: number, kernelSize: number, pooling: 'max' | 'average'): void {
    const [height = 1, width = 1, channels = 1] = this.#shape;
    this.#weights += (kernelSize ** 2 * channels + 1) * filters;
    const full = [height, width, filters];
    const pooled = [Math.floor(height / 2), Math.floor(width / 2), filters];
    this.#put(full);
    // Where the activation is: after max pooling, before average pooling.
    this.#put(pooling === 'max' ? pooled : full);
    this.#put(pooled);
  }

  /** A convolution whose output's sides are `scale` times its input's, rounded up; no pooling. */
  addScaledConvolution(filters: number, kernelSize: number, scale: number): void {
    const [height = 1, width = 1, channels = 1] = this.#shape;
    this.#weights += (kernelSize ** 2 * channels + 1) * filters;
    this.#put([Math.ceil(height * scale), Math.ceil(width * scale), filters]);
  }

  /** A layer without weights on each number that there is. */
  addActivation(): void {
    this.#put(this.#shape);
  }

  /** Layers that are counted elsewhere: their weights, all that they put out, and the shape of the last. */
  addLayers(weights: number, activations: number, shape: readonly number[]): void {
    this.#weights += weights;
    this.#activations += activations;
    this.#shape = shape;
  }

  /** The predicted peak in bytes of training with batches of a size. */
  trainingBytes(batchSize: number, optimizer: TrainingParams['optimizer']): number {
    return bytesPerWeight[optimizer] * this.#weights + bytesPerActivation * this.#activations * batchSize;
  }

  #put(shape: readonly number[]): void {
    this.#shape = shape;
    this.#activations += product(shape);
  }
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((size, length) => size * length, 1);
}
