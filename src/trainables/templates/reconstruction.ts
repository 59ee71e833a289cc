import type * as tensorflow from '@tensorflow/tfjs';
import type { Batch } from '../datasets/batches.ts';
import type { MetricValues, Tensorflow } from '../trainable.ts';
import type { Evaluation, Task } from './task.ts';

/** Giving examples back as they were: the loss is the mean squared error over all their numbers. */
export class ReconstructionTask implements Task {
  readonly outputs: number;
  readonly score = 'absoluteError';
  readonly finalMetrics = ['explainedVariance'];

  /** @param outputs the numbers of an example */
  constructor(outputs: number) {
    this.outputs = outputs;
  }

  targets(batch: Batch): Float32Array {
    return batch.features;
  }

  loss(tf: Tensorflow, targets: tensorflow.Tensor1D, outputs: tensorflow.Tensor2D): tensorflow.Scalar {
    return tf.losses.meanSquaredError(tf.reshape(targets, outputs.shape), outputs) as tensorflow.Scalar;
  }

  predict(tf: Tensorflow, outputs: tensorflow.Tensor2D): tensorflow.Tensor1D {
    return tf.reshape(outputs, [outputs.size]);
  }

  scoreSum(
    tf: Tensorflow,
    targets: tensorflow.Tensor1D,
    predictions: tensorflow.Tensor1D,
  ): tensorflow.Scalar {
    return tf.div(tf.sum(tf.abs(tf.sub(targets, predictions))), this.outputs);
  }

  evaluate(): ReconstructionEvaluation {
    return new ReconstructionEvaluation(this.outputs);
  }
}

/** Errors beside the spread of the examples themselves. */
export class ReconstructionEvaluation implements Evaluation {
  readonly #width: number;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;
  #lossSum = 0;
  #squaredErrors = 0;
  #absoluteErrors = 0;

  constructor(width: number) {
    this.#width = width;
    this.#sums = new Float64Array(width);
    this.#squares = new Float64Array(width);
  }

  add(targets: ArrayLike<number>, predictions: ArrayLike<number>, lossSum: number): void {
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]!;
      const error = predictions[i]! - target;
      this.#squaredErrors += error * error;
      this.#absoluteErrors += Math.abs(error);
      this.#sums[i % this.#width]! += target;
      this.#squares[i % this.#width]! += target * target;
    }
    this.#count += targets.length / this.#width;
    this.#lossSum += lossSum;
  }

  get loss(): number {
    return this.#lossSum / this.#count;
  }

  get score(): number {
    return this.#absoluteErrors / (this.#count * this.#width);
  }

  /**
   * 1 - squared errors / squared distances from the mean of these examples, over all numbers: 0 for who always answers
   * with that mean, 1 for who makes no error; 0 where the examples are all alike.
   */
  get finalValues(): MetricValues {
    let spread = 0;
    for (let k = 0; k < this.#width; k++) spread += this.#squares[k]! - this.#sums[k]! ** 2 / this.#count;
    return { explainedVariance: spread > 0 ? 1 - this.#squaredErrors / spread : 0 };
  }
}
