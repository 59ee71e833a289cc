import { type Checkpoint, defineTrainable } from 'trialgraph/trainable';
import * as z from 'zod';

// The least there is to a trainable: no TensorFlow.js, any function that takes parameters and reports numbers.

const steps = 500;

/** Rosenbrock's valley; its least value is 0, at (1, 1). */
const height = (x: number, y: number): number => (1 - x) ** 2 + 100 * (y - x ** 2) ** 2;

const start = [-1.5, 2, 0, 0];

export default defineTrainable({
  name: 'valley-descent',
  description: 'Gradient descent with momentum down a curved valley.',
  space: {
    learningRate: { type: 'float', low: 1e-5, high: 3e-3, log: true },
    momentum: { type: 'float', low: 0, high: 0.99 },
  },
  params: z.strictObject({
    learningRate: z.number().positive(),
    momentum: z.number().min(0).lt(1).default(0),
  }),
  metrics: ['height'],
  totalSteps: () => steps,
  run: async (trial) => {
    const { learningRate, momentum } = trial.params;
    const saved = trial.restore();
    let [x, y, dx, dy] = (saved?.state.place ?? start) as [number, number, number, number];
    for (let step = (saved?.step ?? 0) + 1; step <= steps; step++) {
      dx = momentum * dx - learningRate * (-2 * (1 - x) - 400 * x * (y - x ** 2));
      dy = momentum * dy - learningRate * (200 * (y - x ** 2));
      x += dx;
      y += dy;
      // A number that is not finite is no failure of the code: the search learns to keep away.
      if (!Number.isFinite(height(x, y))) return { height: 1e9 };
      if (step % 10 !== 0) continue;
      await trial.report(step, { height: height(x, y) });
      await trial.checkpoint((): Checkpoint => ({ step, state: { place: [x, y, dx, dy] }, tensors: {} }));
    }
    return undefined; // the values that were reported last
  },
});
