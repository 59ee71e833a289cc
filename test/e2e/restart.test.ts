import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../support/trialgraph-process.ts';

interface Trial {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly attempt: number;
  readonly values: Record<string, number> | null;
}

const readStudy = `query ($id: ID!) { study(id: $id) {
  state stopReason cursor
  trials(first: 100) { edges { node { id number state attempt values worker } } }
} }`;

async function trialsOf(server: TrialgraphProcess, id: string) {
  const { study } = await server.graphql<{
    study: { state: string; stopReason: string; cursor: string; trials: { edges: { node: Trial }[] } };
  }>(readStudy, { id });
  return { ...study, trials: study.trials.edges.map((edge) => edge.node) };
}

/** Trains for a few seconds a trial. */
const trainableOptions = { epochs: 4, trainExamples: 12_000, validationExamples: 1000 };

test('a server killed with -9 in mid-study loses nothing that it acknowledged, and goes on by itself', async () => {
  await using directory = await temporaryDirectory();
  let server = await startTrialgraph({ dataDir: directory.path });
  const created = await server.graphql<{ inside: { id: string }; outside: { id: string } }>(
    `mutation ($options: JSON) {
      inside: createStudy(input: {
        name: "inside", trainable: "dense", trainableOptions: $options, sampler: { kind: "random", seed: 3 }
        objectives: [{ metric: "valAccuracy", direction: MAXIMIZE }]
      }) { id }
      outside: createStudy(input: {
        name: "outside", searchSpace: { x: { type: "float", low: 0, high: 1 } }
        objectives: [{ metric: "loss", direction: MINIMIZE }]
      }) { id }
    }`,
    { options: trainableOptions },
  );
  const inside = created.inside.id;
  const outside = created.outside.id;
  await server.graphql('mutation ($id: ID!) { startStudy(id: $id, trials: 5) { id } }', { id: inside });

  // A worker outside reports one point after the other until the server dies under it.
  const { askTrials } = await server.graphql<{ askTrials: Trial[] }>(
    'mutation ($id: ID!) { askTrials(study: $id, leaseSeconds: 600) { id attempt } }',
    { id: outside },
  );
  const trial = askTrials[0]!;
  let acknowledged = -1;
  const reporting = (async () => {
    for (let step = 0; ; step++) {
      await report(server, trial, step);
      acknowledged = step;
    }
  })().catch(() => {});

  let before = await trialsOf(server, inside);
  while (!before.trials.some(({ state }) => state === 'COMPLETED')) {
    await sleep(100);
    before = await trialsOf(server, inside);
  }
  await server.kill();
  await reporting;
  expect(acknowledged).toBeGreaterThan(10);

  server = await startTrialgraph({ dataDir: directory.path });
  try {
    const points = await server.graphql<{
      trial: { state: string; metricSeries: { steps: number[]; values: number[] }[] };
    }>('query ($id: ID!) { trial(id: $id) { state metricSeries(maxPoints: 0) { steps values } } }', {
      id: trial.id,
    });
    const { steps, values } = points.trial.metricSeries[0]!;
    expect(points.trial.state).toBe('RUNNING'); // its worker lives, and so does its lease
    expect(steps.length).toBeGreaterThanOrEqual(acknowledged + 1);
    expect(steps).toEqual(steps.map((_, i) => i));
    expect(values).toEqual(steps.map((step) => 1 / (step + 1)));
    // The worker sends again what was not acknowledged, under the same number, and goes on.
    await report(server, trial, acknowledged + 1);

    const after = await trialsOf(server, inside);
    for (const known of before.trials.filter(({ state }) => state === 'COMPLETED')) {
      expect(after.trials[known.number]).toEqual(known);
    }
    await expect
      .poll(() => trialsOf(server, inside), { timeout: 90_000, interval: 250 })
      .toMatchObject({ state: 'FINISHED', stopReason: 'All 5 trials are done.' });
    const { trials } = await trialsOf(server, inside);
    expect(trials.map(({ state }) => state)).toEqual(Array(5).fill('COMPLETED'));
    const interrupted = before.trials.filter(({ state }) => state === 'RUNNING');
    expect(interrupted.length).toBeGreaterThan(0);
    for (const { number } of interrupted) expect(trials[number]!.attempt).toBe(2);
  } finally {
    expect(await server.stop()).toBe(0);
  }
});

function report(server: TrialgraphProcess, { id, attempt }: Trial, step: number) {
  return server.graphql(
    'mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { accepted } }',
    {
      input: {
        trial: id,
        attempt,
        batch: step,
        series: [{ name: 'loss', steps: [step], values: [1 / (step + 1)] }],
      },
    },
  );
}
