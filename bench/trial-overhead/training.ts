import type { Tensorflow } from '../../src/trainables/trainable.ts';

const batchSize = 128;

/** The training that is compared: a classifier of random images, from a seed, batch by batch, as a script of tfjs has it. */
export class Training {
  readonly #tf: Tensorflow;
  readonly #model;
  readonly #optimizer;
  readonly #x;
  readonly #y;

  constructor(tf: Tensorflow, seed: number) {
    const init = (offset: number) => ({
      kernelInitializer: tf.initializers.glorotUniform({ seed: seed + offset }),
    });
    this.#tf = tf;
    this.#model = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [784], units: 256, activation: 'relu', ...init(0) }),
        tf.layers.dense({ units: 10, activation: 'softmax', ...init(1) }),
      ],
    });
    this.#optimizer = tf.train.adam(0.001);
    this.#model.compile({ optimizer: this.#optimizer, loss: 'categoricalCrossentropy' });
    this.#x = tf.randomUniform([batchSize, 784], 0, 1, 'float32', seed);
    this.#y = tf.oneHot(tf.randomUniform([batchSize], 0, 10, 'int32', seed + 1), 10);
  }

  /** Resolves to the loss. */
  async trainBatch(): Promise<number> {
    return (await this.#model.trainOnBatch(this.#x, this.#y)) as number;
  }

  dispose(): void {
    this.#tf.dispose([this.#x, this.#y]);
    this.#model.dispose();
    // The model's own only where it was named by a text. What is left behind stays in the thread of the next trial.
    this.#optimizer.dispose();
  }
}
