import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWebSocketClient } from 'graphql-ws';
import { expect, onTestFinished, test, vi } from 'vitest';
import WebSocket from 'ws';
import { createClient } from '../../src/client/index.ts';
import { startApi } from '../support/api-server.ts';
import { createTestEngine } from '../support/engine.ts';

const engine = await createTestEngine();
const server = await startApi(engine);
const client = createClient({ url: server.url });

const perTransport = 15;
const rounds = 5;

/** The same subscription many times over both transports; what each has seen. */
function subscribeOften<T>(query: string): T[][] {
  return Array.from({ length: 2 * perTransport }, (_, i) => {
    const transport =
      i < perTransport
        ? createWebSocketClient({
            url: `${server.url.replace('http', 'ws')}/graphql`,
            webSocketImpl: WebSocket,
            retryAttempts: 0,
          })
        : createSseClient({ url: `${server.url}/graphql/stream`, retryAttempts: 0 });
    const seen: T[] = [];
    void (async () => {
      for await (const { data } of transport.iterate({ query, variables: {} }))
        seen.push(Object.values(data as unknown as Record<string, T>)[0]!);
    })().catch(() => {});
    onTestFinished(() => void transport.dispose());
    return seen;
  });
}

const all = <T>(subscriptions: T[][], holds: (seen: T[]) => boolean) =>
  expect.poll(() => subscriptions.filter((seen) => !holds(seen)).length, { timeout: 10_000 }).toBe(0);

async function startTrial() {
  const study = await client.studies.create({
    name: expect.getState().currentTestName!,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
  });
  const [trial] = await study.ask({ leaseSeconds: 600 });
  return trial!;
}

test('equal trialProgress subscriptions read a trial together', async () => {
  const trial = await startTrial();
  const reads = vi.spyOn(engine.metrics, 'summaries');
  const subscriptions = subscribeOften<{ step: number | null }>(
    `subscription { trialProgress(trial: "${trial.id}") { step latest } }`,
  );
  await all(subscriptions, (seen) => seen.length > 0);
  for (let step = 1; step <= rounds; step++) {
    await trial.report(step, { loss: 1 });
    await all(subscriptions, (seen) => seen.at(-1)!.step === step);
  }
  // At the beginning, after each report, and where a wake came just before what it was for had been read.
  expect(reads.mock.calls.length).toBeLessThanOrEqual(2 * (rounds + 1));
});

test('equal trialLog subscriptions read a log together, and each has every line once', async () => {
  const trial = await startTrial();
  const texts: string[] = [];
  const reads = vi.spyOn(engine.trialLog.store, 'read');
  const subscriptions = subscribeOften<{ lines: { text: string }[] }>(
    `subscription { trialLog(trial: "${trial.id}") { lines { text } } }`,
  );
  const hasAll = (pages: { lines: { text: string }[] }[]): boolean =>
    pages.flatMap(({ lines }) => lines.map(({ text }) => text)).join() === texts.join();
  await expect.poll(() => reads.mock.calls.length).toBeGreaterThan(0);
  for (let line = 1; line <= rounds; line++) {
    texts.push(`line ${line}`);
    await trial.log(`line ${line}`);
    await all(subscriptions, hasAll);
  }
  // Those that came after the first line have read it for themselves.
  expect(reads.mock.calls.length).toBeLessThanOrEqual(2 * (rounds + 1) + 2 * perTransport);
});

test('equal devices subscriptions read the devices together', async () => {
  const reads = vi.spyOn(engine.devices, 'read');
  const subscriptions = subscribeOften<{ runningTrials: number }[]>(
    'subscription { devices { runningTrials } }',
  );
  await all(subscriptions, (seen) => seen.length === 1);
  for (let change = 1; change <= rounds; change++) {
    engine.bus.publish('devicesChanged', {});
    await all(subscriptions, (seen) => seen.length > change);
  }
  expect(reads.mock.calls.length).toBeLessThan(2 * perTransport);
});
