import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TrialgraphProcess } from '../test/support/trialgraph-process.ts';
import type { ClientsOrder, ClientsReport, ReportForm } from './ingest/clients.ts';
import { copyPointsPerSecond } from './ingest/copy-reference.ts';
import { batchesPerTrial, trialCount } from './ingest/workload.ts';
import type { BenchmarkResult } from './result.ts';
import { medianInterval } from './statistics/median-interval.ts';
import { endTrials, startTrials, withBenchServer } from './support/bench-server.ts';
import { compactedBytesPerPoint } from './support/compaction.ts';

const roundCount = 5;

/** How many points a second reportMetrics acknowledges, against COPY of the same points into the same PostgreSQL. */
export function run(): Promise<BenchmarkResult> {
  return withBenchServer(measure);
}

async function measure(server: TrialgraphProcess, postgresUrl: string): Promise<BenchmarkResult> {
  // What is measured is a server that has been running for a while.
  const { trials: warmUp } = await startTrials(server, 'warmUp', trialCount);
  for (let run = 0; run < 2; run++) await report(server, 'packed', warmUp, run * batchesPerTrial);
  const { trials: batched } = await startTrials(server, 'batches', trialCount);
  const rounds: { copied: number; packed: ClientsReport; columns: ClientsReport }[] = [];
  // By turns: other programs on the machine come and go.
  for (let round = 0; round < roundCount; round++) {
    const firstBatch = 2 * round * batchesPerTrial;
    rounds.push({
      copied: await copyPointsPerSecond(postgresUrl),
      packed: await report(server, 'packed', batched, firstBatch),
      columns: await report(server, 'columns', batched, firstBatch + batchesPerTrial),
    });
  }
  const { trials: singles } = await startTrials(server, 'singles', trialCount);
  const single = await report(server, 'single', singles, 0);
  await endTrials(server, [...warmUp, ...batched, ...singles]);
  const ofForm = (form: 'packed' | 'columns') => ({
    form,
    pointsPerSecond: median(rounds.map((round) => round[form].pointsPerSecond)),
    p99AckMs: Math.max(...rounds.map((round) => round[form].p99AckMs)),
  });
  const ratioOf = (form: 'packed' | 'columns') =>
    median(rounds.map((round) => round[form].pointsPerSecond / round.copied));
  return {
    rows: [ofForm('packed'), ofForm('columns'), { form: 'single', ...single }],
    referencePointsPerSecond: median(rounds.map(({ copied }) => copied)),
    ratioPacked: ratioOf('packed'),
    ratioColumns: ratioOf('columns'),
    singlesPerSecond: single.pointsPerSecond,
    bytesPerPoint: await compactedBytesPerPoint(postgresUrl),
  };
}

function median(samples: readonly number[]): number {
  return medianInterval(samples).median;
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
