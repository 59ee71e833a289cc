import type * as tensorflow from '@tensorflow/tfjs';
import type { Checkpoint, CheckpointTensor } from '../checkpoint.ts';
import { type Batch, consecutiveBatches } from '../datasets/batches.ts';
import type { DatasetShape, Examples } from '../datasets/dataset.ts';
import type { Tensorflow, TrialContext } from '../trainable.ts';
import { ClassifierEvaluation } from './evaluation.ts';
import { createOptimizer, decaysOf, disposeOptimizer, type TrainingParams } from './training-params.ts';

/** Examples whose logits are computed at once when nothing is learnt from them. */
export const evaluationBatch = 250;

/**
 * A model in training. Losses and hits stay on the device until they are asked for, so that a GPU need not be waited
 * for after each batch. It owns the model.
 */
export class Classifier {
  readonly #tf: Tensorflow;
  readonly #model: tensorflow.LayersModel;
  readonly #shape: DatasetShape;
  readonly #optimizer: tensorflow.Optimizer;
  readonly #variables: tensorflow.Variable[];
  /** The L2 penalty's weight, and the weights it is put on: all but biases. */
  readonly #l2: number;
  readonly #penalised: tensorflow.Variable[];
  /** Since the last `takeTrainingMetrics`: the sum of the losses of all examples, and the number of hits. */
  #totals: tensorflow.Tensor1D | undefined;
  #examples = 0;
  #trainMs = 0;

  constructor(tf: Tensorflow, model: tensorflow.LayersModel, params: TrainingParams, shape: DatasetShape) {
    this.#tf = tf;
    this.#model = model;
    this.#shape = shape;
    this.#optimizer = createOptimizer(tf, params);
    this.#variables = model.trainableWeights.map((weight) => weight.read() as tensorflow.Variable);
    this.#l2 = params.regularization === 'l2' ? params.l2 : 0;
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
      const labels = tf.tensor1d(batch.labels, 'int32');
      const x = this.#input(batch);
      const y = tf.oneHot(labels, this.#shape.classes);
      let sums = tf.zeros([2]) as tensorflow.Tensor1D;
      this.#optimizer.minimize(
        () => {
          const logits = this.#model.apply(x, { training: true }) as tensorflow.Tensor2D;
          const loss = tf.losses.softmaxCrossEntropy(y, logits) as tensorflow.Scalar;
          const hits = tf.sum(tf.equal(tf.argMax(logits, 1), labels));
          // Kept, as it leaves the scope in which the optimizer runs this function.
          sums = tf.keep(
            tf.stack([tf.mul(loss, batch.size), tf.cast(hits, 'float32')]) as tensorflow.Tensor1D,
          );
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

  /** The mean loss (without the penalty) and the accuracy of the batches since the last call. */
  async takeTrainingMetrics(): Promise<{ loss: number; accuracy: number }> {
    const start = performance.now();
    const totals = this.#totals!;
    const examples = this.#examples;
    this.#totals = undefined;
    this.#examples = 0;
    try {
      const [loss, hits] = await totals.data();
      return { loss: loss! / examples, accuracy: hits! / examples };
    } finally {
      totals.dispose();
      this.#trainMs += performance.now() - start;
    }
  }

  async evaluate(
    examples: Examples,
    indices: Uint32Array,
    trial: Pick<TrialContext, 'nextBatch'>,
  ): Promise<ClassifierEvaluation> {
    const tf = this.#tf;
    const evaluation = new ClassifierEvaluation(this.#shape.classes);
    for (const batch of consecutiveBatches(examples, indices, evaluationBatch)) {
      await trial.nextBatch();
      const [predictions, loss] = tf.tidy(() => {
        const logits = this.#model.apply(this.#input(batch), { training: false }) as tensorflow.Tensor2D;
        const y = tf.oneHot(tf.tensor1d(batch.labels, 'int32'), this.#shape.classes);
        return [tf.argMax(logits, 1), tf.losses.softmaxCrossEntropy(y, logits)];
      });
      try {
        const [classes, [meanLoss]] = await Promise.all([predictions.data(), loss.data()]);
        evaluation.add(batch.labels, classes, meanLoss! * batch.size);
      } finally {
        tf.dispose([predictions, loss]);
      }
    }
    return evaluation;
  }

  /** The weights and what the optimizer keeps, to go on from between two batches. */
  async save(): Promise<Checkpoint['tensors']> {
    const tensors: Record<string, CheckpointTensor> = {};
    const add = async (name: string, tensor: tensorflow.Tensor): Promise<void> => {
      tensors[name] = { shape: tensor.shape, values: (await tensor.data()) as Float32Array | Int32Array };
    };
    for (const [i, weight] of this.#model.weights.entries()) {
      await add(`model.${i}.${weight.originalName.split('/').at(-1)}`, weight.read());
    }
    const kept = await this.#optimizer.getWeights();
    for (const [i, { tensor }] of kept.entries()) await add(`optimizer.${i}`, tensor);
    // The first is a count of iterations that was made for us; the others are the optimizer's own.
    kept[0]!.tensor.dispose();
    for (const [name, variable] of Object.entries(decaysOf(this.#optimizer))) await add(name, variable);
    return tensors;
  }

  /** Takes over what `save` gave in another process, with the milliseconds of training so far. */
  async restore(tensors: Checkpoint['tensors'], trainMs: number): Promise<void> {
    const tf = this.#tf;
    const read = (prefix: string): tensorflow.Tensor[] =>
      Object.entries(tensors)
        .filter(([name]) => name.startsWith(prefix))
        .map(([, { shape, values }]) =>
          tf.tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32'),
        );
    const weights = read('model.');
    this.#model.setWeights(weights);
    const kept = read('optimizer.');
    await this.#optimizer.setWeights(kept.map((tensor, i) => ({ name: `optimizer.${i}`, tensor })));
    for (const [name, variable] of Object.entries(decaysOf(this.#optimizer))) {
      const [decay] = read(name);
      variable.assign(decay!);
      decay!.dispose();
    }
    tf.dispose([...weights, ...kept]);
    this.#trainMs = trainMs;
  }

  /** Frees the model too. */
  dispose(): void {
    this.#totals?.dispose();
    disposeOptimizer(this.#optimizer);
    this.#model.dispose();
  }

  #input(batch: Batch): tensorflow.Tensor {
    return this.#tf.tensor(batch.features, [batch.size, ...this.#shape.inputShape]);
  }

  #penalise(loss: tensorflow.Scalar): tensorflow.Scalar {
    if (this.#l2 === 0) return loss;
    const tf = this.#tf;
    const squares = tf.addN(
      this.#penalised.map((weights) => tf.sum(tf.square(weights))),
    ) as tensorflow.Scalar;
    return tf.add(loss, tf.mul(squares, this.#l2));
  }
}
