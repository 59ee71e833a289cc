import { readFileSync } from 'node:fs';
import type { Tensorflow } from '../../src/trainables/trainable.ts';

export interface TrainingTimes {
  /** From the end of the first batches, in which everything is compiled and cached, to the end of the last. */
  readonly wallMs: number;
  /** What the thread that trains had of a core meanwhile; null where the system does not tell. */
  readonly cpuMs: number | null;
}

export const batches = 400;
const warmUp = 50;
const batchSize = 128;

/** The training that is compared: a classifier of random images, from a seed, batch by batch, as a script of tfjs has it. */
export async function train(
  tf: Tensorflow,
  seed: number,
  count: number,
  afterBatch: (batch: number, loss: number) => Promise<void>,
): Promise<TrainingTimes> {
  const init = (offset: number) => ({
    kernelInitializer: tf.initializers.glorotUniform({ seed: seed + offset }),
  });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [784], units: 256, activation: 'relu', ...init(0) }),
      tf.layers.dense({ units: 10, activation: 'softmax', ...init(1) }),
    ],
  });
  const optimizer = tf.train.adam(0.001);
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const x = tf.randomUniform([batchSize, 784], 0, 1, 'float32', seed);
  const y = tf.oneHot(tf.randomUniform([batchSize], 0, 10, 'int32', seed + 1), 10);
  let start = performance.now();
  let cpuStart = threadCpuMs();
  try {
    for (let batch = 1; batch <= count; batch++) {
      const loss = (await model.trainOnBatch(x, y)) as number;
      await afterBatch(batch, loss);
      if (batch !== warmUp) continue;
      start = performance.now();
      cpuStart = threadCpuMs();
    }
    const cpuEnd = threadCpuMs();
    return {
      wallMs: performance.now() - start,
      cpuMs: cpuStart === null || cpuEnd === null ? null : cpuEnd - cpuStart,
    };
  } finally {
    tf.dispose([x, y]);
    model.dispose();
    // The model's own only where it was named by a text. What is left behind stays in the thread of the next trial.
    optimizer.dispose();
  }
}

function threadCpuMs(): number | null {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return null;
  }
}
