import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Client,
  type CreateStudyInput,
  createClient,
  type Study,
  type Trial,
} from '../../src/client/index.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../support/trialgraph-process.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let server: TrialgraphProcess;
let client: Client;

beforeAll(async () => {
  directory = await temporaryDirectory();
  server = await startTrialgraph({ dataDir: directory.path });
  client = createClient({ url: server.url });
});

afterAll(async () => {
  client?.close();
  await server?.stop();
  await directory?.[Symbol.asyncDispose]();
});

let studies = 0;

/** A study whose trials are run by its clients. */
function outsideStudy(settings: Partial<CreateStudyInput> = {}): Promise<Study> {
  return client.studies.create({
    name: `outside ${++studies}`,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: -5, high: 5 } },
    sampler: { kind: 'random', seed: 1 },
    ...settings,
  });
}

test('a study is created, changed, found, listed, cloned and deleted', async () => {
  const study = await outsideStudy({ project: 'catalogue', tags: ['first'], description: 'a study' });
  expect(study.data).toMatchObject({ state: 'CREATED', trainable: null, project: 'catalogue' });
  await study.update({ tags: ['first', 'second'] });
  expect((await client.studies.get(study.id)).data.tags).toEqual(['first', 'second']);
  expect((await client.studies.byName(study.name, { project: 'catalogue' }))?.id).toBe(study.id);
  expect(await client.studies.byName(study.name)).toBeNull();

  const clone = await study.clone({ name: 'a clone' });
  const names: string[] = [];
  const orderBy = { field: 'NAME', descending: false } as const;
  for await (const { name } of client.studies.list({ filter: { project: 'catalogue' }, orderBy }))
    names.push(name);
  expect(names).toEqual(['a clone', study.name]);
  expect(await client.studies.page({ filter: { project: 'catalogue' }, first: 1 })).toMatchObject({
    totalCount: 2,
    hasNextPage: true,
  });

  await clone.delete();
  await expect(clone.refresh()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(client.studies.get(clone.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

const unit = { type: 'float', low: 0, high: 1 };

test('a study says which settings matter, which are useless, and goes on in the space it suggests', async () => {
  const study = await outsideStudy({ searchSpace: { x: unit, other: unit } });
  await study.optimize<{ x: number }>(async ({ params }) => ({ loss: params.x }), { trials: 70 });
  const [first] = await study.importances({ objective: 'loss', baseline: 'SPACE' });
  expect(first).toMatchObject({ parameter: 'x' });
  const { uselessRanges, suggestedSpace, sentences } = await study.insights();
  expect(sentences).toContain(uselessRanges[0]!.sentence);
  const clone = await study.clone({ name: 'narrower', searchSpace: suggestedSpace.searchSpace });
  expect(clone.data.searchSpace).toEqual(suggestedSpace.searchSpace);
  expect(clone.data.searchSpace).not.toEqual(study.data.searchSpace);
});

test('faults of the caller come with their code and every place', async () => {
  const searchSpace = { x: { type: 'float', low: 5, high: -5 }, y: { type: 'real', low: 0, high: 1 } };
  const failure = await outsideStudy({ searchSpace }).catch((error) => error);
  expect(failure).toMatchObject({ name: 'TrialgraphError', code: 'BAD_USER_INPUT' });
  const paths = failure.details.faults.map((fault: { path: string }) => fault.path);
  expect(paths).toEqual(['searchSpace.x.low', 'searchSpace.y.type']);
  await expect(client.query('{ nothing }')).rejects.toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
});

test('optimize pauses trials that fall behind and goes on with the best from their checkpoints', async () => {
  const study = await outsideStudy({
    stopRules: { maxTrials: 9 },
    pruner: { kind: 'asha', reductionFactor: 3, maxResource: 9, promotion: true },
  });
  const starts: [number, number][] = [];
  await study.optimize<{ x: number }>(async (trial) => {
    const saved = await trial.restore();
    let step = saved === null ? 0 : Number(new TextDecoder().decode(saved));
    starts.push([trial.number, step]);
    while (step < 9) {
      step += 1;
      await trial.report(step, { loss: trial.params.x ** 2 });
      if (trial.shouldPause) await trial.checkpoint(String(step));
      if (trial.shouldStop) return;
    }
  });
  expect(study.data).toMatchObject({ state: 'FINISHED', stopReason: 'All 9 trials are done.' });
  const trials: Trial[] = [];
  for await (const trial of study.trials()) trials.push(trial);
  const size = (trial: Trial) => Math.abs(Number(trial.params.x));
  const byLoss = trials.toSorted((a, b) => size(a) - size(b));
  // All nine came to rung 1; whoever was resumed went on where it had been paused.
  expect(byLoss[0]!.state).toBe('COMPLETED');
  expect(new Set(trials.map(({ state }) => state))).toEqual(new Set(['COMPLETED', 'PRUNED']));
  const resumed = starts.filter(([, step]) => step > 0);
  expect(resumed.length).toBeGreaterThan(0);
  for (const [number, step] of resumed) {
    expect([1, 3]).toContain(step);
    expect(trials[number]!.data.promotions).toBeGreaterThan(0);
  }
  expect(byLoss.at(-1)!.data.pruneReason).toMatch(
    /^Paused until the study ended: loss .* at rung 1 is number/,
  );
});

test('optimize runs a study to its end: completed, pruned, failed and infeasible trials', async () => {
  const study = await outsideStudy({
    stopRules: { maxTrials: 14 },
    pruner: { kind: 'median', startupTrials: 3 },
    constraints: [{ metric: 'size', comparison: 'LESS_OR_EQUAL', bound: 10 }],
  });
  await study.enqueue([{ x: 4.5 }]);
  await study.optimize<{ x: number }>(
    async (trial) => {
      if (trial.number === 2) throw new Error('out of luck');
      for (let step = 0; step < 5; step++) {
        await trial.report(step, { loss: trial.params.x ** 2 + 1 / (step + 1) });
        if (trial.shouldStop) return trial.prune();
      }
      return { loss: trial.params.x ** 2, size: trial.number === 3 ? 11 : 1 };
    },
    { concurrency: 3, worker: 'here' },
  );
  expect(study.data).toMatchObject({ state: 'FINISHED', stopReason: 'All 14 trials are done.' });
  const { trialCounts } = study.data;
  expect(trialCounts).toMatchObject({ total: 14, failed: 1, infeasible: 1, running: 0, queued: 0 });
  expect(trialCounts.completed + trialCounts.pruned).toBe(12);

  const trials = [];
  for await (const trial of study.trials()) trials.push(trial);
  expect(trials.map((trial) => trial.number)).toEqual(Array.from({ length: 14 }, (_, i) => i));
  expect(trials[0]!.params).toEqual({ x: 4.5 });
  expect(trials[2]!.data.error).toMatch(/^Error: out of luck/);
  expect(trials[3]!.state).toBe('INFEASIBLE');
  expect(new Set(trials.map((trial) => trial.data.worker))).toEqual(new Set(['here']));

  const completed = trials.filter((trial) => trial.state === 'COMPLETED');
  const losses = completed.map((trial) => trial.data.values!.loss!).sort((a, b) => a - b);
  const [best] = await study.bestTrials({ first: 1 });
  expect(best!.data.values!.loss).toBe(losses[0]);

  const columns = await study.columns({ states: ['COMPLETED'] });
  expect(columns.numbers).toEqual(completed.map((trial) => trial.number));
  expect(columns.params.x).toEqual(completed.map((trial) => trial.params.x));
  expect(columns.values.loss).toEqual(completed.map((trial) => trial.data.values!.loss));

  const page = await study.trialPage({
    first: 3,
    filter: { states: ['COMPLETED'] },
    orderBy: { field: 'VALUE', name: 'loss' },
  });
  expect(page.items.map((trial) => trial.data.values!.loss)).toEqual(losses.slice(0, 3));
  expect(page.totalCount).toBe(completed.length);
});

test('a trial is asked for, reported bit for bit, watched and told', async () => {
  const study = await outsideStudy();
  const [trial, other] = await study.ask({ count: 2, worker: 'bench', leaseSeconds: 30 });
  expect(trial!.state).toBe('RUNNING');
  const values = [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0.1];
  const times = values.map((_, i) => 1_700_000_000_000 + i);
  await trial!.reportColumns({ loss: { steps: values.map((_, i) => i), values, times } });
  const [series] = await trial!.metricSeries({ names: ['loss'] });
  expect(series).toMatchObject({ name: 'loss', count: 6, last: 0.1, max: 1 });
  expect([...series!.steps]).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...series!.values]).toEqual(values);
  expect([...series!.times]).toEqual(times);

  const progress = trial!.progress();
  expect((await progress.next()).value).toMatchObject({ step: 5, latest: { loss: 0.1 } });
  await trial!.heartbeat();
  expect(Date.parse(trial!.data.leaseUntil!)).toBeGreaterThan(Date.now() + 20_000);
  await trial!.complete({ loss: 0.1 });
  await trial!.complete({ loss: 0.1 });
  for await (const message of progress) if (message.trial.state === 'COMPLETED') break;

  await (await client.trial(other!.id)).stop();
  await other!.report(0, { loss: 1 });
  expect(other!.stopReason).toBe('The trial was cancelled.');
  await expect(other!.complete({ loss: 1 })).rejects.toMatchObject({ code: 'CONFLICT' });
  const again = await trial!.retry();
  expect(again.state).toBe('QUEUED');
  expect(again.params).toEqual(trial!.params);
});

test('a worker whose lease has ended is refused, and so stops', async () => {
  const study = await outsideStudy();
  const [late] = await study.ask({ leaseSeconds: 1 });
  await late!.report(0, { loss: 1 });
  await expect
    .poll(async () => (await study.ask())[0]?.id ?? (await sleep(200)), { timeout: 15_000, interval: 500 })
    .toBe(late!.id);
  const reported = late!.report(1, { loss: 1 });
  await expect(reported).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(late!.shouldStop).toBe(true);
});

test('events and metrics come without gap or repetition through a connection that is cut again and again', async () => {
  await using proxy = await startProxy(server.url);
  const states: string[] = [];
  const watcher = createClient({ url: proxy.url, onConnection: (state) => states.push(state) });
  const study = await outsideStudy({ stopRules: { maxTrials: 30 } });
  const watched = await watcher.studies.get(study.id);
  const events: { kind: string; number: number | undefined }[] = [];
  const points = new Map<string, number[]>();
  const watching = (async () => {
    for await (const batch of watched.events({ after: '0' })) {
      for (const event of batch.events) events.push({ kind: event.kind, number: event.trial?.number });
      if (batch.events.some((event) => event.kind === 'STUDY_FINISHED')) break;
    }
  })();
  const measuring = (async () => {
    let count = 0;
    for await (const batch of watched.metrics({ after: '0', maxRateHz: 50 })) {
      for (const { trial, steps, values } of batch.series) {
        count += steps.length;
        points.set(trial, [...(points.get(trial) ?? []), ...steps]);
        expect([...values]).toEqual([...steps]);
      }
      if (count >= 30 * 20) break;
    }
  })();
  const cutter = setInterval(() => proxy.cut(), 150);
  try {
    await study.optimize(
      async (trial) => {
        for (let step = 0; step < 20; step++) {
          await trial.report(step, { loss: step });
          await sleep(3);
        }
        return { loss: trial.number };
      },
      { concurrency: 3 },
    );
    await Promise.all([watching, measuring]);
  } finally {
    clearInterval(cutter);
    watcher.close();
  }
  for (const kind of ['TRIAL_STARTED', 'TRIAL_COMPLETED']) {
    const numbers = events.filter((event) => event.kind === kind).map((event) => event.number!);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  }
  expect(points.size).toBe(30);
  for (const steps of points.values()) expect(steps).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(states.filter((state) => state === 'reconnecting').length).toBeGreaterThan(2);
});

test('the server is described: who asks, what trials can run and what they run on', async () => {
  expect((await client.viewer()).role).toBe('ADMIN');
  expect((await client.trainables()).map((trainable) => trainable.name)).toContain('dense');
  const devices = await client.devices();
  expect(devices.length).toBeGreaterThan(0);
  for await (const seen of client.watchDevices()) {
    expect(seen.map((device) => device.name)).toEqual(devices.map((device) => device.name));
    break;
  }
});

test('a study of the server’s own trials is started, paused and stopped', async () => {
  const study = await client.studies.create({
    name: 'inside',
    trainable: 'dense',
    trainableOptions: { epochs: 1, trainExamples: 2000, validationExamples: 500 },
    objectives: [{ metric: 'valAccuracy', direction: 'MAXIMIZE' }],
    sampler: { kind: 'random', seed: 2 },
  });
  await study.start({ trials: 2 });
  expect(study.state).toBe('RUNNING');
  for await (const batch of study.events({ after: study.data.cursor })) {
    if (batch.events.some((event) => event.kind === 'STUDY_FINISHED')) break;
  }
  const [best] = await study.bestTrials();
  expect(best!.data.values!.valAccuracy).toBeGreaterThanOrEqual(0);
  const { lines } = await best!.logPage();
  expect(lines.map((line) => line.text).join()).toMatch(/parameters, .* batches/);
  await study.start();
  await study.pause();
  expect(study.state).toBe('PAUSED');
  await study.stop();
  expect(study.state).toBe('FINISHED');
});

test('events end when the study is deleted, and begin with an error when it is not there', async () => {
  const study = await outsideStudy();
  const events = study.events();
  expect((await events.next()).value?.snapshot?.id).toBe(study.id);
  const rest = (async () => {
    for await (const _ of events);
  })();
  await study.delete();
  await rest;
  await expect(study.events().next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('an access token is asked for and taken, over HTTP and WebSocket', async () => {
  await using data = await temporaryDirectory();
  const token = 'a-token-of-some-length';
  const guarded = await startTrialgraph({ dataDir: data.path, env: { TRIALGRAPH_TOKEN: token } });
  try {
    const refused = createClient({ url: guarded.url, token: 'another-token-than-that' });
    await expect(refused.viewer()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(refused.watchDevices().next()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const admitted = createClient({ url: guarded.url, token });
    expect((await admitted.viewer()).name).toBe('admin');
    expect((await admitted.watchDevices().next()).done).toBe(false);
    admitted.close();
  } finally {
    await guarded.stop();
  }
});

/** Passes bytes on to the server until it is told to cut every connection. */
async function startProxy(target: string): Promise<{ url: string; cut(): void } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const { hostname, port } = new URL(target);
  const proxy: Server = createServer((near) => {
    const far = tcpConnect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    cut,
    [Symbol.asyncDispose]: async () => {
      cut();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
