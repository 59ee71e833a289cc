import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { RunOrder, RunReport } from '../../../src/execution/pools/host-messages.ts';
import { ThreadPool } from '../../../src/execution/pools/thread-pool.ts';
import { loadDataset } from '../../../src/trainables/datasets/load-dataset.ts';

const mnist = await loadDataset('mnist');

function order(trialId: number, options: RunOrder['options'] = {}): RunOrder {
  return {
    trialId,
    attempt: 1,
    trainable: 'dense',
    params: {
      layers: 1,
      units1: 16,
      optimizer: 'adam',
      learningRate: 0.001,
      batchSize: 64,
      activation: 'relu',
    },
    options: { epochs: 3, trainExamples: 2000, validationExamples: 500, stepExamples: 500, ...options },
    seed: 1,
    device: { id: 'cpu', kind: 'cpu', cuda: null },
    datasets: [mnist],
    checkpoint: null,
  };
}

function recorder() {
  const reports: RunReport[] = [];
  const checkpoints: Uint8Array[] = [];
  return {
    reports,
    checkpoints,
    listener: {
      onReport: (report: RunReport) => void reports.push(report),
      onLog: () => {},
      onResumable: () => {},
      onCheckpoint: (bytes: Uint8Array) => void checkpoints.push(bytes),
      onArtifact: async () => null,
    },
  };
}

describe.each([
  ['one thread for all trials', true],
  ['a thread a trial', false],
])('with %s', (_, sharedThread) => {
  const pool = new ThreadPool({
    backend: 'wasm',
    backendOptions: {},
    trainablesDir: join(import.meta.dirname, '../fixtures/trainables'),
    sharedThread,
    stopGraceMs: 5000,
    warmThreads: 0,
    onDevice: () => {},
  });
  afterAll(() => pool.close());

  test.each([
    ['throwNull', 'null'],
    ['throwNothingReadable', 'throw an Error'],
    ['throwRevokedProxy', 'throw an Error'],
    ['throwHostileStack', 'throw an Error'],
    ['throwOddStack', 'a function'],
  ])('code that ends by %s fails its trial, and no other', async (deed, words) => {
    const other = pool.run(order(10), recorder().listener);
    const unruly = { ...order(11, { deed }), trainable: 'unruly', params: { x: 0 }, datasets: [] };
    expect(await pool.run(unruly, recorder().listener).outcome).toEqual({
      state: 'FAILED',
      error: expect.stringContaining(words),
    });
    expect(await other.outcome).toMatchObject({ state: 'COMPLETED' });
  });

  test('values that cannot be sent fail their trial, and no other', async () => {
    const other = pool.run(order(10), recorder().listener);
    const options = { deed: 'nothing', returnsCode: true };
    const unruly = { ...order(11, options), trainable: 'unruly', params: { x: 0 }, datasets: [] };
    expect(await pool.run(unruly, recorder().listener).outcome).toEqual({
      state: 'FAILED',
      error: expect.stringContaining('could not be cloned'),
    });
    expect(await other.outcome).toMatchObject({ state: 'COMPLETED' });
  });

  test('two trials run at once and give what each gives alone', async () => {
    const alone = recorder();
    await pool.run(order(1), alone.listener).outcome;
    const [first, second] = [recorder(), recorder()];
    const runs = [pool.run(order(2), first.listener), pool.run(order(3), second.listener)];
    const outcomes = await Promise.all(runs.map((run) => run.outcome));
    expect(outcomes).toMatchObject([{ state: 'COMPLETED' }, { state: 'COMPLETED' }]);
    const losses = (reports: RunReport[]) => reports.map(({ step, values }) => [step, values.loss]);
    expect(losses(first.reports)).toEqual(losses(alone.reports));
    expect(losses(second.reports)).toEqual(losses(alone.reports));
  });

  test('stopping one trial leaves the other alone', async () => {
    const [endless, short] = [recorder(), recorder()];
    const stopped = pool.run(order(4, { epochs: 10_000 }), endless.listener);
    const finished = pool.run(order(5), short.listener);
    await expect.poll(() => endless.reports.length, { timeout: 10_000 }).toBeGreaterThan(0);
    stopped.stop();
    expect(await stopped.outcome).toEqual({ state: 'STOPPED' });
    expect(await finished.outcome).toMatchObject({ state: 'COMPLETED' });
  });

  test('a trial that was paused goes on from its checkpoint as if nothing had been', async () => {
    const whole = recorder();
    const long = order(7, { epochs: 10, trainExamples: 1000 });
    const uninterrupted = pool.run(long, whole.listener);
    const [first, second] = [recorder(), recorder()];
    const paused = pool.run({ ...long, trialId: 8 }, first.listener);
    await expect.poll(() => first.reports.length, { timeout: 10_000 }).toBeGreaterThan(2);
    paused.pause();
    expect(await paused.outcome).toEqual({ state: 'PAUSED' });
    const checkpoint = first.checkpoints.at(-1)!;
    const resumed = pool.run({ ...long, trialId: 8, checkpoint }, second.listener);
    expect(await resumed.outcome).toMatchObject({ state: 'COMPLETED' });
    expect(await uninterrupted.outcome).toMatchObject({ state: 'COMPLETED' });
    const values = (reports: RunReport[]) => reports.map((report) => [report.step, report.values]);
    expect(first.reports.length).toBeLessThan(whole.reports.length);
    expect(values([...first.reports, ...second.reports])).toEqual(values(whole.reports));
  });
});

test('a backend that cannot be loaded fails the trial with the reason', async () => {
  const pool = new ThreadPool({
    backend: 'tensorflow',
    backendOptions: {},
    trainablesDir: null,
    sharedThread: false,
    stopGraceMs: 1000,
    warmThreads: 0,
    onDevice: () => {},
  });
  const outcome = await pool.run(order(6), recorder().listener).outcome;
  expect(outcome).toMatchObject({ state: 'FAILED', error: expect.stringContaining('@tensorflow/tfjs-node') });
  await pool.close();
});

test('a thread is ready for the trial after the one that starts, as far as there may be threads', async () => {
  const pool = new ThreadPool({
    backend: 'wasm',
    backendOptions: {},
    trainablesDir: null,
    sharedThread: false,
    stopGraceMs: 1000,
    warmThreads: 2,
    onDevice: () => {},
  });
  const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  const before = threads();
  pool.warm();
  pool.warm();
  const one = threads() - before;
  expect(one).toBeGreaterThan(0);
  const runs = [pool.run(order(1, { epochs: 1 }), recorder().listener)];
  expect(threads() - before).toBe(2 * one);
  runs.push(pool.run(order(2, { epochs: 1 }), recorder().listener));
  expect(threads() - before).toBe(2 * one);
  const outcomes = await Promise.all(runs.map((run) => run.outcome));
  expect(outcomes).toMatchObject([{ state: 'COMPLETED' }, { state: 'COMPLETED' }]);
  await pool.close();
});
