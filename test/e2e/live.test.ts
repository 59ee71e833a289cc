import { setTimeout as sleep } from 'node:timers/promises';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWebSocketClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { createTestDatabase } from '../support/postgres.ts';
import { startProxy } from '../support/proxy.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../support/trialgraph-process.ts';

const database = await createTestDatabase();

const cuts = 200;
const trialCount = 20;

interface Client {
  iterate(operation: { query: string; variables: Record<string, unknown> }): AsyncIterable<{
    data?: unknown;
    errors?: readonly object[] | undefined;
  }>;
  dispose(): unknown;
}

const transports: Record<string, (url: string) => Client> = {
  WebSocket: (url) =>
    createWebSocketClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    }) as Client,
  SSE: (url) => createSseClient({ url: `${url}/graphql/stream`, retryAttempts: 0 }) as Client,
};

/** Follows a subscription from cursor to cursor over every break, until `isLast` holds of a batch. */
async function followFrom<T extends { cursor: string }>(
  connect: () => Client,
  query: string,
  variables: Record<string, unknown>,
  take: (batch: T) => void,
  isLast: () => boolean,
): Promise<void> {
  let after = '0';
  while (!isLast()) {
    const client = connect();
    try {
      for await (const { data, errors } of client.iterate({ query, variables: { ...variables, after } })) {
        if (errors !== undefined) throw new Error(JSON.stringify(errors));
        const [batch] = Object.values(data as Record<string, T>);
        take(batch!);
        after = batch!.cursor;
        if (isLast()) break;
      }
    } catch {
      await sleep(10);
    } finally {
      client.dispose();
    }
  }
}

const eventsQuery = `subscription ($study: ID!, $after: Cursor) {
  studyEvents(study: $study, after: $after) { cursor events { kind at trial { id } } }
}`;
const metricsQuery = `subscription ($study: ID!, $after: Cursor) {
  metrics(study: $study, after: $after, maxRateHz: 50) { cursor series { trial name steps values times } }
}`;

interface EventBatch {
  readonly cursor: string;
  readonly events: readonly { kind: string; at: string; trial: { id: string } | null }[];
}
interface MetricBatch {
  readonly cursor: string;
  readonly series: readonly { trial: string; name: string; steps: number[]; values: number[] }[];
}

async function createStudy(server: TrialgraphProcess, name: string): Promise<string> {
  const { createStudy: study } = await server.graphql<{ createStudy: { id: string } }>(
    `mutation ($name: String!) { createStudy(input: {
      name: $name, searchSpace: { x: { type: "float", low: 0, high: 1 } }, sampler: { kind: "random", seed: 1 }
      objectives: [{ metric: "loss", direction: MINIMIZE }]
    }) { id } }`,
    { name },
  );
  return study.id;
}

test(`every point and event comes once and in order, over ${cuts} cut connections and a restart`, async () => {
  await using directory = await temporaryDirectory();
  const options = { dataDir: directory.path, env: { DATABASE_URL: database.url } };
  let server = await startTrialgraph(options);
  await using proxy = await startProxy(server.url);
  const study = await createStudy(server, 'cut');
  const { askTrials: trials } = await server.graphql<{ askTrials: { id: string; attempt: number }[] }>(
    'mutation ($id: ID!, $count: Int!) { askTrials(study: $id, count: $count, leaseSeconds: 600) { id attempt } }',
    { id: study, count: trialCount },
  );

  const followers = Object.values(transports).map((connect) => {
    const events: string[] = [];
    const points: string[] = [];
    const isEnd = { events: -1, points: -1 };
    const open = () => connect(proxy.url);
    const following = Promise.all([
      followFrom<EventBatch>(
        open,
        eventsQuery,
        { study },
        (batch) => {
          for (const { kind, at, trial } of batch.events)
            events.push(`${kind} ${Date.parse(at)} ${trial?.id}`);
        },
        () => events.length === isEnd.events || events.length > 100_000,
      ),
      followFrom<MetricBatch>(
        open,
        metricsQuery,
        { study },
        (batch) => {
          for (const { trial, name, steps, values } of batch.series)
            for (const [i, step] of steps.entries()) points.push(`${trial} ${name} ${step} ${values[i]}`);
        },
        () => points.length === isEnd.points || points.length > 100_000,
      ),
    ]);
    return { events, points, isEnd, following };
  });

  let isOver = false;
  /** Again until it is answered: a repeated batch is stored once. */
  const send = async (query: string, variables: object): Promise<void> => {
    while (
      !(await server.graphql(query, variables).then(
        () => true,
        () => false,
      ))
    )
      await sleep(50);
  };
  const reporting = trials.map(async ({ id, attempt }) => {
    for (let step = 0; !isOver; step++) {
      const series = [{ name: 'loss', steps: [step], values: [Math.random()] }];
      await send('mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { accepted } }', {
        input: { trial: id, attempt, batch: step, series },
      });
      if (step % 10 === 0) {
        await send(
          'mutation ($id: ID!, $text: String) { updateStudy(id: $id, input: { description: $text }) { id } }',
          {
            id: study,
            text: `${id} ${step}`,
          },
        );
      }
      await sleep(25);
    }
    await send('mutation ($id: ID!) { tellTrial(id: $id, input: { values: { loss: 1 } }) { id } }', { id });
  });

  for (let done = 0; done < cuts; ) {
    await sleep(Math.random() * 30);
    if (proxy.cut(Math.random())) done++;
    if (done !== cuts / 2) continue;
    await server.kill();
    server = await startTrialgraph(options);
    proxy.target = server.url;
    done++;
  }
  isOver = true;
  await Promise.all(reporting);

  const studyId = study.slice('study-'.length);
  const { rows: events } = await database.pool.query<{ kind: string; at: Date; trial: number | null }>(
    'SELECT kind, at, trial_id AS trial FROM study_event WHERE study_id = $1 ORDER BY sequence',
    [studyId],
  );
  const { study: stored } = await server.graphql<{
    study: { trials: { edges: { node: { id: string; metricSeries: MetricBatch['series'] } }[] } };
  }>(
    'query ($id: ID!) { study(id: $id) { trials(first: 20) { edges { node { id metricSeries { name steps values } } } } } }',
    { id: study },
  );
  // After a read, which brings the summaries up to date.
  const { rows: counted } = await database.pool.query<{ points: number }>(
    'SELECT sum(count)::integer AS points FROM metric_series WHERE study_id = $1',
    [studyId],
  );
  const expectedPoints = stored.trials.edges.flatMap(({ node }) =>
    node.metricSeries.flatMap(({ name, steps, values }) =>
      steps.map((step, i) => `${node.id} ${name} ${step} ${values[i]}`),
    ),
  );
  expect(expectedPoints.length).toBe(counted[0]!.points);
  const expectedEvents = events.map(
    ({ kind, at, trial }) => `${kind} ${at.getTime()} ${trial === null ? undefined : `trial-${trial}`}`,
  );
  for (const { events: seen, points, isEnd, following } of followers) {
    isEnd.events = expectedEvents.length;
    isEnd.points = expectedPoints.length;
    // One more event wakes those that have already seen all.
    await Promise.race([following, sleep(5000)]);
    expect(seen).toEqual(expectedEvents);
    expect(points.toSorted()).toEqual(expectedPoints.toSorted());
    for (const { id } of trials) {
      const steps = points
        .filter((point) => point.startsWith(`${id} `))
        .map((point) => Number(point.split(' ')[2]));
      expect(steps).toEqual(steps.map((_, i) => i));
    }
  }
  await server.stop();
}, 180_000);
