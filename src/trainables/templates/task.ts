import type * as tensorflow from '@tensorflow/tfjs';
import type { Batch } from '../datasets/batches.ts';
import type { MetricValues, Tensorflow } from '../trainable.ts';

/** What a supervised model is trained for: how its outputs become a loss, and what is told of them. */
export interface Task {
  /** Units of a model's last layer, which has no activation. */
  readonly outputs: number;
  /** What is reported at steps beside the losses: of the training under this name, of the validation as `val...`. */
  readonly score: string;
  /** What is told of the last validation alone. */
  readonly finalMetrics: readonly string[];
  /** What the outputs are compared with. */
  targets(batch: Batch): Float32Array;
  /** The mean loss of a batch. */
  loss(tf: Tensorflow, targets: tensorflow.Tensor1D, outputs: tensorflow.Tensor2D): tensorflow.Scalar;
  /** One prediction an example, to be compared with its target. */
  predict(tf: Tensorflow, outputs: tensorflow.Tensor2D): tensorflow.Tensor1D;
  /** The sum of the scores of a batch. */
  scoreSum(tf: Tensorflow, targets: tensorflow.Tensor1D, predictions: tensorflow.Tensor1D): tensorflow.Scalar;
  evaluate(): Evaluation;
}

/** Sums over the examples of a validation, from which its metrics follow. */
export interface Evaluation {
  /** Adds a batch: its targets and predictions, and the sum of its losses. */
  add(targets: ArrayLike<number>, predictions: ArrayLike<number>, lossSum: number): void;
  readonly loss: number;
  readonly score: number;
  readonly finalValues: MetricValues;
}
