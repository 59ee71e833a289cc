import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/storage/embedded-postgres/embedded-postgres.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../test/support/trialgraph-process.ts';
import type { ClientsOrder, ClientsReport, ReportForm } from './ingest/clients.ts';
import { copyPointsPerSecond } from './ingest/copy-reference.ts';
import { batchesPerTrial, trialCount } from './ingest/workload.ts';
import type { BenchmarkResult } from './result.ts';

/** How many points a second reportMetrics acknowledges, against COPY of the same points into the same PostgreSQL. */
export async function run(): Promise<BenchmarkResult> {
  await using directory = await temporaryDirectory();
  const postgres = await startEmbeddedPostgres({ dataDir: join(directory.path, 'postgres') });
  try {
    const server = await startTrialgraph({ dataDir: directory.path, env: { DATABASE_URL: postgres.url } });
    try {
      return await measure(server, postgres.url);
    } finally {
      await server.stop();
    }
  } finally {
    await postgres.stop();
  }
}

async function measure(server: TrialgraphProcess, postgresUrl: string): Promise<BenchmarkResult> {
  // What is measured is a server that has been running for a while.
  await report(server, 'packed', await startTrials(server, 'warmUp'), 0);
  const batched = await startTrials(server, 'batches');
  const copied = [await copyPointsPerSecond(postgresUrl)];
  const packed = await report(server, 'packed', batched, 0);
  const columns = await report(server, 'columns', batched, batchesPerTrial);
  const single = await report(server, 'single', await startTrials(server, 'singles'), 0);
  // Before and after: other programs on the machine come and go.
  copied.push(await copyPointsPerSecond(postgresUrl));
  const reference = Math.max(...copied);
  return {
    rows: [
      { form: 'packed', ...packed },
      { form: 'columns', ...columns },
      { form: 'single', ...single },
    ],
    referencePointsPerSecond: reference,
    ratioPacked: packed.pointsPerSecond / reference,
    ratioColumns: columns.pointsPerSecond / reference,
    singlesPerSecond: single.pointsPerSecond,
    bytesPerPoint: null,
  };
}

async function startTrials(server: TrialgraphProcess, name: string): Promise<string[]> {
  const { createStudy } = await server.graphql<{ createStudy: { id: string } }>(
    `mutation ($name: String!) { createStudy(input: {
      name: $name, searchSpace: { x: { type: "float", low: 0, high: 1 } }, sampler: { kind: "random", seed: 1 }
      objectives: [{ metric: "loss", direction: MINIMIZE }]
    }) { id } }`,
    { name },
  );
  const { askTrials } = await server.graphql<{ askTrials: { id: string }[] }>(
    'mutation ($id: ID!, $count: Int!) { askTrials(study: $id, count: $count, leaseSeconds: 3600) { id } }',
    { id: createStudy.id, count: trialCount },
  );
  return askTrials.map(({ id }) => id);
}

async function report(
  { url }: TrialgraphProcess,
  form: ReportForm,
  trials: readonly string[],
  firstBatch: number,
): Promise<ClientsReport> {
  const clients = fork(join(import.meta.dirname, 'ingest/clients.ts'), { execArgv: ['--import', 'tsx'] });
  const answered = once(clients, 'message');
  const ended = once(clients, 'exit');
  clients.send({ url, form, trials, firstBatch } satisfies ClientsOrder);
  const first = await Promise.race([
    answered,
    ended.then(([code]) => {
      throw new Error(`The clients ended with ${code}`);
    }),
  ]);
  await ended;
  return first[0] as ClientsReport;
}
