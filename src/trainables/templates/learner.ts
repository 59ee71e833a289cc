import type * as tensorflow from '@tensorflow/tfjs';
import type { Checkpoint } from '../checkpoint.ts';
import { type Batch, consecutiveBatches } from '../datasets/batches.ts';
import type { Examples } from '../datasets/dataset.ts';
import type { Tensorflow, TrialContext } from '../trainable.ts';
import type { Evaluation, Task } from './task.ts';
import {
  createOptimizer,
  disposeOptimizer,
  type Penalty,
  penaltyOf,
  type TrainingParams,
} from './training-params.ts';
import { restoreTraining, saveTraining, type Training } from './training-state.ts';

/** Examples whose outputs are computed at once when nothing is learnt from them. */
export const evaluationBatch = 250;

/**
 * A model in training. Losses and scores stay on the device until they are asked for, so that a GPU need not be waited
 * for after each batch. It owns the model.
 */
export class Learner {
  readonly #tf: Tensorflow;
  readonly #model: tensorflow.LayersModel;
  readonly #inputShape: readonly number[];
  readonly #task: Task;
  readonly #optimizer: tensorflow.Optimizer;
  readonly #variables: tensorflow.Variable[];
  readonly #penalty: Penalty;
  /** All but biases. */
  readonly #penalised: tensorflow.Variable[];
  /** Since the last `takeTrainingMetrics`: the sum of the losses of all examples, and that of their scores. */
  #totals: tensorflow.Tensor1D | undefined;
  #examples = 0;
  #trainMs = 0;

  constructor(
    tf: Tensorflow,
    model: tensorflow.LayersModel,
    params: TrainingParams,
    task: Task,
    inputShape: readonly number[],
  ) {
    this.#tf = tf;
    this.#model = model;
    this.#task = task;
    this.#inputShape = inputShape;
    this.#optimizer = createOptimizer(tf, params);
    this.#variables = model.trainableWeights.map((weight) => weight.read() as tensorflow.Variable);
    this.#penalty = penaltyOf(params);
    this.#penalised = this.#variables.filter((variable) => variable.rank > 1);
  }

  /** The milliseconds that training took so far, waiting for the device included, validation left out. */
  get trainMs(): number {
    return this.#trainMs;
  }

  /** Learns from one batch. */
  train(batch: Batch): void {
    const tf = this.#tf;
    const start = performance.now();
    const totals = tf.tidy(() => {
      const targets = tf.tensor1d(this.#task.targets(batch));
      const x = this.#input(batch);
      let sums = tf.zeros([2]) as tensorflow.Tensor1D;
      this.#optimizer.minimize(
        () => {
          const outputs = this.#model.apply(x, { training: true }) as tensorflow.Tensor2D;
          const loss = this.#task.loss(tf, targets, outputs);
          const score = this.#task.scoreSum(tf, targets, this.#task.predict(tf, outputs));
          // Kept, as it leaves the scope in which the optimizer runs this function.
          sums = tf.keep(tf.stack([tf.mul(loss, batch.size), score]) as tensorflow.Tensor1D);
          return this.#penalise(loss);
        },
        false,
        this.#variables,
      );
      const totals = this.#totals ? tf.add<tensorflow.Tensor1D>(this.#totals, sums) : sums.clone();
      sums.dispose();
      return totals;
    });
    this.#totals?.dispose();
    this.#totals = totals;
    this.#examples += batch.size;
    this.#trainMs += performance.now() - start;
  }

  /** The mean loss (without the penalty) and score of the batches since the last call. */
  async takeTrainingMetrics(): Promise<{ loss: number; score: number }> {
    const start = performance.now();
    const totals = this.#totals!;
    const examples = this.#examples;
    this.#totals = undefined;
    this.#examples = 0;
    try {
      const [loss, score] = await totals.data();
      return { loss: loss! / examples, score: score! / examples };
    } finally {
      totals.dispose();
      this.#trainMs += performance.now() - start;
    }
  }

  async evaluate(
    examples: Examples,
    indices: Uint32Array,
    trial: Pick<TrialContext, 'nextBatch'>,
  ): Promise<Evaluation> {
    const tf = this.#tf;
    const evaluation = this.#task.evaluate();
    for (const batch of consecutiveBatches(examples, indices, evaluationBatch)) {
      await trial.nextBatch();
      const [predictions, loss] = tf.tidy(() => {
        const outputs = this.#model.apply(this.#input(batch), { training: false }) as tensorflow.Tensor2D;
        const targets = tf.tensor1d(this.#task.targets(batch));
        return [this.#task.predict(tf, outputs), this.#task.loss(tf, targets, outputs)];
      });
      try {
        const [values, [meanLoss]] = await Promise.all([predictions.data(), loss.data()]);
        evaluation.add(this.#task.targets(batch), values, meanLoss! * batch.size);
      } finally {
        tf.dispose([predictions, loss]);
      }
    }
    return evaluation;
  }

  /** The weights and what the optimizer keeps, to go on from between two batches. */
  save(): Promise<Checkpoint['tensors']> {
    return saveTraining(this.#training);
  }

  /** Takes over what `save` gave in another process, with the milliseconds of training so far. */
  async restore(tensors: Checkpoint['tensors'], trainMs: number): Promise<void> {
    await restoreTraining(this.#tf, this.#training, tensors);
    this.#trainMs = trainMs;
  }

  /** Frees the model too. */
  dispose(): void {
    this.#totals?.dispose();
    disposeOptimizer(this.#optimizer);
    this.#model.dispose();
  }

  get #training(): Training {
    return { model: this.#model, optimizer: this.#optimizer };
  }

  #input(batch: Batch): tensorflow.Tensor {
    return this.#tf.tensor(batch.features, [batch.size, ...this.#inputShape]);
  }

  #penalise(loss: tensorflow.Scalar): tensorflow.Scalar {
    const { l1, l2 } = this.#penalty;
    const tf = this.#tf;
    const add = (
      sum: tensorflow.Scalar,
      weight: number,
      of: (weights: tensorflow.Tensor) => tensorflow.Tensor,
    ) => {
      if (weight === 0) return sum;
      const parts = this.#penalised.map((weights) => tf.sum(of(weights)));
      return tf.add<tensorflow.Scalar>(sum, tf.mul(tf.addN(parts), weight));
    };
    return add(add(loss, l1, tf.abs), l2, tf.square);
  }
}
