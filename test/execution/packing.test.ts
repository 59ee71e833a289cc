import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import type { Engine } from '../../src/execution/engine.ts';
import type { NewStudy } from '../../src/execution/parse-study-settings.ts';
import type { TrialRecord } from '../../src/storage/records.ts';
import { installedTrainables } from '../../src/trainables/own/installed-trainables.ts';
import { createTestEngine, testDevice } from '../support/engine.ts';

// A thread takes seconds to start where all cores are busy.
vi.setConfig({ testTimeout: 60_000 });

const mebibyte = 2 ** 20;
const patient = { timeout: 50_000, interval: 10 };

/** Trains `dense` on some digits; its memory grows with `units1`: 8 units need about 3 MiB, 128 about 11, 512 about 31. */
const short = {
  epochs: 1,
  trainExamples: 400,
  validationExamples: 100,
  stepExamples: 100,
  validationSample: 50,
};
const space = {
  units1: { type: 'int', low: 8, high: 512 },
  optimizer: { type: 'categorical', choices: ['adam'] },
  learningRate: { type: 'float', low: 0.001, high: 0.01, log: true },
  batchSize: { type: 'categorical', choices: [50] },
};

/** An engine whose device is said to have so much memory for trials. */
function engineWith(bytes: number, options: Parameters<typeof createTestEngine>[0] = {}): Promise<Engine> {
  return createTestEngine({
    devices: [{ ...testDevice, memoryBytes: bytes * 2 }],
    memoryShare: 0.5,
    slots: 4,
    ...options,
  });
}

let studies = 0;
async function createStudy({ studyLife }: Engine, settings: Partial<NewStudy> = {}): Promise<number> {
  const study = await studyLife.create({
    name: `study ${++studies}`,
    trainable: 'dense',
    trainableOptions: short,
    objectives: [{ metric: 'valAccuracy', direction: 'MAXIMIZE' }],
    searchSpace: space,
    sampler: { kind: 'random', seed: 1 },
    ...settings,
  });
  return study.id;
}

async function finished({ studies }: Engine, studyId: number): Promise<void> {
  await expect.poll(() => studies.get(studyId), patient).toMatchObject({ state: 'FINISHED' });
}

/** What the board showed at every start and end of a trial. */
function watchBoard(engine: Engine) {
  const seen: { reserved: number; running: number; limit: number }[] = [];
  const queue: string[] = [];
  engine.bus.subscribe('devicesChanged', () => {
    const [device] = engine.devices.read();
    seen.push({
      reserved: device!.memoryReservedBytes,
      running: device!.runningTrials,
      limit: device!.memoryLimitBytes!,
    });
    queue.push(...engine.readQueue().map(({ reason }) => reason));
  });
  return { seen, queue };
}

describe('trials on a device of 20 MiB', () => {
  test('run together as far as their predictions fit, and never beyond; what fits nowhere does not start', async () => {
    const engine = await engineWith(20 * mebibyte);
    await engine.start();
    const { seen, queue } = watchBoard(engine);
    const studyId = await createStudy(engine);
    const units = [128, 8, 8, 500, 128, 8, 128, 8, 8, 8, 128, 8];
    await engine.trialLife.enqueue(
      studyId,
      units.map((units1) => ({ units1 })),
    );
    await engine.studyLife.start(studyId, units.length);
    await expect
      .poll(
        async () => (await engine.trials.all(studyId)).filter(({ finishedAt }) => finishedAt !== null).length,
        patient,
      )
      .toBe(units.length);
    const trials = await engine.trials.all(studyId);
    const large = trials.filter(({ params }) => params.units1 === 500);
    expect(large).toMatchObject([
      {
        state: 'INFEASIBLE',
        attempt: 0,
        startedAt: null,
        feasible: false,
        error: expect.stringMatching(
          /^It would need about \d+ MiB of memory, and test has 20 MiB for a trial\./,
        ),
      },
    ]);
    for (const trial of trials.filter(({ params }) => params.units1 !== 500)) {
      expect(trial).toMatchObject({ state: 'COMPLETED', device: 'test' });
      expect(trial.peakBytes).toBeGreaterThan(0);
    }
    expect(Math.max(...seen.map(({ reserved }) => reserved))).toBeLessThanOrEqual(20 * mebibyte);
    expect(Math.max(...seen.map(({ running }) => running))).toBeGreaterThan(1);
    expect(Math.max(...seen.map(({ running }) => running))).toBeLessThanOrEqual(4);
    expect(seen.at(-1)).toMatchObject({ reserved: 0, running: 0, limit: 20 * mebibyte });
    expect(queue).toContainEqual(
      expect.stringMatching(/^It needs about .* of memory, and .* of test are free/),
    );
    expect(engine.readQueue()).toEqual([]);
  });

  test('are suggested again and again while some fit nowhere, and no study fails of it', async () => {
    const engine = await engineWith(8 * mebibyte);
    await engine.start();
    const studyId = await createStudy(engine, { stopRules: { maxTrials: 12 } });
    await engine.studyLife.start(studyId, null);
    await finished(engine, studyId);
    const states = (await engine.trials.all(studyId)).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['COMPLETED', 'INFEASIBLE']));
    const live = await engine.live.get(studyId);
    expect(live.view.observed).toHaveLength(12);
  });
});

describe('a wrong estimate', () => {
  const fixtures = fileURLToPath(new URL('fixtures/trainables', import.meta.url));

  async function run(bytes: number, params: object[], trainable = 'hungry'): Promise<TrialRecord[]> {
    const trainables = await installedTrainables(fixtures);
    const engine = await engineWith(bytes, { trainables, trainablesDir: fixtures });
    await engine.start();
    const studyId = await createStudy(engine, {
      trainable,
      trainableOptions: {},
      searchSpace: undefined,
      objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
      maxConcurrentTrials: 1,
    });
    await engine.trialLife.enqueue(studyId, params);
    await engine.studyLife.start(studyId, params.length);
    await expect
      .poll(
        async () => (await engine.trials.all(studyId)).every(({ finishedAt }) => finishedAt !== null),
        patient,
      )
      .toBe(true);
    return engine.trials.all(studyId);
  }

  test('is corrected by what the study’s trials really had', async () => {
    const trials = await run(100 * mebibyte, [
      { estimate: 10, actual: 30 },
      { estimate: 10, actual: 30 },
      { estimate: 20, actual: 60 },
      // Three times that is more than there is, if it is like the others: it has the device for itself.
      { estimate: 39, actual: 117 },
      { estimate: 40, actual: 120 },
    ]);
    const ends = ['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'INFEASIBLE'];
    expect(trials.map(({ state }) => state)).toEqual(ends);
    const predicted = trials.map(({ predictedBytes }) => predictedBytes! / mebibyte);
    expect(predicted[0]).toBe(10);
    expect(trials[0]!.peakBytes! / mebibyte).toBeGreaterThanOrEqual(30);
    expect(predicted[1]).toBeCloseTo(trials[0]!.peakBytes! / mebibyte, 5);
    expect(predicted[2]).toBeGreaterThanOrEqual(60);
    expect(trials[4]).toMatchObject({
      startedAt: null,
      error: expect.stringContaining('It would need about'),
    });
  });

  test('need not be there: what the first trial had is predicted for the next', async () => {
    const trials = await run(100 * mebibyte, [{ mebibytes: 8 }, { mebibytes: 4 }], 'gpu-work');
    expect(trials.map(({ state }) => state)).toEqual(['COMPLETED', 'COMPLETED']);
    expect(trials[0]!.predictedBytes).toBeNull();
    expect(trials[0]!.peakBytes! / mebibyte).toBeGreaterThanOrEqual(8);
    expect(trials[1]!.predictedBytes).toBe(trials[0]!.peakBytes);
  });

  test('is corrected when a trial runs out, which makes it INFEASIBLE and fails nobody', async () => {
    const trials = await run(20_000 * mebibyte, [
      { estimate: 10, actual: 100_000 },
      { estimate: 10, actual: 1 },
      { estimate: 5, actual: 1 },
    ]);
    expect(trials.map(({ state }) => state)).toEqual(['INFEASIBLE', 'COMPLETED', 'COMPLETED']);
    expect(trials[0]).toMatchObject({
      attempt: 1,
      values: null,
      error: expect.stringMatching(/out of memory/i),
    });
    expect(trials[1]!.predictedBytes! / mebibyte).toBeGreaterThanOrEqual(12.5);
    expect(trials[2]!.predictedBytes! / mebibyte).toBe(5);
  });
});

describe('the turn', () => {
  test('belongs to the study of the highest priority, then to the one with the fewest running trials', async () => {
    const engine = await engineWith(32 * mebibyte, { slots: 1 });
    await engine.start();
    const [first, equal, urgent] = await Promise.all(
      // The first holds the device long enough for the others to come.
      [
        { priority: 0, epochs: 60 },
        { priority: 0, epochs: 2 },
        { priority: 5, epochs: 2 },
      ].map(({ priority, epochs }) =>
        createStudy(engine, {
          priority,
          stopRules: { maxTrials: 2 },
          trainableOptions: { ...short, epochs },
        }),
      ),
    );
    await engine.studyLife.start(first!, null);
    await expect.poll(async () => engine.devices.read()[0]!.runningTrials, patient).toBe(1);
    await engine.studyLife.start(equal!, null);
    await engine.studyLife.start(urgent!, null);
    await expect
      .poll(() => engine.readQueue().map(({ studyId }) => studyId), patient)
      .toEqual(expect.arrayContaining([urgent]));
    for (const id of [first!, equal!, urgent!]) await finished(engine, id);
    const starts = async (id: number) =>
      (await engine.trials.all(id)).map(({ startedAt }) => startedAt!.getTime());
    const [ofFirst, ofEqual, ofUrgent] = await Promise.all([first!, equal!, urgent!].map(starts));
    // Both of the urgent study before the other one of the first, and before any of the equal one.
    expect(Math.max(...ofUrgent!)).toBeLessThan(Math.max(...ofFirst!));
    expect(Math.max(...ofUrgent!)).toBeLessThan(Math.min(...ofEqual!));
  });

  test('of a study that has reached maxConcurrentTrials is told as such', async () => {
    const engine = await engineWith(32 * mebibyte);
    await engine.start();
    const studyId = await createStudy(engine, {
      trainableOptions: { ...short, epochs: 1000 },
      maxConcurrentTrials: 1,
      searchSpace: { ...space, units1: { type: 'int', low: 8, high: 8 } },
    });
    await engine.studyLife.start(studyId, 3);
    await expect.poll(() => engine.devices.read()[0]!.runningTrials, patient).toBe(1);
    await expect
      .poll(() => engine.readQueue(), patient)
      .toMatchObject([
        {
          position: 1,
          studyId,
          trialId: null,
          reason: '1 of its trials runs, as many as maxConcurrentTrials allows.',
        },
      ]);
    await engine.studyLife.stop(studyId);
    await expect.poll(() => engine.devices.read()[0]!.runningTrials, patient).toBe(0);
    expect(engine.readQueue()).toEqual([]);
  });
});
