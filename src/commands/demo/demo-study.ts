import type { CreateStudyInput, Params } from '../../client/index.ts';

export const accuracyMetric = 'valAccuracy';
export const secondsMetric = 'trainSeconds';
export const lossMetric = 'loss';
/** By which a later demo finds the studies of earlier ones. */
export const demoTag = 'demo';

/**
 * The study that the demo creates: fully connected networks on all of MNIST, 10,000 of its digits held back for
 * validation. Most of the space is useless, as in practice: learning rates that do not learn or diverge, dropout that
 * forgets. The median pruner finds that out early. The first trial has what people would try first.
 */
export function demoStudy(now: Date): CreateStudyInput {
  return {
    name: `demo-${now.toISOString()}`,
    description: 'Accuracy against training time of fully connected networks on MNIST.',
    tags: [demoTag],
    trainable: 'dense',
    trainableOptions: { dataset: 'mnist', epochs: 3 },
    searchSpace: {
      layers: { type: 'int', low: 1, high: 3, default: 1 },
      units1: { type: 'int', low: 24, high: 160, log: true, default: 64 },
      units2: { type: 'int', low: 16, high: 128, log: true, when: { layers: { gte: 2 } } },
      units3: { type: 'int', low: 16, high: 64, log: true, when: { layers: { gte: 3 } } },
      activation: { type: 'categorical', choices: ['relu', 'elu', 'tanh'], default: 'relu' },
      optimizer: { type: 'categorical', choices: ['adam', 'rmsprop', 'sgd'], default: 'adam' },
      learningRate: { type: 'float', low: 3e-5, high: 1, log: true, default: 1e-3 },
      momentum: { type: 'float', low: 0, high: 0.95, when: { optimizer: 'sgd' } },
      batchSize: { type: 'categorical', choices: [64, 128, 256], ordered: true, default: 128 },
      dropout: { type: 'float', low: 0, high: 0.7, default: 0.1 },
    },
    objectives: [
      { metric: accuracyMetric, direction: 'MAXIMIZE' },
      { metric: secondsMetric, direction: 'MINIMIZE' },
    ],
    sampler: { kind: 'auto', seed: 11 },
    pruner: { kind: 'median', metric: accuracyMetric, startupTrials: 3, warmupSteps: 5 },
  };
}

/** A trial's settings in words: of the network, such as `256-64 relu, dropout 0.12`, and of its training. */
export function describeParams(params: Params): [network: string, training: string] {
  const { units1, units2, units3, activation, dropout, batchSize, optimizer, learningRate, momentum } =
    params;
  const layers = [units1, units2, units3].filter((units) => units !== undefined).join('-');
  const momentumPart = momentum === undefined ? '' : ` mom. ${Number(momentum).toFixed(2)}`;
  return [
    `${layers} ${activation}, dropout ${Number(dropout).toFixed(2)}`,
    `batch ${batchSize}, ${optimizer} ${Number(learningRate).toExponential(1)}${momentumPart}`,
  ];
}
