import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Params } from '../../../src/core/search-space/space.ts';
import { loadBackend } from '../../../src/trainables/backends/load-backend.ts';
import { loadDataset } from '../../../src/trainables/datasets/load-dataset.ts';
import { splitExamples } from '../../../src/trainables/datasets/split.ts';
import { cnn } from '../../../src/trainables/templates/cnn.ts';
import { dense } from '../../../src/trainables/templates/dense.ts';
import { TrialDiverged, TrialStopped } from '../../../src/trainables/trainable.ts';
import { runLocally } from '../local-trial.ts';
import { nearestMeanAccuracy } from './nearest-mean.ts';

const { tf, runs } = await loadBackend('wasm');
const { train } = await loadDataset('mnist');
const small: JsonObject = {
  epochs: 2,
  trainExamples: 2_000,
  validationExamples: 500,
  stepExamples: 500,
  validationSample: 100,
};
const split = splitExamples(train.count, 500, 2_000, 0);
const baseline = nearestMeanAccuracy(train, split.train, split.validation, 10);

describe.each([
  {
    trainable: dense,
    params: { layers: 2, units1: 64, units2: 32, learningRate: 3e-3, batchSize: 32 },
    epochs: 5,
  },
  {
    trainable: cnn,
    params: { filters1: 4, filters2: 8, units: 32, learningRate: 3e-3, batchSize: 32 },
    epochs: 3,
  },
])('$trainable.name', ({ trainable, params, epochs }) => {
  it('learns more of 2,000 digits than the mean of each class tells, and reports on the way', async () => {
    const options = { ...small, epochs };
    const run = await runLocally(trainable, { tf, params, options });
    expect(run.error).toBeUndefined();
    expect(run.values!.valAccuracy).toBeGreaterThan(baseline + 0.03);
    expect(Object.keys(run.values!).sort()).toEqual([...trainable.metricsOf(options)].sort());

    const steps = run.reports.map((report) => report.step);
    expect(steps).toEqual(
      Array.from({ length: trainable.totalSteps(params, options)! }, (_, index) => index + 1),
    );
    for (const { values } of run.reports) {
      expect(Object.keys(values)).toEqual(['loss', 'accuracy', 'valLoss', 'valAccuracy']);
    }
    const { precision, recall, fScore, trainSeconds, parameters, ...last } = run.values!;
    expect(last).toMatchObject(run.reports.at(-1)!.values);
    for (const score of [precision, recall, fScore]) expect(score).toBeCloseTo(last.valAccuracy!, 1);
    expect(trainSeconds).toBeGreaterThan(0);
    expect(parameters).toBeGreaterThan(1_000);
  });

  it('is the same run again for the same seed, and another for another', async () => {
    const options = { ...small, trainExamples: 300, epochs: 1 };
    const run = async (seed: number) => {
      const { values } = await runLocally(trainable, {
        tf,
        params: { ...params, dropout: 0.3 },
        options,
        seed,
      });
      const { trainSeconds, ...rest } = values!;
      return rest;
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  it('stops at the next batch, in training and in validation, and frees all its tensors', async () => {
    const before = tf.memory().numTensors;
    const validationBatches = 17;
    for (const stopAtBatch of [1, 7, validationBatches]) {
      const run = await runLocally(trainable, { tf, params, options: small, stopAtBatch });
      expect(run.error).toBeInstanceOf(TrialStopped);
      expect(run.batches).toBe(stopAtBatch);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[string, Params]>([
    ['adam', { optimizer: 'adam', activation: 'elu', dropout: 0.2 }],
    ['rmsprop', { optimizer: 'rmsprop', activation: 'tanh', regularization: 'l2', l2: 1e-3 }],
    ['sgd', { optimizer: 'sgd', momentum: 0, pooling: 'average' }],
    ['sgd with momentum', { optimizer: 'sgd', momentum: 0.9, learningRate: 0.01 }],
  ])('frees all its tensors with %s', async (_, choice) => {
    const { pooling, ...common } = choice;
    const chosen = trainable === cnn ? { ...params, ...choice } : { ...params, ...common };
    const before = tf.memory().numTensors;
    const run = await runLocally(trainable, {
      tf,
      params: chosen,
      options: { ...small, trainExamples: 200, epochs: 1 },
    });
    expect(run.error).toBeUndefined();
    expect(run.values!.loss).toBeLessThan(3);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('ends as diverged when the loss leaves the finite numbers', async () => {
    const before = tf.memory().numTensors;
    const wild: Params = { ...params, optimizer: 'sgd', learningRate: 10, regularization: 'l2', l2: 10 };
    const run = await runLocally(trainable, { tf, params: wild, options: small });
    expect(run.error).toBeInstanceOf(TrialDiverged);
    expect((run.error as Error).message).toMatch(
      /The training loss became (NaN|Infinity) in step 1\. Lower the learning rate/,
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('needs about the memory that it predicts', async () => {
    const wide: Params =
      trainable === dense
        ? { ...params, units1: 2_048, units2: 1_024 }
        : { ...params, filters1: 16, filters2: 32 };
    const options = { ...small, trainExamples: 256, epochs: 1 };
    const meter = runs.measureRun();
    const run = await runLocally(trainable, { tf, params: { ...wide, batchSize: 256 }, options });
    expect(run.error).toBeUndefined();
    const predicted = trainable.estimateMemory({ ...wide, batchSize: 256 }, options)!;
    const peak = meter.peakBytes;
    expect(predicted / peak).toBeGreaterThan(0.6);
    expect(predicted / peak).toBeLessThan(2.5);
  });
});

describe('steps', () => {
  it('are the same for every batch size', () => {
    for (const batchSize of [1, 32, 100, 256]) expect(dense.totalSteps({ batchSize }, small)).toBe(8);
  });

  it('are skipped by batches that are larger than a step', async () => {
    const run = await runLocally(dense, {
      tf,
      params: { batchSize: 1_200 },
      options: { ...small, epochs: 2 },
    });
    expect(run.reports.map((report) => report.step)).toEqual([2, 4, 8]);
  });

  it('are validated as often as the options say, and at the end', async () => {
    const run = await runLocally(dense, { tf, options: { ...small, validateEverySteps: 3 } });
    const validated = run.reports.filter(({ values }) => 'valLoss' in values).map(({ step }) => step);
    expect(validated).toEqual([3, 6, 8]);
  });
});

describe('on plain JavaScript', () => {
  it('a convolutional network learns as it does on WASM', async () => {
    const options = { trainExamples: 96, validationExamples: 32, stepExamples: 32, epochs: 1 };
    const params = {
      filters1: 2,
      filters2: 4,
      units: 16,
      batchSize: 32,
      optimizer: 'sgd',
      learningRate: 0.05,
    };
    const onWasm = await runLocally(cnn, { tf, params, options });
    await tf.setBackend('cpu');
    const onCpu = await runLocally(cnn, { tf, params, options });
    await tf.setBackend('wasm');
    expect(onCpu.reports).toHaveLength(3);
    for (const [index, { values }] of onCpu.reports.entries()) {
      expect(onWasm.reports[index]!.values.loss).toBeCloseTo(values.loss!, 4);
      expect(onWasm.reports[index]!.values.valLoss).toBeCloseTo(values.valLoss!, 4);
    }
  });
});
