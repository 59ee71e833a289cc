import pg from 'pg';
import type { TrialgraphProcess } from '../test/support/trialgraph-process.ts';
import { type BenchmarkResult, quantile } from './result.ts';
import { endTrials, startTrials, withBenchServer } from './support/bench-server.ts';
import { compactedBytesPerPoint } from './support/compaction.ts';

const longPoints = 1_000_000;
const batchPoints = 50_000;
const trialCount = 50;
const shortPoints = 5_000;
const shortNames = ['loss', 'accuracy'];
const columns = 1000;
const repetitions = 15;
const zoom = { from: 500_000, to: 500_000 + longPoints / 100 - 1 };

const longQuery = `query ($id: ID!, $from: Int, $to: Int) { node(id: $id) { ... on Trial {
  metricSeries(maxPoints: ${4 * columns}, fromStep: $from, toStep: $to) { packedSteps packedValues }
} } }`;
const manyQuery = `query ($id: ID!) { study(id: $id) { trials(first: ${trialCount}) { edges { node {
  metricSeries(maxPoints: ${columns}) { name packedSteps packedValues }
} } } } }`;

// A row a point: what a chart needs of each of its columns, by series and step.
const longSql = `SELECT step / $4::integer AS part, min(step), max(step), min(value), max(value)
  FROM curve_reference WHERE series = $1 AND step BETWEEN $2 AND $3 GROUP BY part ORDER BY part`;
const manySql = `SELECT series, step / $2::integer AS part, min(step), max(step), min(value), max(value)
  FROM curve_reference WHERE series = ANY ($1) GROUP BY series, part ORDER BY series, part`;

/** How long charts wait for their curves, against SQL over a table with a row a point. */
export function run(): Promise<BenchmarkResult> {
  return withBenchServer(async (server, postgresUrl) => {
    const long = await startTrials(server, 'long', 1);
    const many = await startTrials(server, 'many', trialCount);
    await fill(server, long.trials, ['loss'], longPoints);
    await fill(server, many.trials, shortNames, shortPoints);
    await endTrials(server, [...long.trials, ...many.trials]);
    await compactedBytesPerPoint(postgresUrl);
    const client = new pg.Client({ connectionString: postgresUrl });
    await client.connect();
    try {
      await fillReference(client);
      const sql = (text: string, values: unknown[]) => () => client.query(text, values);
      const id = long.trials[0]!;
      const shortSeries = Array.from({ length: trialCount * shortNames.length }, (_, i) => i + 1);
      return {
        rows: [
          {
            read: `${longPoints} points to ${columns} columns`,
            ms: await medianMs(() => server.graphql(longQuery, { id })),
            referenceMs: await medianMs(sql(longSql, [0, 0, longPoints, longPoints / columns])),
          },
          {
            read: '1% of them',
            ms: await medianMs(() => server.graphql(longQuery, { id, ...zoom })),
            referenceMs: await medianMs(sql(longSql, [0, zoom.from, zoom.to, longPoints / 100 / columns])),
          },
          {
            read: `${trialCount} trials x ${shortNames.length} series of ${shortPoints} points`,
            ms: await medianMs(() => server.graphql(manyQuery, { id: many.study })),
            referenceMs: await medianMs(sql(manySql, [shortSeries, (4 * shortPoints) / columns])),
          },
        ],
      };
    } finally {
      await client.end();
    }
  });
}

async function medianMs(read: () => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const start = performance.now();
    await read();
    samples.push(performance.now() - start);
  }
  return quantile(samples, 0.5);
}

async function fill(
  server: TrialgraphProcess,
  trials: readonly string[],
  names: readonly string[],
  points: number,
): Promise<void> {
  for (let from = 0; from < points; from += batchPoints) {
    const steps = Int32Array.from({ length: Math.min(batchPoints, points - from) }, (_, i) => from + i);
    for (const trial of trials) {
      const series = names.map((name) => ({
        name,
        packedSteps: base64(steps),
        packedValues: base64(Float64Array.from(steps, () => Math.random())),
        packedTimes: base64(Float64Array.from(steps, (step) => 1.8e12 + step * 100)),
      }));
      await server.graphql(
        'mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { accepted } }',
        { input: { trial, series } },
      );
    }
  }
}

async function fillReference(client: pg.Client): Promise<void> {
  await client.query(`
    CREATE TABLE curve_reference (series integer, step integer, value double precision, time double precision,
      PRIMARY KEY (series, step));
    INSERT INTO curve_reference SELECT 0, step, random(), 1.8e12 + step * 100
      FROM generate_series(0, ${longPoints - 1}) AS step;
    INSERT INTO curve_reference SELECT series, step, random(), 1.8e12 + step * 100
      FROM generate_series(1, ${trialCount * shortNames.length}) AS series, generate_series(0, ${shortPoints - 1}) AS step;
  `);
  await client.query('VACUUM ANALYZE curve_reference');
}

function base64({ buffer, byteOffset, byteLength }: Int32Array | Float64Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
