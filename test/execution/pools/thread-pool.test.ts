import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

function unruly(trialId: number, deed: string, options: RunOrder['options'] = {}): RunOrder {
  const settings = { trainable: 'unruly', params: { x: 0 }, datasets: [] };
  return { ...order(trialId), ...settings, options: { deed, ...options } };
}

function recorder() {
  const reports: RunReport[] = [];
  const log: string[] = [];
  const checkpoints: Uint8Array[] = [];
  return {
    reports,
    log,
    checkpoints,
    listener: {
      onReport: (report: RunReport) => void reports.push(report),
      onLog: (line: string) => void log.push(line),
      onResumable: () => {},
      onCheckpoint: (bytes: Uint8Array) => void checkpoints.push(bytes),
      onArtifact: async () => null,
    },
  };
}

const graceMs = 1000;

describe.each([
  ['one thread for all trials', true],
  ['a thread a trial', false],
])('with %s', (_, sharedThread) => {
  const pool = new ThreadPool({
    backend: 'wasm',
    backendOptions: {},
    trainablesDir: join(import.meta.dirname, '../fixtures/trainables'),
    sharedThread,
    stopGraceMs: graceMs,
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
    expect(await pool.run(unruly(11, deed), recorder().listener).outcome).toEqual({
      state: 'FAILED',
      error: expect.stringContaining(words),
    });
    expect(await other.outcome).toMatchObject({ state: 'COMPLETED' });
  });

  test.each([
    [{ returnsCode: true }, 'values.code: must be a number, not a function.'],
    [{ returns: null }, 'values: must be an object of numbers by metric, not null.'],
  ])('values that are none fail their trial: %j', async (options, words) => {
    expect(await pool.run(unruly(11, 'nothing', options), recorder().listener).outcome).toEqual({
      state: 'FAILED',
      error: expect.stringContaining(words),
    });
  });

  test.each([
    ['reportNothing', 'values: must be an object of numbers by metric, not null.'],
    ['reportNaNStep', 'step: must be an integer from 0 to 2147483647, not NaN.'],
  ])('%s fails its trial in words, and nothing of it is handed on', async (deed, words) => {
    const { reports, listener } = recorder();
    expect(await pool.run(unruly(11, deed), listener).outcome).toEqual({
      state: 'FAILED',
      error: expect.stringContaining(words),
    });
    expect(reports).toMatchObject([{ step: 0 }]);
  });

  test('what a trial posts to its parent, or that it closes that port, changes nothing', async () => {
    for (const deed of ['nonsense', 'closePort', 'nothing']) {
      const { reports, listener } = recorder();
      expect(await pool.run(unruly(11, deed), listener).outcome).toMatchObject({ state: 'COMPLETED' });
      expect(reports).toMatchObject([{ step: 0 }]);
    }
  });

  test('a trial that is stopped before its thread has heard of it does nothing', async () => {
    const { reports, listener } = recorder();
    const run = pool.run(unruly(15, 'steps'), listener);
    run.stop();
    expect(await run.outcome).toEqual({ state: 'STOPPED' });
    expect(reports).toEqual([]);
  });

  test('a report that is not awaited keeps no trial from being stopped', async () => {
    const { reports, listener } = recorder();
    const run = pool.run(unruly(11, 'forgetAwait'), listener);
    await expect.poll(() => reports.length, { timeout: 10_000 }).toBeGreaterThan(2);
    run.stop();
    expect(await run.outcome).toMatchObject({ state: expect.stringMatching('COMPLETED|STOPPED') });
  });

  test('what the code of an attempt does after its end is none of the next attempt’s doing', async () => {
    const failed = recorder();
    const run = pool.run(unruly(12, 'haunt'), failed.listener);
    expect(await run.outcome).toMatchObject({ state: 'FAILED' });
    const next = recorder();
    const again = pool.run({ ...unruly(12, 'steps'), attempt: 2 }, next.listener);
    await expect.poll(() => next.reports.length, { timeout: 10_000 }).toBeGreaterThan(20);
    again.stop();
    expect(await again.outcome).toEqual({ state: 'STOPPED' });
    expect(next.reports.filter(({ step }) => step === 1000)).toEqual([]);
  });

  test('the grace of a stopped attempt is not that of the next one in its thread', async () => {
    const first = recorder();
    const stopped = pool.run(unruly(14, 'steps'), first.listener);
    await expect.poll(() => first.reports.length, { timeout: 10_000 }).toBeGreaterThan(0);
    stopped.stop();
    expect(await stopped.outcome).toEqual({ state: 'STOPPED' });
    const second = recorder();
    const again = pool.run({ ...unruly(14, 'steps'), attempt: 2 }, second.listener);
    // Of 5 ms and more each.
    const steps = (1.2 * graceMs) / 5;
    await expect.poll(() => second.reports.length, { timeout: 15_000 }).toBeGreaterThan(steps);
    again.stop();
    expect(await again.outcome).toEqual({ state: 'STOPPED' });
  });

  test('a trial that waits for what never comes is stopped all the same', async () => {
    const { log, listener } = recorder();
    const other = pool.run(unruly(13, 'steps'), recorder().listener);
    const run = pool.run(unruly(12, 'waitForEver'), listener);
    await expect.poll(() => log, { timeout: 10_000 }).toContain('hanging');
    run.stop();
    expect(await run.outcome).toEqual({ state: 'STOPPED' });
    other.stop();
    expect(await other.outcome).toEqual({ state: 'STOPPED' });
  });

  test.each([
    ['throwOutside', 'a fault in a timer'],
    ['throwNullOutside', 'null'],
    ['rejectOutside', 'a fault that nobody awaits'],
  ])('an error that nobody catches fails its own trial: %s', async (deed, words) => {
    const beside = recorder();
    const other = pool.run(unruly(13, 'steps'), beside.listener);
    expect(await pool.run(unruly(12, deed), recorder().listener).outcome).toMatchObject({
      state: 'FAILED',
      error: expect.stringContaining(words),
    });
    const seen = beside.reports.length;
    await expect.poll(() => beside.reports.length, { timeout: 10_000 }).toBeGreaterThan(seen + 2);
    other.stop();
    expect(await other.outcome).toEqual({ state: 'STOPPED' });
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

describe('of trials that leave behind what they have made', () => {
  const trainablesDir = join(import.meta.dirname, '../fixtures/trainables');
  const leaky = (trialId: number, options: RunOrder['options']): RunOrder => ({
    ...order(trialId),
    trainable: 'leaky',
    options,
    datasets: [],
  });
  const poolOf = (sharedThread: boolean) =>
    new ThreadPool({
      backend: 'wasm',
      backendOptions: {},
      trainablesDir,
      sharedThread,
      stopGraceMs: 5000,
      warmThreads: 0,
      onDevice: () => {},
    });

  test.each([
    ['one after another', 1],
    ['interleaved', 2],
  ])('fifty run in one thread, %s, with the memory of the first', async (_, atOnce) => {
    const pool = poolOf(true);
    const peaks: (number | null)[] = [];
    const tensorsBefore = new Set<number>();
    for (let trialId = 1; trialId <= 50; trialId += atOnce) {
      const { reports, listener } = recorder();
      // All together would be more than a heap of WebAssembly can be.
      const orders = Array.from({ length: atOnce }, (__, i) => leaky(trialId + i, { mebibytes: 80 }));
      const runs = orders.map((each) => pool.run(each, listener));
      const outcomes = await Promise.all(runs.map(({ outcome }) => outcome));
      expect(new Set(outcomes.map(({ state }) => state))).toEqual(new Set(['COMPLETED']));
      peaks.push(runs[0]!.peakBytes);
      if (atOnce === 1) tensorsBefore.add(reports[0]!.values.tensorsBefore!);
    }
    expect(new Set(peaks).size).toBe(1);
    if (atOnce === 1) expect(tensorsBefore.size).toBe(1);
    await pool.close();
  });

  test.each(['rejectAlone', 'throwInTimer'])(
    'one whose code fails where nobody catches it (%s) fails alone in a shared thread',
    async (deed) => {
      const pool = poolOf(true);
      const healthy = pool.run(order(1), recorder().listener);
      const faulty = pool.run(leaky(2, { deed }), recorder().listener);
      expect(await faulty.outcome).toMatchObject({
        state: 'FAILED',
        error: expect.stringMatching(/^TypeError: (nobody awaits me|a fault in a timer)/),
      });
      expect(await healthy.outcome).toMatchObject({ state: 'COMPLETED' });
      await pool.close();
    },
  );

  test.each([true, false])(
    'one that ends before all its code does takes no other with it (shared: %s)',
    async (shared) => {
      const pool = poolOf(shared);
      const first = pool.run(leaky(1, { deed: 'goOnAlone' }), recorder().listener);
      expect(await first.outcome).toMatchObject({ state: 'COMPLETED' });
      const { reports, listener } = recorder();
      const next = pool.run(order(2), listener);
      expect(await next.outcome).toMatchObject({ state: 'COMPLETED' });
      expect(reports.length).toBeGreaterThan(0);
      await pool.close();
    },
  );
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

test('a module that cannot be loaded any more fails its own trials alone, and says what is wrong', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trialgraph-trainables-'));
  writeFileSync(join(folder, 'half-saved.mjs'), 'export default defineTrainable({');
  const pool = new ThreadPool({
    backend: 'wasm',
    backendOptions: {},
    trainablesDir: folder,
    sharedThread: false,
    stopGraceMs: 1000,
    warmThreads: 0,
    onDevice: () => {},
  });
  const run = (settings: RunOrder) => pool.run(settings, recorder().listener).outcome;
  expect(await run({ ...order(1), trainable: 'mine', params: {}, datasets: [] })).toEqual({
    state: 'FAILED',
    error: expect.stringMatching(
      /^The trainable "mine" is not in trainablesDir any more, or cannot be loaded\.\n.*half-saved\.mjs: cannot be loaded: SyntaxError/,
    ),
  });
  expect(await run(order(2, { epochs: 1 }))).toMatchObject({ state: 'COMPLETED' });
  await pool.close();
  rmSync(folder, { recursive: true });
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
