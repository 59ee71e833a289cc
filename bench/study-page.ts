import { join } from 'node:path';
import { openDatabase } from '../src/storage/database.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../test/support/trialgraph-process.ts';
import { type BenchmarkResult, quantile } from './result.ts';
import { generateStudy } from './support/generate-study.ts';

const trialCount = 100_000;
const pointsPerTrial = 10;
const repetitions = 30;

const page = 'edges { node { id number state params values } cursor } pageInfo { hasNextPage endCursor }';
/** Values are uniform on [0, 1): nine tenths of the trials come before this one. */
const deep = Buffer.from(JSON.stringify({ missing: false, key: 0.9, number: 0 })).toString('base64url');
const tchebycheff = '{ kind: "tchebycheff", weights: { loss: 1, accuracy: 1, seconds: 1 } }';
const queries: Readonly<Record<string, string>> = {
  'first page of trials': `trials(first: 50) { ${page} }`,
  'ordered by an objective': `trials(first: 50, orderBy: { field: VALUE, name: "loss" }) { ${page} }`,
  'ordered by an objective, from 90,000 on': `trials(first: 50, after: "${deep}", orderBy: { field: VALUE, name: "loss" }) { ${page} }`,
  'ordered by a parameter, descending': `trials(first: 50, orderBy: { field: PARAM, name: "p3", descending: true }) { ${page} }`,
  'filtered by parameter and objective': `trials(first: 50, filter: { params: [{ name: "p1", gte: 0.4, lt: 0.5 }], values: [{ name: "loss", lt: 0.5 }] }) { ${page} }`,
  'filtered by state': `trials(first: 50, filter: { states: [PRUNED] }) { ${page} totalCount }`,
  counts: 'trialCounts { total running completed pruned infeasible failed cancelled queued }',
  'bestTrials of 3 objectives': 'bestTrials(first: 20) { number values }',
  hypervolume: 'hypervolume',
  'hypervolume history': 'hypervolumeHistory { numbers ended hypervolumes }',
  'trialColumns of 5 columns': 'trialColumns(params: ["p0", "p1"]) { numbers values }',
};

/** The queries of a study's page on a study of 100,000 trials, 20 parameters, 3 objectives and a million points. */
export async function run(): Promise<BenchmarkResult> {
  await using directory = await temporaryDirectory();
  const database = await openDatabase({ databaseUrl: null, dataDir: join(directory.path, 'postgres') });
  const studyId = await generateStudy(database, { trialCount, pointsPerTrial });
  await database.close();

  const start = performance.now();
  const server = await startTrialgraph({ dataDir: directory.path });
  const startSeconds = (performance.now() - start) / 1000;
  try {
    const rows = [];
    for (const [query, selection] of Object.entries(queries)) {
      const document = `query ($id: ID!) { study(id: $id) { ${selection} } }`;
      rows.push({ query, ...(await measure(server, document, `study-${studyId}`)) });
    }
    const ranking = `query ($id: ID!) { rankTrials(study: $id, scalarisation: ${tchebycheff}) { score } }`;
    rows.push({ query: 'rankTrials', ...(await measure(server, ranking, `study-${studyId}`)) });
    return { rows, startSeconds, rssMb: await residentMb(server.pid) };
  } finally {
    await server.stop();
  }
}

async function measure(server: TrialgraphProcess, document: string, id: string) {
  const firstStart = performance.now();
  await server.graphql(document, { id });
  const firstMs = performance.now() - firstStart;
  const samples: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const start = performance.now();
    await server.graphql(document, { id });
    samples.push(performance.now() - start);
  }
  return { firstMs, p50Ms: quantile(samples, 0.5), p95Ms: quantile(samples, 0.95) };
}

async function residentMb(pid: number): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
}
