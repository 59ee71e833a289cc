import { describe, expect, it } from 'vitest';
import valleyDescent from '../../examples/trainables/valley-descent.ts';
import waveRegression from '../../examples/trainables/wave-regression.ts';
import { loadBackend } from '../../src/trainables/backends/load-backend.ts';
import { TrialStopped } from '../../src/trainables/trainable.ts';
import { runLocally } from './local-trial.ts';

const { tf } = await loadBackend('wasm');

describe('an example that can be paused', () => {
  it.each([
    {
      trainable: valleyDescent,
      params: { learningRate: 1e-3, momentum: 0.9 },
      pauseAtStep: 250,
      metric: 'height',
      most: 3,
    },
    { trainable: waveRegression, params: {}, pauseAtStep: 100, metric: 'loss', most: 0.3 },
  ])('$trainable.name goes on after its checkpoint and frees its tensors', async (example) => {
    const { trainable, params, pauseAtStep, metric, most } = example;
    const before = tf.memory().numTensors;
    const first = await runLocally(trainable, { tf, params, pauseAtStep });
    expect(first.error).toBeInstanceOf(TrialStopped);
    const rest = await runLocally(trainable, { tf, params, checkpoint: first.checkpoint! });
    expect(rest.error).toBeUndefined();
    expect(rest.reports[0]!.step).toBeGreaterThan(pauseAtStep);
    expect(rest.reports.at(-1)!.values[metric]).toBeLessThan(most);
    expect(rest.reports.at(-1)!.values[metric]).toBeLessThan(first.reports.at(-1)!.values[metric]!);
    expect(tf.memory().numTensors).toBe(before);
  });
});
