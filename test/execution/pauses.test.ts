import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Engine } from '../../src/execution/engine.ts';
import type { NewStudy } from '../../src/execution/parse-study-settings.ts';
import { readEvents } from '../../src/storage/event-log.ts';
import type { TrialRecord } from '../../src/storage/records.ts';
import { installedTrainables } from '../../src/trainables/own/installed-trainables.ts';
import { createTestEngine, engineOn } from '../support/engine.ts';
import { createTestDatabase } from '../support/postgres.ts';

const trainablesDir = join(import.meta.dirname, 'fixtures/trainables');
const own = { trainables: await installedTrainables(trainablesDir), trainablesDir, slots: 1 };
const engine = await createTestEngine(own);
const { trialLife, trialPauses } = engine;
await engine.start();

// A process of a trial takes a second of a core that may be busy.
vi.setConfig({ testTimeout: 90_000 });
const patient = { timeout: 40_000, interval: 20 };

// What one test leaves running must not take the slot of the next.
afterEach(async () => {
  for (const studyId of await engine.studies.runningIds()) await engine.studyLife.stop(studyId);
  await idle();
});
const restart = { restart: true };
const gently = { restart: false };

describe.each([
  ['thread', {}],
  ['process', { isolation: 'process' as const }],
])('a trial in a %s', (_, isolation) => {
  test('that is paused saves its checkpoint, frees its device, and goes on from there when it is resumed', async () => {
    const studyId = await createStudy({ ...isolation, stopRules: { maxTrials: 2 } });
    await engine.studyLife.start(studyId, null);
    const first = await reporting(studyId, 0);
    expect(await trialPauses.pause(first.id, gently)).toMatchObject({ state: 'RUNNING', held: true });
    // The only slot is free for the next one.
    const second = await reporting(studyId, 1);
    const waiting = await engine.trials.get(first.id);
    expect(waiting).toMatchObject({
      state: 'QUEUED',
      held: true,
      attempt: 1,
      worker: null,
      leaseUntil: null,
      pruneReason: null,
      error: null,
      failures: 0,
    });
    const { count } = (await engine.metrics.summaries([first.id], ['loss'])).get(first.id)![0]!;
    expect(await trialPauses.resume(first.id)).toMatchObject({ state: 'QUEUED', held: false, promotions: 1 });
    await trialLife.stop(second.id);
    await reporting(studyId, 0);
    const loss = async () => (await engine.metrics.read([first.id], {})).get(first.id)!;
    await expect.poll(async () => (await loss())[0]!.steps.length, patient).toBeGreaterThan(count);
    const series = new Map((await loss()).map(({ name, ...columns }) => [name, columns]));
    // Every step once, the later ones by an attempt that began after the last of the one before.
    const { steps } = series.get('loss')!;
    expect([...steps]).toEqual([...steps.keys()]);
    const began = new Set(series.get('beganAfter')!.values);
    expect([...began]).toEqual([-1, count - 1]);
  });
});

describe('a trial that runs', () => {
  test('and saves no checkpoints is only paused when it may lose its work; then it starts anew', async () => {
    const studyId = await createStudy({ trainableOptions: { steps: 1e6, checkpoints: false } });
    await engine.studyLife.start(studyId, 2);
    const trial = await reporting(studyId, 0);
    await expect(trialPauses.pause(trial.id, gently)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('restart: true'),
    });
    expect((await engine.trials.get(trial.id)).held).toBe(false);
    await trialPauses.pause(trial.id, restart);
    const other = await reporting(studyId, 1);
    expect(await engine.trials.get(trial.id)).toMatchObject({ state: 'QUEUED', held: true });
    await trialPauses.resume(trial.id);
    await trialLife.stop(other.id);
    await reporting(studyId, 0);
    expect(await engine.trials.get(trial.id)).toMatchObject({ attempt: 2, failures: 0 });
    const series = (await engine.metrics.read([trial.id], { names: ['beganAfter'] })).get(trial.id)!;
    expect(new Set(series[0]!.values)).toEqual(new Set([-1]));
  });

  test('and whose pause is taken back before it has paused goes on at once', async () => {
    const studyId = await createStudy();
    await engine.studyLife.start(studyId, 1);
    const trial = await reporting(studyId, 0);
    await trialPauses.pause(trial.id, gently);
    await trialPauses.resume(trial.id);
    await expect
      .poll(() => engine.trials.get(trial.id), patient)
      .toMatchObject({ state: 'RUNNING', attempt: 2, failures: 0 });
  });

  test('belongs to a worker elsewhere, who is told to pause by its next report, and gives it back', async () => {
    const studyId = await createStudy({ trainable: null });
    const trial = (await ask(studyId))!;
    expect(await report(trial, 0)).toMatchObject({ action: 'CONTINUE' });
    await trialPauses.pause(trial.id, gently);
    expect(await report(trial, 1)).toEqual({
      accepted: 1,
      action: 'PAUSE',
      shouldStop: true,
      reason: 'Paused by request',
    });
    expect(await trialLife.heartbeat([trial.id], 60_000)).toMatchObject([{ held: true }]);
    expect(await trialPauses.giveBack(trial.id, 1)).toMatchObject({ state: 'QUEUED', held: true });
    expect(await trialPauses.giveBack(trial.id, 1)).toMatchObject({ state: 'QUEUED', held: true });
    await expect(report(trial, 2)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await ask(studyId))!.number).toBe(1);
    await trialPauses.resume(trial.id);
    expect(await ask(studyId)).toMatchObject({ id: trial.id, attempt: 2, held: false, params: trial.params });
  });

  test('is held too when its worker knows no pauses and tells PRUNED, and not when it completes', async () => {
    const studyId = await createStudy({ trainable: null });
    const [first, second] = [(await ask(studyId))!, (await ask(studyId))!];
    for (const trial of [first, second]) await trialPauses.pause(trial.id, gently);
    const prune = { trialId: first.id, attempt: 1, state: 'PRUNED' } as const;
    for (const time of ['once', 'again']) {
      expect([time, await trialLife.tell(prune)]).toMatchObject([
        time,
        { state: 'QUEUED', held: true, pruneReason: null },
      ]);
    }
    const complete = { trialId: second.id, attempt: 1, state: 'COMPLETED', values: { loss: 1 } } as const;
    expect(await trialLife.tell(complete)).toMatchObject({ state: 'COMPLETED', held: false });
    await expect(trialPauses.pause(second.id, restart)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(trialPauses.resume(second.id)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('retryTrial'),
    });
  });
});

describe('a held trial', () => {
  test('waits for nobody but the one who resumes it: not with its study, not for its pruner', async () => {
    const studyId = await createStudy({ trainable: null, pruner: { kind: 'asha', promotion: true } });
    const [queued] = await trialLife.enqueue(studyId, [{ x: 0.5 }]);
    expect(await trialPauses.pause(queued!.id, gently)).toMatchObject({ state: 'QUEUED', held: true });
    expect(await trialPauses.pause(queued!.id, gently)).toMatchObject({ state: 'QUEUED', held: true });
    // The best of three, so the pruner would promote it.
    const best = await pausedByPruner(studyId, 1);
    await trialPauses.pause(best.id, gently);
    for (const loss of [2, 3]) await pausedByPruner(studyId, loss);
    await engine.studyLife.pause(studyId);
    await engine.studyLife.start(studyId, null);
    expect((await ask(studyId))!.number).toBe(4);
    expect((await engine.live.get(studyId)).view.waitingCount).toBe(0);
    for (const { id } of [queued!, best]) await trialPauses.resume(id);
    expect(await ask(studyId)).toMatchObject({ id: queued!.id, attempt: 1, params: { x: 0.5 } });
    expect(await ask(studyId)).toMatchObject({ id: best.id, attempt: 2, pruneReason: null, values: null });
    const kinds = (await readEvents(engine.database.pool, studyId, 0, 100))
      .filter(({ trial }) => trial?.id === queued!.id)
      .map(({ kind }) => kind);
    expect(kinds).toEqual(['TRIAL_QUEUED', 'TRIAL_PAUSED', 'TRIAL_REQUEUED', 'TRIAL_STARTED']);
  });

  test('that only its pruner has paused goes on when somebody resumes it', async () => {
    const studyId = await createStudy({ trainable: null, pruner: { kind: 'asha', promotion: true } });
    const trial = await pausedByPruner(studyId, 1);
    expect(await trialPauses.resume(trial.id)).toMatchObject({ pruneReason: null, promotions: 1 });
    expect(await ask(studyId)).toMatchObject({ id: trial.id, attempt: 2 });
  });

  test('outlives a server that is killed while it was about to pause', async () => {
    const database = await createTestDatabase();
    const first = engineOn(database, own);
    const studyId = await createStudy({ trainable: null }, first);
    const [trial] = await first.trialLife.ask({ studyId, count: 1, worker: 'server:test', leaseMs: 60_000 });
    await first.trialPauses.pause(trial!.id, gently);
    // Not closed: nothing of it has a chance to clean up.
    const second = engineOn(database, own);
    await second.start();
    try {
      expect(await second.trials.get(trial!.id)).toMatchObject({
        state: 'QUEUED',
        held: true,
        error: 'The server that ran it was killed',
      });
      const request = { studyId, count: 1, worker: 'tester', leaseMs: 60_000 };
      expect(await second.trialLife.ask(request)).toMatchObject([{ number: 1 }]);
      await second.trialPauses.resume(trial!.id);
      expect(await second.trialLife.ask(request)).toMatchObject([{ number: 0, attempt: 2 }]);
    } finally {
      await Promise.all([first.close(), second.close()]);
    }
  });

  test('does not keep its study from ending, is kept then, and goes on when the study is started again', async () => {
    const studyId = await createStudy({ trainable: null, stopRules: { maxTrials: 2 } });
    const trial = (await ask(studyId))!;
    await trialPauses.pause(trial.id, gently);
    await trialPauses.giveBack(trial.id, 1);
    const other = (await ask(studyId))!;
    await trialLife.tell({ trialId: other.id, attempt: 1, state: 'COMPLETED', values: { loss: 1 } });
    await expect
      .poll(() => engine.studies.get(studyId), patient)
      .toMatchObject({
        state: 'FINISHED',
        stopReason: 'All 2 trials are done, or paused by request.',
      });
    expect(await engine.trials.get(trial.id)).toMatchObject({ state: 'QUEUED', held: true });
    await trialPauses.resume(trial.id);
    await engine.studyLife.start(studyId, null);
    expect(await ask(studyId)).toMatchObject({ id: trial.id, attempt: 2 });
    await trialLife.tell({ trialId: trial.id, attempt: 2, state: 'COMPLETED', values: { loss: 1 } });
    await expect.poll(() => engine.studies.get(studyId), patient).toMatchObject({ state: 'FINISHED' });
  });

  test('is cancelled when its study is stopped', async () => {
    const studyId = await createStudy({ trainable: null });
    const [queued] = await trialLife.enqueue(studyId, [{ x: 0.5 }]);
    await trialPauses.pause(queued!.id, gently);
    await engine.studyLife.start(studyId, null);
    await engine.studyLife.stop(studyId);
    expect(await engine.trials.get(queued!.id)).toMatchObject({ state: 'CANCELLED', held: false });
  });
});

test('a trial that its worker gives back though nothing has paused it goes to whoever asks next', async () => {
  const studyId = await createStudy({ trainable: null, pruner: { kind: 'asha' } });
  const trial = (await ask(studyId))!;
  expect(await trialPauses.giveBack(trial.id, 1)).toMatchObject({
    state: 'QUEUED',
    held: false,
    failures: 0,
    error: 'Given back by its worker',
  });
  expect(await ask(studyId)).toMatchObject({ id: trial.id, attempt: 2 });
  await expect(trialPauses.giveBack(trial.id, 1)).rejects.toMatchObject({ code: 'CONFLICT' });
});

let studies = 0;
async function createStudy(settings: Partial<NewStudy> = {}, on: Engine = engine): Promise<number> {
  const study = await on.studyLife.create({
    name: `study ${++studies}`,
    trainable: 'counting',
    trainableOptions: settings.trainable === null ? {} : { steps: 1e6, checkpoints: true },
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
    sampler: { kind: 'random', seed: 7 },
    ...settings,
  });
  return study.id;
}

async function ask(studyId: number): Promise<TrialRecord | undefined> {
  const [trial] = await trialLife.ask({ studyId, count: 1, worker: 'tester', leaseMs: 60_000 });
  return trial;
}

function report({ id, attempt }: TrialRecord, step: number, loss = 1) {
  const [steps, values, times] = [Int32Array.of(step), Float64Array.of(loss), Float64Array.of(step)];
  return trialLife.report({ trialId: id, attempt, series: [{ name: 'loss', steps, values, times }] });
}

async function pausedByPruner(studyId: number, loss: number): Promise<TrialRecord> {
  const trial = (await ask(studyId))!;
  expect(await report(trial, 1, loss)).toMatchObject({ action: 'PAUSE' });
  return trialPauses.giveBack(trial.id, trial.attempt);
}

/** The trial of this number, once it runs and its newest attempt has reported. */
async function reporting(studyId: number, number: number): Promise<TrialRecord> {
  const find = async () => (await engine.trials.findByNumbers(studyId, [number]))[0];
  await expect
    .poll(async () => {
      const trial = await find();
      if (trial?.state !== 'RUNNING') return 0;
      const { lastTime } = (await engine.metrics.summaries([trial.id], ['loss'])).get(trial.id)![0] ?? {};
      return lastTime !== undefined && lastTime > trial.startedAt!.getTime();
    }, patient)
    .toBe(true);
  return (await find())!;
}

async function idle(): Promise<void> {
  await expect.poll(() => engine.devices.read()[0]!.runningTrials, patient).toBe(0);
}
