import { describe, expect, it } from 'vitest';
import { loadBackend } from '../../../src/trainables/backends/load-backend.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/trainables/checkpoint.ts';
import { cnn } from '../../../src/trainables/templates/cnn.ts';
import { dense } from '../../../src/trainables/templates/dense.ts';
import { TrialStopped } from '../../../src/trainables/trainable.ts';
import { type LocalRun, runLocally } from '../local-trial.ts';

const { tf } = await loadBackend('wasm');
/** Batches of 64 reach over the ends of passes (300 examples) and of steps (100). */
const options = {
  trainExamples: 300,
  validationExamples: 100,
  validationSample: 50,
  stepExamples: 100,
  epochs: 3,
  validateEverySteps: 2,
};
const common = { batchSize: 64, dropout: 0.3, learningRate: 0.01 };
const kinds = [
  { optimizer: 'adam' },
  { optimizer: 'rmsprop' },
  { optimizer: 'sgd', momentum: 0.9 },
  { optimizer: 'sgd', momentum: 0 },
];

describe.each([
  ...kinds.map((kind) => ({
    trainable: dense,
    params: { ...common, units1: 16, layers: 2, units2: 8, ...kind },
  })),
  { trainable: cnn, params: { ...common, filters1: 4, filters2: 4, units: 16, ...kinds[0] } },
])('$trainable.name with $params.optimizer, $params.momentum', ({ trainable, params }) => {
  it('goes on after any pause with the same bits as without one, and frees all its tensors', async () => {
    const before = tf.memory().numTensors;
    const whole = await runLocally(trainable, { tf, params, options });
    expect(whole.reports.length).toBeGreaterThan(6);
    for (const pauseAtStep of whole.reports.map(({ step }) => step).slice(0, -1)) {
      const first = await runLocally(trainable, { tf, params, options, pauseAtStep });
      expect(first.error).toBeInstanceOf(TrialStopped);
      const checkpoint = decodeCheckpoint(encodeCheckpoint(first.checkpoint!));
      const second = await runLocally(trainable, { tf, params, options, checkpoint });
      expect([...first.reports, ...second.reports]).toEqual(whole.reports);
      expect(withoutTime(second)).toEqual(withoutTime(whole));
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has the same weights and optimizer state, to the last bit, at every later checkpoint', async () => {
    const at = async (pauseAtStep: number, from?: LocalRun) =>
      runLocally(trainable, {
        tf,
        params,
        options,
        pauseAtStep,
        ...(from?.checkpoint && { checkpoint: from.checkpoint }),
      });
    const steps = (await runLocally(trainable, { tf, params, options })).reports.map(({ step }) => step);
    const [early, late] = [steps[1]!, steps.at(-2)!];
    const direct = await at(late);
    const resumed = await at(late, await at(early));
    expect(resumed.checkpoint!.tensors).toEqual(direct.checkpoint!.tensors);
  });
});

function withoutTime({ values }: LocalRun) {
  const { trainSeconds, ...rest } = values!;
  return rest;
}
