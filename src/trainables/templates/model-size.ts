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

  addDense(units: number): void {
    this.#weights += (product(this.#shape) + 1) * units;
    this.#put([units]);
  }

  /** A convolution whose output is as large as its input, an activation, and pooling of 2 x 2. */
  addConvolution(filters: number, kernelSize: number): void {
    const [height = 1, width = 1, channels = 1] = this.#shape;
    this.#weights += (kernelSize ** 2 * channels + 1) * filters;
    this.#put([height, width, filters]);
    this.#put([Math.floor(height / 2), Math.floor(width / 2), filters]);
  }

  /**
   * The predicted peak in bytes of training with batches of a size: 16 for each weight (itself, its gradient and the
   * optimizer's two moments), and for each activation 12 (itself, its gradient, what is computed on the way).
   */
  trainingBytes(batchSize: number): number {
    return 16 * this.#weights + 12 * this.#activations * batchSize;
  }

  #put(shape: readonly number[]): void {
    this.#shape = shape;
    this.#activations += product(shape);
  }
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((size, length) => size * length, 1);
}
