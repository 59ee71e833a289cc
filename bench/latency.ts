import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../test/support/trialgraph-process.ts';
import { type BenchmarkResult, quantile } from './result.ts';

const queries = 1000;
const pauseMs = 5;

const dashboardQuery = `query ($id: ID!) {
  study(id: $id) {
    state trialCounts { running completed }
    trials(first: 20) { edges { node { number state params values metricSeries(maxPoints: 100) { name steps values } } } }
    bestTrials { number values }
  }
}`;

/** How long a dashboard waits for its query while two trials hold both cores, and how long when nothing runs. */
export async function run(): Promise<BenchmarkResult> {
  await using directory = await temporaryDirectory();
  const server = await startTrialgraph({ dataDir: directory.path, args: ['--slots', '2'] });
  try {
    const { createStudy } = await server.graphql<{ createStudy: { id: string } }>(
      `mutation { createStudy(input: {
        name: "latency", trainable: "dense", trainableOptions: { epochs: 1000 }, sampler: { kind: "random", seed: 1 }
        objectives: [{ metric: "valAccuracy", direction: MAXIMIZE }]
      }) { id } }`,
    );
    const { id } = createStudy;
    await measure(server, id, 100);
    const idle = await measure(server, id, queries);
    await server.graphql('mutation ($id: ID!) { startStudy(id: $id, trials: 2) { id } }', { id });
    await untilTraining(server, id);
    const training = await measure(server, id, queries);
    const rows = [row('idle', idle), row('two trials training', training)];
    return { rows, queries, p99Ms: rows[1]!.p99Ms, ratioP99: rows[1]!.p99Ms / rows[0]!.p99Ms };
  } finally {
    await server.stop();
  }
}

function row(load: string, samples: readonly number[]) {
  return { load, p50Ms: quantile(samples, 0.5), p99Ms: quantile(samples, 0.99), maxMs: Math.max(...samples) };
}

async function measure(server: TrialgraphProcess, id: string, count: number): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await server.graphql(dashboardQuery, { id });
    samples.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return samples;
}

async function untilTraining(server: TrialgraphProcess, id: string): Promise<void> {
  for (;;) {
    const { study } = await server.graphql<{
      study: { trials: { edges: { node: { metricSeries: unknown[] } }[] } };
    }>(
      'query ($id: ID!) { study(id: $id) { trials { edges { node { metricSeries(maxPoints: 1) { name } } } } } }',
      { id },
    );
    const { edges } = study.trials;
    if (edges.length === 2 && edges.every(({ node }) => node.metricSeries.length > 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
