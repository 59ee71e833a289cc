import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TrialgraphProcess } from '../test/support/trialgraph-process.ts';
import type { ClientsOrder, ClientsReport, ReportForm } from './ingest/clients.ts';
import { copyPointsPerSecond } from './ingest/copy-reference.ts';
import { batchesPerTrial, trialCount } from './ingest/workload.ts';
import type { BenchmarkResult } from './result.ts';
import { endTrials, startTrials, withBenchServer } from './support/bench-server.ts';
import { compactedBytesPerPoint } from './support/compaction.ts';

/** How many points a second reportMetrics acknowledges, against COPY of the same points into the same PostgreSQL. */
export function run(): Promise<BenchmarkResult> {
  return withBenchServer(measure);
}

async function measure(server: TrialgraphProcess, postgresUrl: string): Promise<BenchmarkResult> {
  // What is measured is a server that has been running for a while.
  const { trials: warmUp } = await startTrials(server, 'warmUp', trialCount);
  await report(server, 'packed', warmUp, 0);
  const { trials: batched } = await startTrials(server, 'batches', trialCount);
  const copied = [await copyPointsPerSecond(postgresUrl)];
  const packed = await report(server, 'packed', batched, 0);
  const columns = await report(server, 'columns', batched, batchesPerTrial);
  const { trials: singles } = await startTrials(server, 'singles', trialCount);
  const single = await report(server, 'single', singles, 0);
  // Before and after: other programs on the machine come and go.
  copied.push(await copyPointsPerSecond(postgresUrl));
  await endTrials(server, [...warmUp, ...batched, ...singles]);
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
    bytesPerPoint: await compactedBytesPerPoint(postgresUrl),
  };
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
