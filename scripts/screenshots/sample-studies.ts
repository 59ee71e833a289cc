import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, CreateStudyInput, Study } from '../../src/client/index.ts';

/** The studies of the pictures: small networks that really learn, in one to three minutes altogether. */
const finished: readonly CreateStudyInput[] = [
  {
    name: 'spam filter',
    project: 'text',
    trainable: 'dense',
    trainableOptions: { dataset: 'spam', epochs: 6, trainExamples: 900 },
    objectives: [{ metric: 'fScore', direction: 'MAXIMIZE' }],
    sampler: { kind: 'tpe', seed: 3 },
    pruner: { kind: 'median' },
    stopRules: { maxTrials: 24 },
    tags: ['baseline', 'text'],
  },
  {
    name: 'fuel consumption of cars',
    trainable: 'dense',
    trainableOptions: { dataset: 'cars', epochs: 12 },
    objectives: [{ metric: 'meanAbsoluteError', direction: 'MINIMIZE' }],
    sampler: { kind: 'sobol', seed: 5 },
    stopRules: { maxTrials: 32, patience: 20 },
    tags: ['regression'],
  },
  {
    name: 'iris: accuracy against size',
    description: 'How small can a network be that still tells the flowers apart?',
    trainable: 'dense',
    trainableOptions: { dataset: 'iris', epochs: 10 },
    objectives: [
      { metric: 'valAccuracy', direction: 'MAXIMIZE' },
      { metric: 'parameters', direction: 'MINIMIZE' },
    ],
    constraints: [{ metric: 'valLoss', comparison: 'LESS_OR_EQUAL', bound: 0.9 }],
    sampler: { kind: 'auto', seed: 7 },
    stopRules: { maxTrials: 60 },
    tags: ['pareto', 'tiny'],
  },
];

const created: CreateStudyInput = {
  name: 'autoencoder codes',
  trainable: 'autoencoder',
  objectives: [{ metric: 'valLoss', direction: 'MINIMIZE' }],
  stopRules: { timeoutSeconds: 600 },
  tags: ['representation'],
};

const running: CreateStudyInput = {
  name: 'digits',
  description: 'Convolutional networks on MNIST.',
  trainable: 'cnn',
  trainableOptions: { dataset: 'mnist', epochs: 12, trainExamples: 6000 },
  objectives: [{ metric: 'valAccuracy', direction: 'MAXIMIZE' }],
  sampler: { kind: 'tpe', seed: 11 },
  pruner: { kind: 'asha' },
  stopRules: { maxTrials: 40 },
  tags: ['images'],
};

export interface SampleStudies {
  /** Of two objectives, finished. */
  readonly pareto: Study;
  /** Of one objective with pruned trials, finished. */
  readonly pruned: Study;
  readonly running: Study;
}

/** The sample studies of a server that has them; null otherwise. */
export async function findSampleStudies({ studies }: Client): Promise<SampleStudies | null> {
  const found = await Promise.all(
    [finished[0]!, finished[2]!, running].map(({ name, project }) =>
      studies.byName(name, project ? { project } : {}),
    ),
  );
  const [pruned, pareto, live] = found;
  return pruned && pareto && live ? { pruned, pareto, running: live } : null;
}

/** Runs the sample studies on a server without any; the last one still runs when this resolves. */
export async function createSampleStudies(client: Client): Promise<SampleStudies> {
  const studies = [];
  for (const input of finished) studies.push(await client.studies.create(input));
  await client.studies.create(created);
  for (const study of studies) {
    await study.start();
    while ((await study.refresh()).data.state !== 'FINISHED') await sleep(250);
  }
  const live = await client.studies.create(running);
  await live.start();
  while ((await live.refresh()).data.trialCounts.completed < 2) await sleep(250);
  return { pruned: studies[0]!, pareto: studies[2]!, running: live };
}
