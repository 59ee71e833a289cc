import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/execution/engine.ts';
import type { NewStudy } from '../../src/execution/parse-study-settings.ts';
import { readEvents } from '../../src/storage/event-log.ts';
import type { TrialRecord } from '../../src/storage/records.ts';
import { createTestEngine, engineOn } from '../support/engine.ts';
import { createTestDatabase } from '../support/postgres.ts';

const slots = 2;
const engine = await createTestEngine({ slots });
await engine.start();

/** Four steps of two batches: some milliseconds. */
const short = {
  epochs: 1,
  trainExamples: 400,
  validationExamples: 100,
  stepExamples: 100,
  validationSample: 50,
};
/** Hours, with a report every few milliseconds. */
const endless = { ...short, epochs: 10_000 };
const patient = { timeout: 10_000, interval: 20 };

describe('trials in threads of this process', () => {
  test('run to the end of their study, with all that they report', async () => {
    const studyId = await createStudy(engine, { stopRules: { maxTrials: 3 } });
    await engine.studyLife.start(studyId, null);
    await finished(engine, studyId);
    expect(await engine.studies.get(studyId)).toMatchObject({ stopReason: 'All 3 trials are done.' });
    const trials = await engine.trials.all(studyId);
    expect(trials).toHaveLength(3);
    for (const trial of trials) {
      expect(trial).toMatchObject({
        state: 'COMPLETED',
        attempt: 1,
        worker: 'server:test',
        device: 'test',
        backend: 'wasm',
        error: null,
        totalSteps: 4,
        leaseUntil: null,
        values: { valAccuracy: expect.any(Number), trainSeconds: expect.any(Number) },
      });
      expect(trial.predictedBytes).toBeGreaterThan(0);
      const series = (await engine.metrics.read([trial.id], {})).get(trial.id)!;
      const byName = new Map(series.map((entry) => [entry.name, entry]));
      for (const name of ['loss', 'accuracy', 'valLoss', 'valAccuracy']) {
        expect([name, ...byName.get(name)!.steps]).toEqual([name, 1, 2, 3, 4]);
      }
      for (const name of ['precision', 'recall', 'fScore', 'trainSeconds', 'parameters']) {
        expect([name, ...byName.get(name)!.steps]).toEqual([name, 4]);
      }
      expect(byName.get('valAccuracy')!.values.at(-1)).toBe(trial.values!.valAccuracy);
    }
    expect(engine.devices.read()[0]!.runningTrials).toBe(0);
  });

  test('give the same results for the same seeds', async () => {
    const accuracies = async () => {
      const studyId = await createStudy(engine, {
        stopRules: { maxTrials: 2 },
        objectives: [{ metric: 'valLoss', direction: 'MINIMIZE' }],
      });
      await engine.studyLife.start(studyId, null);
      await finished(engine, studyId);
      return (await engine.trials.all(studyId)).map(({ params, values }) => [params, values!.valLoss]);
    };
    expect(await accuracies()).toEqual(await accuracies());
  });

  test('fail when they diverge, and the study goes on', async () => {
    const studyId = await createStudy(engine, {
      trainableOptions: { ...short, epochs: 4 },
      searchSpace: {
        ...space,
        learningRate: { type: 'float', low: 1e-3, high: 10, log: true },
        regularization: { type: 'categorical', choices: ['none', 'l2'] },
        l2: { type: 'float', low: 1, high: 10, when: { regularization: 'l2' } },
      },
      stopRules: { maxTrials: 2 },
    });
    // Each step multiplies the weights by 1 - 2 * 10 * 10.
    const wild = { optimizer: 'sgd', learningRate: 10, regularization: 'l2', l2: 10 };
    const tame = { optimizer: 'adam', learningRate: 0.01, regularization: 'none' };
    await engine.trialLife.enqueue(studyId, [wild, tame]);
    await engine.studyLife.start(studyId, null);
    await finished(engine, studyId);
    expect(await engine.trials.all(studyId)).toMatchObject([
      {
        state: 'FAILED',
        error: expect.stringMatching(/^The training loss became NaN in step \d+\. Lower .*\.$/),
      },
      { state: 'COMPLETED' },
    ]);
  });

  test('are pruned with the reason, and keep what they reported', async () => {
    const studyId = await createStudy(engine, {
      trainableOptions: { ...short, epochs: 4 },
      objectives: [{ metric: 'valAccuracy', direction: 'MAXIMIZE' }],
      searchSpace: { ...space, learningRate: { type: 'float', low: 1e-7, high: 0.1, log: true } },
      pruner: { kind: 'median', startupTrials: 1, warmupSteps: 3 },
      stopRules: { maxTrials: 2 },
      maxConcurrentTrials: 1,
    });
    const rates = [0.01, 1e-7].map((learningRate) => ({ learningRate, optimizer: 'adam' }));
    await engine.trialLife.enqueue(studyId, rates);
    await engine.studyLife.start(studyId, null);
    await finished(engine, studyId);
    const [good, bad] = await engine.trials.all(studyId);
    expect(good).toMatchObject({ state: 'COMPLETED', pruneReason: null });
    expect(bad).toMatchObject({
      state: 'PRUNED',
      pruneReason: expect.stringContaining('below the median'),
      error: null,
    });
    const { steps } = (await engine.metrics.read([bad!.id], { names: ['valAccuracy'] })).get(bad!.id)![0]!;
    expect(steps.length).toBeGreaterThanOrEqual(3);
    expect(steps.length).toBeLessThan(16);
    expect(bad!.values!.valAccuracy).toBeLessThan(good!.values!.valAccuracy!);
  });
});

describe('a slot', () => {
  test('is free within a moment of its trial being stopped, and the next trial has it', async () => {
    const studyId = await createStudy(engine, { trainableOptions: endless, maxConcurrentTrials: 1 });
    await engine.studyLife.start(studyId, 2);
    const first = await reporting(engine, studyId, 0);
    const start = performance.now();
    expect(await engine.trialLife.stop(first.id)).toMatchObject({ state: 'CANCELLED' });
    const second = await reporting(engine, studyId, 1);
    expect(performance.now() - start).toBeLessThan(3000);
    const pointsThen = await countPoints(engine, first);
    await engine.studyLife.stop(studyId);
    await idle(engine);
    expect(await countPoints(engine, first)).toBe(pointsThen);
    expect((await engine.trials.get(second.id)).state).toBe('CANCELLED');
  });

  test('is shared fairly: who has fewest gets the next', async () => {
    const [greedy, modest] = await Promise.all([
      createStudy(engine, { trainableOptions: endless }),
      createStudy(engine, { trainableOptions: endless }),
    ]);
    await engine.studyLife.start(greedy, null);
    const [first] = await Promise.all([reporting(engine, greedy, 0), reporting(engine, greedy, 1)]);
    await engine.studyLife.start(modest, null);
    await engine.trialLife.stop(first.id);
    await reporting(engine, modest, 0);
    expect(await engine.trials.all(greedy)).toHaveLength(2);
    await Promise.all([engine.studyLife.stop(greedy), engine.studyLife.stop(modest)]);
    await idle(engine);
  });

  test('goes to the others when a study that waits for it is deleted', async () => {
    const [first, deleted, last] = await Promise.all(
      [endless, short, short].map((trainableOptions) => createStudy(engine, { trainableOptions })),
    );
    await engine.studyLife.start(first!, null);
    await Promise.all([reporting(engine, first!, 0), reporting(engine, first!, 1)]);
    await engine.studyLife.start(deleted!, null);
    await engine.studyLife.start(last!, 1);
    await engine.studyLife.delete(deleted!);
    await engine.studyLife.stop(first!);
    await finished(engine, last!);
    expect(await engine.trials.all(last!)).toMatchObject([{ state: 'COMPLETED' }]);
  });
});

test('a study that is paused ends what runs, starts nothing, and goes on when it is started', async () => {
  const studyId = await createStudy(engine, {
    trainableOptions: { ...short, epochs: 8 },
    stopRules: { maxTrials: 3 },
    maxConcurrentTrials: 1,
  });
  await engine.studyLife.start(studyId, null);
  await reporting(engine, studyId, 0);
  await engine.studyLife.pause(studyId);
  await expect.poll(() => engine.trials.all(studyId), patient).toMatchObject([{ state: 'COMPLETED' }]);
  await idle(engine);
  expect(await engine.trials.all(studyId)).toHaveLength(1);
  await engine.studyLife.start(studyId, null);
  await finished(engine, studyId);
  expect((await engine.trials.all(studyId)).map((trial) => trial.state)).toEqual(Array(3).fill('COMPLETED'));
});

test('a server that closes gives its trials back, even at their last attempt, and the next one finishes them', async () => {
  const database = await createTestDatabase();
  const first = engineOn(database, { slots, trialRetries: 0 });
  await first.start();
  const studyId = await createStudy(first, {
    trainableOptions: { ...short, epochs: 40 },
    stopRules: { maxTrials: 2 },
  });
  await first.studyLife.start(studyId, null);
  await Promise.all([reporting(first, studyId, 0), reporting(first, studyId, 1)]);
  await first.close();
  const given = await first.trials.all(studyId);
  expect(given).toMatchObject([
    { state: 'QUEUED', attempt: 1, worker: null },
    { state: 'QUEUED', attempt: 1, worker: null },
  ]);

  await using second = closing(engineOn(database, { slots }));
  await second.engine.start();
  await finished(second.engine, studyId, 20_000);
  const done = await second.engine.trials.all(studyId);
  expect(done).toMatchObject([
    { state: 'COMPLETED', attempt: 2, params: given[0]!.params },
    { state: 'COMPLETED', attempt: 2, params: given[1]!.params },
  ]);
  const kinds = (await readEvents(database.pool, studyId, 0, 100)).map((event) => event.kind);
  expect(kinds.filter((kind) => kind === 'TRIAL_REQUEUED')).toHaveLength(2);
  expect(kinds.at(-1)).toBe('STUDY_FINISHED');
});

const space = {
  units1: { type: 'int', low: 8, high: 16 },
  learningRate: { type: 'float', low: 0.001, high: 0.01, log: true },
  optimizer: { type: 'categorical', choices: ['adam', 'sgd'] },
  activation: { type: 'categorical', choices: ['relu', 'elu'] },
  batchSize: { type: 'categorical', choices: [50] },
};

let studies = 0;

async function createStudy({ studyLife }: Engine, settings: Partial<NewStudy>): Promise<number> {
  const study = await studyLife.create({
    name: `study ${++studies}`,
    trainable: 'dense',
    trainableOptions: short,
    objectives: [
      { metric: 'valAccuracy', direction: 'MAXIMIZE' },
      { metric: 'trainSeconds', direction: 'MINIMIZE' },
    ],
    searchSpace: space,
    sampler: { kind: 'random', seed: 1 },
    ...settings,
  });
  return study.id;
}

async function finished({ studies }: Engine, studyId: number, timeout = 10_000): Promise<void> {
  await expect.poll(() => studies.get(studyId), { ...patient, timeout }).toMatchObject({ state: 'FINISHED' });
}

/** The trial of this number, once it runs and has reported. */
async function reporting(engine: Engine, studyId: number, number: number): Promise<TrialRecord> {
  const find = async () => (await engine.trials.findByNumbers(studyId, [number]))[0];
  await expect
    .poll(async () => {
      const trial = await find();
      return trial?.state === 'RUNNING' ? countPoints(engine, trial) : 0;
    }, patient)
    .toBeGreaterThan(0);
  return (await find())!;
}

async function countPoints({ metrics }: Engine, { id }: TrialRecord): Promise<number> {
  return (await metrics.summaries([id])).get(id)!.reduce((sum, { count }) => sum + count, 0);
}

async function idle({ devices }: Engine): Promise<void> {
  await expect.poll(() => devices.read()[0]!.runningTrials, patient).toBe(0);
}

function closing(engine: Engine): AsyncDisposable & { readonly engine: Engine } {
  return { engine, [Symbol.asyncDispose]: () => engine.close() };
}
