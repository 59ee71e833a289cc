import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWebSocketClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { createTestDatabase } from '../support/postgres.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../support/trialgraph-process.ts';

const database = await createTestDatabase();
const directories = [await temporaryDirectory(), await temporaryDirectory()] as const;
/** Two servers on one database; subscriptions are at `here`, changes at `there`. */
let here: TrialgraphProcess;
let there: TrialgraphProcess;
beforeAll(async () => {
  const env = { DATABASE_URL: database.url };
  [here, there] = await Promise.all([
    startTrialgraph({ dataDir: directories[0].path, env }),
    startTrialgraph({ dataDir: directories[1].path, env }),
  ]);
});
afterAll(async () => {
  await Promise.all([here.stop(), there.stop()]);
  for (const directory of directories) await directory[Symbol.asyncDispose]();
});

const transports = {
  WebSocket: (url: string) =>
    createWebSocketClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    }),
  SSE: (url: string) => createSseClient({ url: `${url}/graphql/stream`, retryAttempts: 0 }),
};
type Transport = keyof typeof transports;

/** What a subscription at `here` has given so far: the data of its only field. */
function subscribe<T>(transport: Transport, query: string) {
  const client = transports[transport](here.url);
  const seen: T[] = [];
  const state = { hasEnded: false };
  const reading = (async () => {
    for await (const { data, errors } of client.iterate({ query, variables: {} })) {
      if (errors) throw new Error(JSON.stringify(errors));
      seen.push(Object.values(data as unknown as Record<string, T>)[0]!);
    }
    state.hasEnded = true;
  })().catch((error: unknown) => {
    if (seen.length === 0) throw error;
  });
  return {
    seen,
    state,
    stop: async () => {
      await client.dispose();
      await reading;
    },
  };
}

let studies = 0;
async function createStudy(server: TrialgraphProcess): Promise<string> {
  const { createStudy: study } = await server.graphql<{ createStudy: { id: string } }>(
    `mutation ($name: String!) { createStudy(input: {
      name: $name, searchSpace: { x: { type: "float", low: 0, high: 1 } }
      objectives: [{ metric: "loss", direction: MINIMIZE }]
    }) { id } }`,
    { name: `study ${++studies}` },
  );
  return study.id;
}

async function ask(server: TrialgraphProcess, study: string): Promise<string> {
  const { askTrials } = await server.graphql<{ askTrials: { id: string }[] }>(
    'mutation ($study: ID!) { askTrials(study: $study, leaseSeconds: 600) { id } }',
    { study },
  );
  return askTrials[0]!.id;
}

const describeStudy = (server: TrialgraphProcess, study: string, text: string) =>
  server.graphql(
    'mutation ($study: ID!, $text: String) { updateStudy(id: $study, input: { description: $text }) { id } }',
    { study, text },
  );
const report = (server: TrialgraphProcess, trial: string, step: number) =>
  server.graphql('mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { accepted } }', {
    input: { trial, series: [{ name: 'loss', steps: [step], values: [step / 2] }] },
  });
const log = (server: TrialgraphProcess, trial: string, line: string) =>
  server.graphql('mutation ($input: ReportLogInput!) { reportLog(input: $input) { accepted } }', {
    input: { trial, lines: [line] },
  });

/** Waits no longer than news take that come by themselves, without anything else waking the reader. */
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 10_000, interval: 10 });

describe.each(['WebSocket', 'SSE'] as const)('over %s', (transport) => {
  test('events, metrics, progress and log lines written through another server come live', async () => {
    const study = await createStudy(there);
    const trial = await ask(there, study);
    const events = subscribe<{ events: { kind: string; study: { description: string } | null }[] }>(
      transport,
      `subscription { studyEvents(study: "${study}") { events { kind study { description } } } }`,
    );
    const metrics = subscribe<{ series: { steps: number[]; values: number[] }[] }>(
      transport,
      `subscription { metrics(study: "${study}", maxRateHz: 100) { series { steps values } } }`,
    );
    const progress = subscribe<{ step: number | null; latest: object; trial: { state: string } }>(
      transport,
      `subscription { trialProgress(trial: "${trial}") { step latest trial { state } } }`,
    );
    const lines = subscribe<{ lines: { text: string }[] }>(
      transport,
      `subscription { trialLog(trial: "${trial}") { lines { text } } }`,
    );
    await soon(() => [events.seen.length, metrics.seen.length, progress.seen.length]).toEqual([1, 1, 1]);

    for (let step = 1; step <= 5; step++) {
      // One at a time, so that each must wake its own reader.
      await describeStudy(there, study, `change ${step}`);
      await soon(() => events.seen.at(-1)!.events.at(-1)?.study?.description).toBe(`change ${step}`);
      await report(there, trial, step);
      await soon(() => metrics.seen.at(-1)!.series.at(-1)).toEqual({ steps: [step], values: [step / 2] });
      await soon(() => progress.seen.at(-1)).toMatchObject({ step, latest: { loss: step / 2 } });
      await log(there, trial, `line ${step}`);
      await soon(() => lines.seen.flatMap((page) => page.lines.map(({ text }) => text))).toHaveLength(step);
    }
    await there.graphql('mutation ($id: ID!) { tellTrial(id: $id, input: { values: { loss: 1 } }) { id } }', {
      id: trial,
    });
    await soon(() => [progress.state.hasEnded, lines.state.hasEnded]).toEqual([true, true]);
    expect(progress.seen.at(-1)!.trial.state).toBe('COMPLETED');
    await there.graphql('mutation ($id: ID!) { deleteStudy(id: $id) }', { id: study });
    await soon(() => [events.state.hasEnded, metrics.state.hasEnded]).toEqual([true, true]);
    for (const subscription of [events, metrics, progress, lines]) await subscription.stop();
  });
});

test('what happened while the servers did not hear of each other is seen when they do again', async () => {
  const study = await createStudy(there);
  const events = subscribe<{ events: { study: { description: string } | null }[] }>(
    'WebSocket',
    `subscription { studyEvents(study: "${study}") { events { study { description } } } }`,
  );
  await soon(() => events.seen.length).toBe(1);
  const cutListeners = () =>
    database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'trialgraph notifications'`,
    );
  for (let change = 1; change <= 20; change++) {
    await soon(async () => (await cutListeners()).rowCount).toBeGreaterThan(0);
    await describeStudy(there, study, `change ${change}`);
    await soon(() => events.seen.at(-1)!.events.at(-1)?.study?.description).toBe(`change ${change}`);
  }
  await events.stop();
});
