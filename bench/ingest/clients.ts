// The clients of the ingest benchmark, in a process of their own. Every request is made before the clock starts.
import { PostConnection } from '../support/post-connection.ts';
import {
  type BatchColumns,
  batchColumns,
  batchesPerTrial,
  connectionCount,
  pointsPerBatch,
  seriesNames,
  singlesMs,
} from './workload.ts';

export type ReportForm = 'packed' | 'columns' | 'single';

/** What the process is told to do. */
export interface ClientsOrder {
  readonly url: string;
  readonly form: ReportForm;
  readonly trials: readonly string[];
  /** The number of the first batch; forms before this one have stored those below. */
  readonly firstBatch: number;
}

export interface ClientsReport {
  readonly pointsPerSecond: number;
  readonly p99AckMs: number;
}

const mutation =
  'mutation Report($input: ReportMetricsInput!) { reportMetrics(input: $input) { accepted shouldStop } }';

process.once('message', async (order: ClientsOrder) => {
  const report = order.form === 'single' ? await sendSingles(order) : await sendBatches(order);
  process.send!(report);
  process.disconnect();
});

async function sendBatches({ url, form, trials, firstBatch }: ClientsOrder): Promise<ClientsReport> {
  const bodies: Buffer[] = [];
  for (let batch = firstBatch; batch < firstBatch + batchesPerTrial; batch++) {
    for (const trial of trials) bodies.push(batchBody(trial, batch, form === 'packed' ? packed : columns));
  }
  let next = 0;
  return measure(url, pointsPerBatch, () => (next < bodies.length ? bodies[next++]! : null));
}

function sendSingles({ url, trials, firstBatch }: ClientsOrder): Promise<ClientsReport> {
  const end = performance.now() + singlesMs;
  let sent = 0;
  return measure(url, 1, () => {
    if (performance.now() > end) return null;
    const trial = trials[sent % trials.length]!;
    const step = firstBatch * 1_000_000 + Math.floor(sent++ / trials.length);
    const series = [{ name: 'single', steps: [step], values: [Math.random()], times: [Date.now()] }];
    return bodyOf({ trial, series });
  });
}

async function measure(
  url: string,
  pointsPerRequest: number,
  next: () => Buffer | null,
): Promise<ClientsReport> {
  const connections = await Promise.all(
    Array.from({ length: connectionCount }, () => PostConnection.open(url)),
  );
  const ackMs: number[] = [];
  const start = performance.now();
  await Promise.all(
    connections.map(async (connection) => {
      for (let body = next(); body !== null; body = next()) {
        const sent = performance.now();
        const answer = await connection.post(body);
        ackMs.push(performance.now() - sent);
        if (!answer.includes(`"accepted":${pointsPerRequest},`)) throw new Error(answer);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  for (const connection of connections) connection.close();
  ackMs.sort((a, b) => a - b);
  return {
    pointsPerSecond: (ackMs.length * pointsPerRequest) / seconds,
    p99AckMs: ackMs[Math.floor(ackMs.length * 0.99)]!,
  };
}

function batchBody(trial: string, batch: number, form: (columns: BatchColumns) => object): Buffer {
  const series = seriesNames.map((name) => ({ name, ...form(batchColumns(batch)) }));
  return bodyOf({ trial, batch, series });
}

function bodyOf(input: object): Buffer {
  return Buffer.from(JSON.stringify({ query: mutation, variables: { input } }));
}

function columns({ steps, values, times }: BatchColumns): object {
  return { steps: [...steps], values: [...values], times: [...times] };
}

function packed({ steps, values, times }: BatchColumns): object {
  return { packedSteps: base64(steps), packedValues: base64(values), packedTimes: base64(times) };
}

function base64({ buffer, byteOffset, byteLength }: Int32Array | Float64Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
