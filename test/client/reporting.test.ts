import fc from 'fast-check';
import { GraphQLError } from 'graphql';
import { afterEach, expect, it } from 'vitest';
import type { ReportAction, ReportMetricsInput } from '../../src/client/generated.ts';
import { createClient, type Trial } from '../../src/client/index.ts';
import { unpackFloat64s, unpackInt32s } from '../../src/client/packing.ts';
import { Peer, type Root } from './peer.ts';
import { studyRecord, trialRecord } from './records.ts';

let peer: Peer;

afterEach(() => peer?.down());

/** Takes reports as the server does: a repeated batch is acknowledged and not stored again. */
class Store {
  readonly inputs: ReportMetricsInput[] = [];
  readonly points: { name: string; step: number; value: number; time: number }[] = [];
  readonly #batches = new Set<number>();
  /** The answer to the next reports. */
  stop: { readonly action: ReportAction; readonly shouldStop: boolean; readonly reason: string | null } = {
    action: 'CONTINUE',
    shouldStop: false,
    reason: null,
  };
  /** Resolved before a report is answered. */
  gate: Promise<unknown> = Promise.resolve();

  readonly root = {
    study: () => studyRecord(),
    trial: () => trialRecord(),
    askTrials: () => [trialRecord({ attempt: 2 })],
    reportMetrics: async ({ input }: { input: ReportMetricsInput }) => {
      this.inputs.push(input);
      await this.gate;
      if (input.batch != null && this.#batches.has(input.batch)) return { accepted: 0, ...this.stop };
      if (input.batch != null) this.#batches.add(input.batch);
      for (const { name, packedSteps, packedValues, packedTimes } of input.series) {
        const values = unpackFloat64s(packedValues!);
        const times = unpackFloat64s(packedTimes!);
        unpackInt32s(packedSteps!).forEach((step, i) => {
          this.points.push({ name, step, value: values[i]!, time: times[i]! });
        });
      }
      return { accepted: 1, ...this.stop };
    },
    tellTrial: ({ input }: { input: { state: 'COMPLETED' } }) => trialRecord({ state: input.state }),
  };
}

async function askOne(root: Root): Promise<Trial> {
  peer = await Peer.start(root);
  const study = await createClient({ url: peer.url }).studies.get('study-1');
  const [trial] = await study.ask();
  return trial!;
}

it('a report is stored with the attempt and the time, and brings the order to stop', async () => {
  const store = new Store();
  const trial = await askOne(store.root);
  const before = Date.now();
  await trial.report(0, { loss: 0.5, accuracy: 0.9 });
  expect(store.points).toMatchObject([
    { name: 'loss', step: 0, value: 0.5 },
    { name: 'accuracy', step: 0, value: 0.9 },
  ]);
  expect(store.points[0]!.time).toBeGreaterThanOrEqual(before);
  expect(store.inputs[0]).toMatchObject({ trial: 'trial-1', attempt: 2, batch: 1 });
  expect(trial.shouldStop).toBe(false);
  store.stop = { action: 'STOP', shouldStop: true, reason: 'Worse than the median.' };
  await trial.report(1, { loss: 0.6 });
  expect(trial.shouldStop).toBe(true);
  expect(trial.stopReason).toBe('Worse than the median.');
});

it('a report is told whether it was stored, and what the trial should do', async () => {
  const store = new Store();
  const trial = await askOne({
    ...store.root,
    reportMetrics: async ({ input }: { input: ReportMetricsInput }) =>
      store.stop.action === 'CONTINUE'
        ? store.root.reportMetrics({ input })
        : { accepted: 0, action: 'STOP', shouldStop: true, reason: 'The trial was cancelled.' },
  });
  const goOn = { stored: true, shouldStop: false, shouldPause: false, reason: null };
  expect(await trial.report(0, { loss: 0 })).toEqual(goOn);
  store.stop = { ...store.stop, action: 'STOP' };
  const refused = { stored: false, shouldStop: true, shouldPause: false, reason: 'The trial was cancelled.' };
  expect(await trial.report(1, { loss: 0 })).toEqual(refused);
  await trial.flush();
  expect(store.points.map((point) => point.step)).toEqual([0]);
});

it('what is reported while a report is under way travels together in the next one', async () => {
  const store = new Store();
  const trial = await askOne(store.root);
  let open = (): void => {};
  store.gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const reports = [trial.report(0, { loss: 0 })];
  await expect.poll(() => store.inputs.length).toBe(1);
  for (let step = 1; step < 1000; step++) reports.push(trial.report(step, { loss: step }));
  open();
  await Promise.all(reports);
  expect(store.inputs.map((input) => input.batch)).toEqual([1, 2]);
  expect(store.points.map((point) => point.step)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
});

it('every point is stored once and in order, however often connections are lost', async () => {
  const store = new Store();
  const trial = await askOne(store.root);
  for (let i = 0; i < 12; i++) peer.fates.push(i % 3 === 0 ? 'serve' : i % 3 === 1 ? 'lose answer' : 'lose');
  for (let step = 0; step < 40; step++) {
    void trial.report(step, { loss: step / 10 });
    if (step % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await trial.flush();
  expect(store.points.map((point) => point.step)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  const batches = store.inputs.map((input) => input.batch!);
  expect(batches.length).toBeGreaterThan(new Set(batches).size); // some were sent twice
});

it('columns arrive bit for bit, in several batches when they are long', async () => {
  const store = new Store();
  const trial = await askOne(store.root);
  const value = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0));
  const points = fc.array(fc.tuple(fc.nat(), value, fc.nat()), { maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(points, async (rows) => {
      store.points.length = 0;
      await trial.reportColumns({
        loss: {
          steps: rows.map(([step]) => step),
          values: Float64Array.from(rows, ([, v]) => v),
          times: rows.map(([, , time]) => time),
        },
      });
      expect(store.points).toEqual(rows.map(([step, v, time]) => ({ name: 'loss', step, value: v, time })));
    }),
    { numRuns: 30 },
  );
  const count = 45_000;
  const steps = Int32Array.from({ length: count }, (_, i) => i);
  store.points.length = 0;
  store.inputs.length = 0;
  await trial.reportColumns({ a: { steps, values: steps }, b: { steps, values: steps } });
  expect(store.inputs).toHaveLength(5); // 90,000 points, at most 20,000 a batch
  for (const name of ['a', 'b']) {
    const stored = store.points.filter((point) => point.name === name);
    expect(stored.map((point) => point.value)).toEqual([...steps]);
  }
});

it.each([
  ['a fraction', { steps: [0.5], values: [1] }, /whole number/],
  ['a negative step', { steps: [-1], values: [1] }, /whole number/],
  ['a step beyond 2^31 - 1', { steps: [2 ** 31], values: [1] }, /whole number/],
  ['columns of unequal length', { steps: [1, 2], values: [1] }, /one length/],
  ['times of another length', { steps: [1], values: [1], times: [] }, /one length/],
  ['a value that is no number', { steps: [1], values: ['0.5'] as unknown as number[] }, /must be a number/],
])('%s is refused at once, and the trial can go on', async (_, column, message) => {
  const store = new Store();
  const trial = await askOne(store.root);
  expect(() => trial.reportColumns({ loss: column })).toThrow(message);
  await trial.report(3, { loss: 1 });
  expect(store.points.map((point) => point.step)).toEqual([3]);
});

it('a report that nobody awaits does not end the process when it fails, but the trial cannot be completed', async () => {
  const store = new Store();
  const refused = () => {
    throw new GraphQLError('Attempt 2 of trial 0 is over.', { extensions: { code: 'CONFLICT' } });
  };
  const trial = await askOne({ ...store.root, reportMetrics: refused });
  void trial.report(0, { loss: 1 });
  await expect.poll(() => trial.shouldStop).toBe(true);
  expect(trial.stopReason).toBe('Attempt 2 of trial 0 is over.');
  const reports = peer.operations.length;
  await expect(trial.report(1, { loss: 1 })).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(trial.complete()).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(peer.operations).toHaveLength(reports);
  await trial.fail(new Error('gave up'));
  expect(trial.state).toBe('FAILED');
});

it('a trial that was only looked up reports without batch numbers, which another worker may have used', async () => {
  const store = new Store();
  peer = await Peer.start(store.root);
  const trial = await createClient({ url: peer.url }).trial('trial-1');
  await trial.report(0, { loss: 1 });
  expect(store.inputs[0]).toMatchObject({ attempt: 1, batch: null });
});

it('an end is told after all reports are stored', async () => {
  const store = new Store();
  const trial = await askOne(store.root);
  peer.operations.length = 0;
  for (let step = 0; step < 3; step++) void trial.report(step, { loss: step });
  await trial.complete({ loss: 2 });
  expect(peer.operations).toEqual(['ReportMetrics', 'TellTrial']);
  expect(trial.state).toBe('COMPLETED');
});

it('a final value that is not finite is refused before it is sent', async () => {
  const trial = await askOne(new Store().root);
  await expect(trial.complete({ loss: Number.NaN })).rejects.toThrow(
    'The final value of "loss" must be a finite number, not NaN; tell the trial FAILED.',
  );
});
