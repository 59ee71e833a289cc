import type * as tensorflow from '@tensorflow/tfjs';
import type { Batch } from '../datasets/batches.ts';
import type { Tensorflow } from '../trainable.ts';
import type { Evaluation, Task } from './task.ts';

/** Predicting a number: the loss is the mean squared error of the number as it is learnt, with a deviation of 1. */
export class RegressionTask implements Task {
  readonly outputs = 1;
  readonly score = 'absoluteError';
  readonly finalMetrics = regressionMetrics;
  readonly #deviation: number;

  /** @param deviation of the number in its own units, in which errors are told */
  constructor(deviation: number) {
    this.#deviation = deviation;
  }

  targets(batch: Batch): Float32Array {
    return batch.targets;
  }

  loss(tf: Tensorflow, targets: tensorflow.Tensor1D, outputs: tensorflow.Tensor2D): tensorflow.Scalar {
    return tf.losses.meanSquaredError(targets, this.predict(tf, outputs));
  }

  predict(tf: Tensorflow, outputs: tensorflow.Tensor2D): tensorflow.Tensor1D {
    return tf.reshape(outputs, [-1]);
  }

  scoreSum(
    tf: Tensorflow,
    targets: tensorflow.Tensor1D,
    predictions: tensorflow.Tensor1D,
  ): tensorflow.Scalar {
    return tf.mul(tf.sum(tf.abs(tf.sub(targets, predictions))), this.#deviation);
  }

  evaluate(): RegressionEvaluation {
    return new RegressionEvaluation(this.#deviation);
  }
}

const regressionMetrics = ['meanSquaredError', 'meanAbsoluteError', 'rSquared'] as const;

/** Errors in the units of the number that is predicted. */
export class RegressionEvaluation implements Evaluation {
  readonly #deviation: number;
  #count = 0;
  #lossSum = 0;
  #absolute = 0;
  #squared = 0;
  #targetMean = 0;
  /** The sum of squared distances of the targets from their mean (Welford 1962). */
  #targetSquares = 0;

  constructor(deviation: number) {
    this.#deviation = deviation;
  }

  add(targets: ArrayLike<number>, predictions: ArrayLike<number>, lossSum: number): void {
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]!;
      const error = predictions[i]! - target;
      this.#absolute += Math.abs(error);
      this.#squared += error * error;
      this.#count++;
      const distance = target - this.#targetMean;
      this.#targetMean += distance / this.#count;
      this.#targetSquares += distance * (target - this.#targetMean);
    }
    this.#lossSum += lossSum;
  }

  get loss(): number {
    return this.#lossSum / this.#count;
  }

  /** The mean absolute error. */
  get score(): number {
    return (this.#absolute / this.#count) * this.#deviation;
  }

  /** `rSquared` is 1 - residual / total sum of squares; 0 where all targets are equal. */
  get finalValues() {
    const rSquared = this.#targetSquares === 0 ? 0 : 1 - this.#squared / this.#targetSquares;
    return {
      meanSquaredError: (this.#squared / this.#count) * this.#deviation ** 2,
      meanAbsoluteError: this.score,
      rSquared,
    };
  }
}
