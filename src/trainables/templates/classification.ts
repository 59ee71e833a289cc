import type * as tensorflow from '@tensorflow/tfjs';
import type { Batch } from '../datasets/batches.ts';
import type { MetricValues, Tensorflow } from '../trainable.ts';
import type { Evaluation, Task } from './task.ts';

/** Means over the classes. */
const macroMetrics = ['precision', 'recall', 'fScore'] as const;
type MacroMetric = (typeof macroMetrics)[number];
/** With more classes their own scores would hide everything else. */
const maxToldClasses = 20;

/** Predicting a class: the loss is the cross entropy of the softmax of one output a class. */
export class ClassificationTask implements Task {
  readonly outputs: number;
  readonly score = 'accuracy';
  /** Scores as means over the classes, and of each class, such as `recall.spam`. */
  readonly finalMetrics: readonly string[];
  readonly #classes: readonly string[];

  constructor(classes: readonly string[]) {
    this.#classes = classes;
    // tfjs's softmax needs two outputs; a dataset may know one class alone.
    this.outputs = Math.max(2, classes.length);
    this.finalMetrics = [...macroMetrics, ...this.#ownMetrics().map(([name]) => name)];
  }

  targets(batch: Batch): Float32Array {
    return batch.targets;
  }

  loss(tf: Tensorflow, targets: tensorflow.Tensor1D, outputs: tensorflow.Tensor2D): tensorflow.Scalar {
    const y = tf.oneHot(tf.cast(targets, 'int32'), this.outputs);
    return tf.losses.softmaxCrossEntropy(y, outputs) as tensorflow.Scalar;
  }

  predict(tf: Tensorflow, outputs: tensorflow.Tensor2D): tensorflow.Tensor1D {
    return tf.cast(tf.argMax<tensorflow.Tensor1D>(outputs, 1), 'float32');
  }

  scoreSum(
    tf: Tensorflow,
    targets: tensorflow.Tensor1D,
    predictions: tensorflow.Tensor1D,
  ): tensorflow.Scalar {
    return tf.sum(tf.cast(tf.equal(targets, predictions), 'float32'));
  }

  evaluate(): ClassificationEvaluation {
    return new ClassificationEvaluation(this.outputs, this.#ownMetrics());
  }

  #ownMetrics(): (readonly [name: string, metric: MacroMetric, index: number])[] {
    if (this.#classes.length > maxToldClasses) return [];
    return macroMetrics.flatMap((metric) =>
      this.#classes.map((name, index) => [`${metric}.${name}`, metric, index] as const),
    );
  }
}

/** A confusion matrix, and the scores that follow from it. */
export class ClassificationEvaluation implements Evaluation {
  readonly #classes: number;
  /** Examples by true (row) and predicted class (column). */
  readonly #confusion: Uint32Array;
  #count = 0;
  #lossSum = 0;

  readonly #ownMetrics: readonly (readonly [name: string, metric: MacroMetric, index: number])[];

  constructor(
    classes: number,
    ownMetrics: readonly (readonly [name: string, metric: MacroMetric, index: number])[] = [],
  ) {
    this.#classes = classes;
    this.#ownMetrics = ownMetrics;
    this.#confusion = new Uint32Array(classes * classes);
  }

  add(targets: ArrayLike<number>, predictions: ArrayLike<number>, lossSum: number): void {
    for (let i = 0; i < targets.length; i++)
      this.#confusion[targets[i]! * this.#classes + predictions[i]!]!++;
    this.#count += targets.length;
    this.#lossSum += lossSum;
  }

  get loss(): number {
    return this.#lossSum / this.#count;
  }

  /** The accuracy. */
  get score(): number {
    let right = 0;
    for (let c = 0; c < this.#classes; c++) right += this.#hits(c);
    return right / this.#count;
  }

  get finalValues(): MetricValues {
    const values: Record<string, number> = {};
    for (const metric of macroMetrics)
      values[metric] = this.#meanOverClasses((c) => this.#scoreOf(metric, c));
    for (const [name, metric, index] of this.#ownMetrics) values[name] = this.#scoreOf(metric, index);
    return values;
  }

  #scoreOf(metric: MacroMetric, c: number): number {
    switch (metric) {
      // The share of right ones among those predicted; 0 for a class never predicted.
      case 'precision':
        return ratio(this.#hits(c), this.#predicted(c));
      // The share of a class's examples that were found; 0 for a class without examples.
      case 'recall':
        return ratio(this.#hits(c), this.#actual(c));
      // F1 = 2 hits / (predicted + actual).
      case 'fScore':
        return ratio(2 * this.#hits(c), this.#predicted(c) + this.#actual(c));
    }
  }

  #hits(c: number): number {
    return this.#confusion[c * this.#classes + c]!;
  }

  #actual(c: number): number {
    let sum = 0;
    for (let other = 0; other < this.#classes; other++) sum += this.#confusion[c * this.#classes + other]!;
    return sum;
  }

  #predicted(c: number): number {
    let sum = 0;
    for (let other = 0; other < this.#classes; other++) sum += this.#confusion[other * this.#classes + c]!;
    return sum;
  }

  #meanOverClasses(score: (c: number) => number): number {
    let sum = 0;
    for (let c = 0; c < this.#classes; c++) sum += score(c);
    return sum / this.#classes;
  }
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
