import { describe, expect, it } from 'vitest';
import { loadBackend } from '../../../src/trainables/backends/load-backend.ts';
import { builtinTrainables } from '../../../src/trainables/registry.ts';
import { TrialStopped } from '../../../src/trainables/trainable.ts';
import { runLocally } from '../local-trial.ts';

const { tf } = await loadBackend('wasm');
const trainables = builtinTrainables();
const mnist = { dataset: 'mnist', trainExamples: 1_500, validationExamples: 400, stepExamples: 500 };

// Of each dataset the baseline that knows the target alone: the most frequent class, or the mean; the mean image.
describe.each([
  {
    name: 'dense',
    params: { units1: 16, learningRate: 0.02, batchSize: 16 },
    options: { dataset: 'iris', epochs: 20 },
    metric: 'valAccuracy',
    baseline: 1 / 3,
    learnt: 0.9,
  },
  {
    name: 'dense',
    params: { layers: 2, shape: 'tapered', units1: 32, learningRate: 0.01, batchSize: 32 },
    options: { dataset: 'cars', epochs: 40 },
    metric: 'rSquared',
    baseline: 0,
    learnt: 0.75,
  },
  {
    name: 'dense',
    params: { units1: 16, learningRate: 0.01, batchSize: 32 },
    options: { dataset: 'spam', epochs: 4 },
    metric: 'valAccuracy',
    baseline: 0.5,
    learnt: 0.85,
  },
  {
    name: 'cnn',
    params: { blocks: 1, filters1: 8, units: 16, learningRate: 0.01, batchSize: 32 },
    options: { dataset: 'spam', epochs: 3, trainExamples: 1_000 },
    metric: 'valAccuracy',
    baseline: 0.5,
    learnt: 0.8,
  },
  {
    name: 'lstm',
    params: { cells1: 8, embedding: 8, learningRate: 0.02, batchSize: 64 },
    options: { dataset: 'spam', epochs: 3, trainExamples: 1_000 },
    metric: 'valAccuracy',
    baseline: 0.5,
    learnt: 0.7,
  },
  {
    name: 'lstm',
    params: { cells1: 24, learningRate: 0.01, batchSize: 32 },
    options: { ...mnist, epochs: 3 },
    metric: 'valAccuracy',
    baseline: 0.12,
    learnt: 0.6,
  },
  {
    name: 'model-family',
    params: { family: 'cnn', blocks: 1, filters1: 4, units: 16, learningRate: 0.01, batchSize: 32 },
    options: { ...mnist, epochs: 2 },
    metric: 'valAccuracy',
    baseline: 0.12,
    learnt: 0.8,
  },
  {
    name: 'autoencoder',
    params: { codeSize: 16, units: 64, learningRate: 0.005, batchSize: 32 },
    options: { ...mnist, epochs: 5 },
    metric: 'explainedVariance',
    baseline: 0,
    learnt: 0.5,
  },
  {
    name: 'autoencoder',
    params: { codeSize: 2, units: 16, activation: 'tanh', learningRate: 0.01, batchSize: 16 },
    options: { dataset: 'iris', epochs: 40 },
    metric: 'explainedVariance',
    baseline: 0,
    learnt: 0.8,
  },
])('$name on $options.dataset', ({ name, params, options, metric, baseline, learnt }) => {
  const trainable = trainables.get(name)!;

  it(`reaches a ${metric} of ${learnt}, where knowing the target alone gives ${baseline.toFixed(2)}`, async () => {
    await trainable.prepare(options);
    trainable.checkOptions(options);
    const before = tf.memory().numTensors;
    const run = await runLocally(trainable, { tf, params, options });
    expect(run.error).toBeUndefined();
    expect(run.values![metric]).toBeGreaterThan(learnt);
    expect(Object.keys(run.values!).sort()).toEqual([...trainable.metricsOf(options)].sort());
    expect(tf.memory().numTensors).toBe(before);
    expect(trainable.estimateMemory(params, options)).toBeGreaterThan(0);
  });

  it('goes on after a pause with the same bits as without one', async () => {
    const short = { ...options, epochs: 1, trainExamples: 96, stepExamples: 32, validationExamples: 32 };
    const noisy = { ...params, batchSize: 16, noise: 0.1, shift: 1, regularization: 'l1', dropout: 0.2 };
    const whole = await runLocally(trainable, { tf, params: noisy, options: short });
    expect(whole.error).toBeUndefined();
    const first = await runLocally(trainable, { tf, params: noisy, options: short, pauseAtStep: 2 });
    expect(first.error).toBeInstanceOf(TrialStopped);
    const rest = await runLocally(trainable, {
      tf,
      params: noisy,
      options: short,
      checkpoint: first.checkpoint!,
    });
    const withoutTime = ({ trainSeconds, ...values }: Record<string, number>) => values;
    expect(withoutTime(rest.values!)).toEqual(withoutTime(whole.values!));
  });
});

describe('a template', () => {
  it.each([
    ['cnn', 'iris', 'is a dataset of kind table, but cnn takes image or text'],
    ['autoencoder', 'spam', 'is a dataset of kind text, but autoencoder takes image or table'],
    ['lstm', 'cars', 'is a dataset of kind table, but lstm takes image or text'],
  ])('%s refuses %s, and says what it takes', async (name, dataset, message) => {
    const trainable = trainables.get(name)!;
    await trainable.prepare({ dataset });
    expect(() => trainable.checkOptions({ dataset })).toThrow(message);
  });

  it('refuses a dataset that is not there, and one with too few examples', async () => {
    const dense = trainables.get('dense')!;
    await expect(dense.prepare({ dataset: 'irsi' })).rejects.toThrow(
      /trainableOptions.dataset: "irsi" is not there. .*"?iris"?/,
    );
    await dense.prepare({ dataset: 'iris' });
    expect(() => dense.checkOptions({ dataset: 'iris', trainExamples: 140 })).toThrow(
      'trainableOptions.trainExamples: needs 170 examples, those for training and validation together, but iris has 150',
    );
  });

  it('tells classes by name, and a regression in the units of its column', () => {
    const dense = trainables.get('dense')!;
    expect(dense.metricsOf({ dataset: 'iris' })).toContain('recall.virginica');
    expect(dense.metricsOf({ dataset: 'cars' })).toEqual(
      expect.arrayContaining(['meanSquaredError', 'meanAbsoluteError', 'rSquared', 'valAbsoluteError']),
    );
  });

  it('ends early when its validation loss falls no more', async () => {
    const options = { dataset: 'iris', epochs: 100, patience: 2 };
    const params = { units1: 32, learningRate: 0.1, batchSize: 16 };
    const run = await runLocally(trainables.get('dense')!, { tf, params, options });
    expect(run.error).toBeUndefined();
    expect(run.reports.length).toBeLessThan(100);
    expect(run.log.at(-1)).toContain('no lower validation loss in 2 validations');
  });
});
