import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../support/trialgraph-process.ts';

interface Trial {
  readonly number: number;
  readonly state: string;
  readonly attempt: number;
  readonly promotions: number;
  readonly pruneReason: string | null;
  readonly artifacts: { name: string }[];
  readonly metricSeries: { name: string; steps: number[]; values: number[] }[];
}

async function trialsOf(server: TrialgraphProcess, id: string) {
  const { study } = await server.graphql<{
    study: { state: string; stopReason: string; trials: { edges: { node: Trial }[] } };
  }>(
    `query ($id: ID!) { study(id: $id) { state stopReason trials(first: 100) { edges { node {
      number state attempt promotions pruneReason artifacts { name }
      metricSeries(names: ["valLoss"], maxPoints: 0) { name steps values }
    } } } } }`,
    { id },
  );
  return { ...study, trials: study.trials.edges.map((edge) => edge.node) };
}

async function createStudy(server: TrialgraphProcess, name: string, pruner: object | null) {
  const { createStudy: study } = await server.graphql<{ createStudy: { id: string } }>(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    {
      input: {
        name,
        trainable: 'dense',
        trainableOptions: { epochs: 9, trainExamples: 1000, validationExamples: 500, stepExamples: 1000 },
        searchSpace: {
          units1: { type: 'int', low: 16, high: 64 },
          learningRate: { type: 'float', low: 1e-4, high: 1e-2, log: true },
          batchSize: { type: 'categorical', choices: [50] },
        },
        objectives: [{ metric: 'valLoss', direction: 'MINIMIZE' }],
        sampler: { kind: 'random', seed: 3 },
        pruner,
        stopRules: { maxTrials: 9 },
      },
    },
  );
  await server.graphql('mutation ($id: ID!) { startStudy(id: $id) { id } }', { id: study.id });
  return study.id;
}

const finished = (server: TrialgraphProcess, id: string) =>
  expect
    .poll(() => trialsOf(server, id), { timeout: 100_000, interval: 250 })
    .toMatchObject({ state: 'FINISHED', stopReason: 'All 9 trials are done.' });

test('a server killed with -9 while trials are paused goes on with them from their checkpoints', async () => {
  await using directory = await temporaryDirectory();
  // One trial at a time: which of them are among the best when others pause is the same in every run.
  const options = { dataDir: directory.path, env: { TRIALGRAPH_SLOTS: '1' } };
  let server = await startTrialgraph(options);
  const id = await createStudy(server, 'promoted', { kind: 'asha', reductionFactor: 3, promotion: true });
  const pausedIn = (trials: Trial[]) =>
    trials.filter(({ state, pruneReason }) => state === 'QUEUED' && pruneReason !== null);
  let before = await trialsOf(server, id);
  while (pausedIn(before.trials).length < 3) {
    await sleep(50);
    before = await trialsOf(server, id);
  }
  await server.kill();

  server = await startTrialgraph(options);
  try {
    await finished(server, id);
    const { trials } = await trialsOf(server, id);
    expect(trials).toHaveLength(9);
    expect(new Set(trials.map(({ state }) => state))).toEqual(new Set(['COMPLETED', 'PRUNED']));
    expect(trials.some(({ promotions }) => promotions > 0)).toBe(true);
    for (const { state, pruneReason, metricSeries } of trials) {
      const { steps } = metricSeries[0]!;
      expect(steps).toEqual(steps.map((_, i) => i + 1));
      if (state === 'COMPLETED') expect(steps).toHaveLength(9);
      else
        expect(pruneReason).toMatch(
          /^Paused until the study ended: valLoss .* at rung [13] is number \d of \d/,
        );
    }

    // The same seeds without a pruner: what was paused, and what was killed, has trained with the same bits.
    const plain = await createStudy(server, 'uninterrupted', null);
    await finished(server, plain);
    const whole = (await trialsOf(server, plain)).trials;
    for (const { number, metricSeries } of trials) {
      const { steps, values } = metricSeries[0]!;
      const expected = whole[number]!.metricSeries[0]!.values;
      // The last step is validated with all examples, and so it is in both.
      expect(values).toEqual(expected.slice(0, steps.length));
    }
  } finally {
    expect(await server.stop()).toBe(0);
  }
});
