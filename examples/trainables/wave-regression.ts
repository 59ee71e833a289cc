import { type Checkpoint, defineTrainable } from 'trialgraph/trainable';
import * as z from 'zod';

// A training with TensorFlow.js that can be paused, and goes on from its checkpoint after a crash.

const examples = 256;

export default defineTrainable({
  name: 'wave-regression',
  description: 'A network of one hidden layer learns a wave from noisy points.',
  space: {
    units: { type: 'int', low: 4, high: 64, log: true },
    learningRate: { type: 'float', low: 1e-3, high: 1e-1, log: true },
  },
  params: z.strictObject({
    units: z.int().min(1).max(4096).default(16),
    learningRate: z.number().positive().max(1).default(0.01),
  }),
  options: z.strictObject({ epochs: z.int().min(1).default(200) }),
  metrics: ['loss'],
  totalSteps: (_, { epochs }) => epochs,
  // Four bytes a number: weights with two moments and a gradient, activations and their gradients.
  estimateMemory: ({ units }) => 4 * (4 * 3 * units + 2 * examples * (units + 2)),
  run: async (trial) => {
    const { tf, params, options, seed } = trial;
    const optimizer = tf.train.adam(params.learningRate);
    // All that is random comes from the trial's seed, so that the same seed gives the same result.
    const weight = (shape: number[], deviation: number, stream: number) =>
      tf.tidy(() => tf.variable(tf.randomNormal(shape, 0, deviation, 'float32', seed + stream)));
    const weights = [
      weight([1, params.units], 2, 0),
      weight([params.units], 2, 1),
      weight([params.units, 1], 0.3, 2),
    ] as const;
    const [w, b, v] = weights;
    const x = tf.tidy(() => tf.linspace(-1, 1, examples).reshape([examples, 1]));
    const y = tf.tidy(() =>
      x
        .mul(5)
        .sin()
        .add(tf.randomNormal([examples, 1], 0, 0.1, 'float32', seed + 3)),
    );
    try {
      const saved = trial.restore();
      for (const [i, weight] of weights.entries()) {
        const tensor = saved?.tensors[`weight.${i}`];
        if (tensor !== undefined) tf.tidy(() => weight.assign(tf.tensor(tensor.values, [...tensor.shape])));
      }
      for (let epoch = (saved?.step ?? 0) + 1; epoch <= options.epochs; epoch++) {
        await trial.nextBatch(); // throws when the trial is to stop
        const loss = optimizer.minimize(
          () => tf.losses.meanSquaredError(y, x.matMul(w).add(b).tanh().matMul(v)),
          true,
          [...weights],
        )!;
        const [value] = await loss.data();
        loss.dispose();
        await trial.report(epoch, { loss: value! });
        await trial.checkpoint(
          (): Checkpoint => ({
            step: epoch,
            state: {},
            tensors: Object.fromEntries(
              weights.map((weight, i) => [
                `weight.${i}`,
                { shape: weight.shape, values: weight.dataSync() as Float32Array },
              ]),
            ),
          }),
        );
      }
      return undefined;
    } finally {
      tf.dispose([x, y, ...weights]);
      optimizer.dispose();
    }
  },
});
