import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Engine } from '../../src/execution/engine.ts';
import type { TrialRecord } from '../../src/storage/records.ts';
import { installedTrainables } from '../../src/trainables/own/installed-trainables.ts';
import { engineOn } from '../support/engine.ts';
import { createTestDatabase } from '../support/postgres.ts';

const trainablesDir = join(import.meta.dirname, 'fixtures/trainables');
const own = { trainables: await installedTrainables(trainablesDir), trainablesDir, slots: 1 };
vi.setConfig({ testTimeout: 90_000 });
const patient = { timeout: 20_000, interval: 20 };

test('what one server is asked for wakes the other’s free slot, and pauses and stops what runs there', async () => {
  const database = await createTestDatabase();
  // It runs nothing by itself, as its trainables are others.
  const asked = engineOn(database, { worker: 'server:asked' });
  const runs = engineOn(database, { ...own, worker: 'server:runs' });
  try {
    await Promise.all([asked.start(), runs.start()]);
    const study = await runs.studyLife.create({
      name: 'elsewhere',
      trainable: 'counting',
      trainableOptions: { steps: 1e6, checkpoints: true },
      objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
      searchSpace: { x: { type: 'float', low: 0, high: 1 } },
    });
    const number = async (n: number) => (await runs.trials.findByNumbers(study.id, [n]))[0];
    await asked.studyLife.start(study.id, null);
    await expect
      .poll(() => number(0), patient)
      .toMatchObject({ state: 'RUNNING', worker: 'server:runs', attempt: 1 });
    await expect
      .poll(async () => (await runs.metrics.summaries([(await number(0))!.id])).size, patient)
      .toBe(1);

    await asked.trialPauses.pause((await number(0))!.id, { restart: false });
    await expect.poll(() => number(0), patient).toMatchObject({ state: 'QUEUED', held: true });
    await expect.poll(() => number(1), patient).toMatchObject({ state: 'RUNNING' });
    await asked.trialPauses.resume((await number(0))!.id);
    await asked.trialLife.stop((await number(1))!.id);
    await expect.poll(() => number(0), patient).toMatchObject({ state: 'RUNNING', attempt: 2 });
    await asked.studyLife.stop(study.id);
    await expect.poll(() => runs.devices.read()[0]!.runningTrials, patient).toBe(0);
  } finally {
    await Promise.all([asked.close(), runs.close()]);
  }
});

test('a worker elsewhere is told by its next report at one server what was asked for at another', async () => {
  const database = await createTestDatabase();
  const asked = engineOn(database, { worker: 'server:asked' });
  const reported = engineOn(database, { worker: 'server:reported' });
  try {
    await Promise.all([asked.start(), reported.start()]);
    const study = await asked.studyLife.create({
      name: 'elsewhere',
      objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
      searchSpace: { x: { type: 'float', low: 0, high: 1 } },
    });
    const ask = async () => {
      const request = { studyId: study.id, count: 1, worker: 'worker', leaseMs: 60_000 };
      return (await reported.trialLife.ask(request))[0]!;
    };
    const [first, second] = [await ask(), await ask()];
    let step = 0;
    const report = ({ id, attempt }: TrialRecord) => {
      const points = { steps: Int32Array.of(++step), values: Float64Array.of(1), times: Float64Array.of(0) };
      const series = [{ name: 'loss', ...points }];
      return reported.trialLife.report({ trialId: id, attempt, series });
    };
    expect(await report(first)).toMatchObject({ action: 'CONTINUE' });
    await asked.trialPauses.pause(first.id, { restart: false });
    await expect.poll(() => report(first), patient).toMatchObject({ action: 'PAUSE', accepted: 1 });
    expect(await report(second)).toMatchObject({ action: 'CONTINUE' });
    // Given back and resumed elsewhere, it goes on as if nothing had been.
    await asked.trialPauses.giveBack(first.id, first.attempt);
    await asked.trialPauses.resume(first.id);
    const again = await ask();
    expect(again).toMatchObject({ id: first.id, attempt: 2 });
    expect(await report(again)).toMatchObject({ action: 'CONTINUE' });
    await asked.trialLife.stop(second.id);
    expect(await report(second)).toMatchObject({ action: 'STOP', accepted: 0 });
  } finally {
    await Promise.all([asked.close(), reported.close()]);
  }
});

test('the pruner of each server knows what was reported at the other', async () => {
  const database = await createTestDatabase();
  const engines = ['server:a', 'server:b'].map((worker) => engineOn(database, { worker }));
  const [a, b] = engines as [Engine, Engine];
  try {
    await Promise.all(engines.map((engine) => engine.start()));
    const study = await a.studyLife.create({
      name: 'shared',
      objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
      searchSpace: { x: { type: 'float', low: 0, high: 1 } },
      pruner: { kind: 'median', startupTrials: 1 },
    });
    const ask = async (engine: Engine) => {
      const request = { studyId: study.id, count: 1, worker: 'worker', leaseMs: 60_000 };
      return (await engine.trialLife.ask(request))[0]!;
    };
    const report = (engine: Engine, trial: TrialRecord, steps: number[], loss: number) => {
      const times = new Float64Array(steps.length);
      const points = { steps: Int32Array.from(steps), values: times.map(() => loss), times };
      return engine.trialLife.report({ trialId: trial.id, series: [{ name: 'loss', ...points }] });
    };
    const [good, bad] = [await ask(a), await ask(b)];
    let step = 0;
    expect(await report(b, bad, [++step], 9)).toMatchObject({ action: 'CONTINUE' });
    const steps = Array.from({ length: 1000 }, (_, i) => i);
    await report(a, good, steps, 1);
    await a.trialLife.tell({ trialId: good.id, state: 'COMPLETED' });
    await expect.poll(() => report(b, bad, [++step], 9), patient).toMatchObject({ action: 'STOP' });
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
  }
});
