import { describe, expect, test } from 'vitest';
import type { NewStudy } from '../../src/execution/parse-study-settings.ts';
import { readEvents } from '../../src/storage/event-log.ts';
import type { TrialRecord } from '../../src/storage/records.ts';
import { createTestEngine, engineOn } from '../support/engine.ts';
import { createTestDatabase } from '../support/postgres.ts';

const engine = await createTestEngine();
const { trialLife, trialPauses } = engine;
await engine.start();

let studies = 0;
async function createStudy(settings: Partial<NewStudy> = {}, on = engine): Promise<number> {
  const study = await on.studyLife.create({
    name: `study ${++studies}`,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
    sampler: { kind: 'random', seed: 7 },
    pruner: { kind: 'asha', reductionFactor: 3, promotion: true },
    ...settings,
  });
  return study.id;
}

async function ask(studyId: number, on = engine): Promise<TrialRecord | undefined> {
  const [trial] = await on.trialLife.ask({ studyId, count: 1, worker: 'tester', leaseMs: 60_000 });
  return trial;
}

function report({ id, attempt }: TrialRecord, step: number, loss: number, on = engine) {
  return on.trialLife.report({
    trialId: id,
    attempt,
    series: [
      {
        name: 'loss',
        steps: Int32Array.of(step),
        values: Float64Array.of(loss),
        times: Float64Array.of(step),
      },
    ],
  });
}

/** Asks for a trial, reports its first step, and pauses it. */
async function pausedAt(studyId: number, loss: number, on = engine): Promise<TrialRecord> {
  const trial = (await ask(studyId, on))!;
  expect(await report(trial, 1, loss, on)).toMatchObject({ action: 'PAUSE', shouldStop: true });
  return on.trialPauses.giveBack(trial.id, trial.attempt);
}

describe('a paused trial', () => {
  test('is queued with the reason and what it had, and is resumed before anything new is tried', async () => {
    const studyId = await createStudy();
    const first = await pausedAt(studyId, 1);
    expect(first).toMatchObject({
      state: 'QUEUED',
      attempt: 1,
      worker: null,
      values: { loss: 1 },
      pruneReason: 'loss 1 at rung 1 is number 1 of 1 trials, and the best 0 go on by now',
    });
    const second = await pausedAt(studyId, 2);
    expect(second.number).toBe(1); // nothing was promotable
    const third = await pausedAt(studyId, 3);
    const resumed = (await ask(studyId))!;
    expect(resumed).toMatchObject({
      id: first.id,
      state: 'RUNNING',
      attempt: 2,
      promotions: 1,
      params: first.params,
      values: null,
      pruneReason: null,
    });
    expect((await ask(studyId))!.number).toBe(3);
    // Between rungs it is not judged again; at the next one it is.
    expect(await report(resumed, 2, 9)).toMatchObject({
      action: 'CONTINUE',
      shouldStop: false,
      reason: null,
    });
    expect(await report(resumed, 3, 9)).toMatchObject({ action: 'PAUSE' });
    const kinds = (await readEvents(engine.database.pool, studyId, 0, 100)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'TRIAL_PAUSED')).toHaveLength(3);
    expect(kinds.filter((kind) => kind === 'TRIAL_RESUMED')).toHaveLength(1);
    expect((await engine.trials.get(third.id)).state).toBe('QUEUED');
  });

  test('belongs to nobody: its last worker is refused, and pausing it twice is harmless', async () => {
    const studyId = await createStudy();
    const trial = await pausedAt(studyId, 1);
    expect(await trialPauses.giveBack(trial.id, 1)).toEqual(trial);
    await expect(report({ ...trial, attempt: 1 }, 2, 1)).rejects.toMatchObject({ code: 'CONFLICT' });
    await pausedAt(studyId, 2);
    await pausedAt(studyId, 3);
    await ask(studyId);
    await expect(trialPauses.giveBack(trial.id, 1)).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  test('is pruned with its reason when the study ends, and the study ends when nothing can be promoted', async () => {
    const studyId = await createStudy({ stopRules: { maxTrials: 4 } });
    for (const loss of [2, 3, 4]) await pausedAt(studyId, loss);
    const best = (await ask(studyId))!;
    expect(best.number).toBe(0);
    await pausedAt(studyId, 5);
    await trialLife.tell({ trialId: best.id, attempt: 2, state: 'COMPLETED', values: { loss: 0.5 } });
    await expect
      .poll(() => engine.studies.get(studyId), { timeout: 5000 })
      .toMatchObject({ state: 'FINISHED', stopReason: 'All 4 trials are done.' });
    const trials = await engine.trials.all(studyId);
    expect(trials.map(({ state }) => state)).toEqual(['COMPLETED', 'PRUNED', 'PRUNED', 'PRUNED']);
    expect(trials[3]).toMatchObject({
      pruneReason:
        'Paused until the study ended: loss 5 at rung 1 is number 4 of 4 trials, and the best 1 go on by now',
      values: { loss: 5 },
      finishedAt: expect.any(Date),
    });
  });

  test('ends the study where it was the last one with something to do', async () => {
    const studyId = await createStudy({ stopRules: { maxTrials: 3 } });
    const first = (await ask(studyId))!;
    await trialLife.tell({ trialId: first.id, attempt: 1, state: 'COMPLETED', values: { loss: 3 } });
    await pausedAt(studyId, 1);
    await pausedAt(studyId, 2);
    await expect
      .poll(() => engine.studies.get(studyId), { timeout: 5000 })
      .toMatchObject({ state: 'FINISHED' });
  });

  test('goes on in any case where its study would end without a result', async () => {
    const studyId = await createStudy({ stopRules: { maxTrials: 2 } });
    await pausedAt(studyId, 2);
    const best = await pausedAt(studyId, 1);
    const resumed = (await ask(studyId))!;
    expect(resumed).toMatchObject({ id: best.id, attempt: 2 });
    expect(await ask(studyId)).toBeUndefined();
    expect(await report(resumed, 3, 1)).toMatchObject({ action: 'PAUSE' });
    await trialPauses.giveBack(best.id, 2);
    const again = (await ask(studyId))!;
    expect(again).toMatchObject({ id: best.id, attempt: 3 });
    await trialLife.tell({ trialId: best.id, attempt: 3, state: 'COMPLETED' });
    await expect
      .poll(() => engine.studies.get(studyId), { timeout: 5000 })
      .toMatchObject({ state: 'FINISHED' });
    expect((await engine.trials.all(studyId)).map(({ state }) => state)).toEqual(['PRUNED', 'COMPLETED']);
  });

  test('can be told PRUNED by a worker that knows only shouldStop, again and again', async () => {
    const studyId = await createStudy();
    const trial = (await ask(studyId))!;
    await report(trial, 1, 1);
    const told = { trialId: trial.id, attempt: 1, state: 'PRUNED' } as const;
    expect(await trialLife.tell(told)).toMatchObject({ state: 'QUEUED', values: { loss: 1 } });
    expect(await trialLife.tell(told)).toMatchObject({ state: 'QUEUED' });
    // Its own wish is respected.
    const other = (await ask(studyId))!;
    expect(await trialLife.tell({ ...told, trialId: other.id })).toMatchObject({
      state: 'PRUNED',
      pruneReason: 'Pruned by its worker.',
    });
  });

  test('can be cancelled, and may end otherwise instead of being paused', async () => {
    const studyId = await createStudy();
    const trial = await pausedAt(studyId, 1);
    expect(await trialLife.stop(trial.id)).toMatchObject({ state: 'CANCELLED' });
    const done = (await ask(studyId))!;
    expect(await report(done, 1, 5)).toMatchObject({ action: 'PAUSE' });
    expect(await trialLife.tell({ trialId: done.id, attempt: 1, state: 'COMPLETED' })).toMatchObject({
      state: 'COMPLETED',
      values: { loss: 5 },
    });
  });
});

test('promotions are no failures: the retry limit counts lost workers only', async () => {
  const studyId = await createStudy({ retries: { lost: 1 } });
  const [first] = [await pausedAt(studyId, 1), await pausedAt(studyId, 2), await pausedAt(studyId, 3)];
  const lose = async () => {
    await trialLife.takeBack(studyId, [first!.id], () => true, 'Its worker went away');
    return engine.trials.get(first!.id);
  };
  expect((await ask(studyId))!.id).toBe(first!.id);
  expect(await lose()).toMatchObject({ state: 'QUEUED', attempt: 2, pruneReason: null });
  expect(await ask(studyId)).toMatchObject({ id: first!.id, attempt: 3, promotions: 1 });
  expect(await lose()).toMatchObject({
    state: 'FAILED',
    error: 'Its worker went away, for the 2nd time. It is not started again (retries.lost: 1).',
  });
});

test('another server that starts on the same database promotes the same trial', async () => {
  const database = await createTestDatabase();
  const first = engineOn(database);
  const studyId = await createStudy({}, first);
  for (const loss of [3, 1, 2]) await pausedAt(studyId, loss, first);
  await first.close();
  const second = engineOn(database);
  try {
    expect(await ask(studyId, second)).toMatchObject({ number: 1, attempt: 2, promotions: 1 });
    // What was decided before the restart is decided again when the worker acts on it.
    expect((await ask(studyId, second))!.number).toBe(3);
    const fifth = (await ask(studyId, second))!;
    await report(fifth, 1, 7, second);
    second.live.drop(studyId);
    expect(await second.trialPauses.giveBack(fifth.id, 1)).toMatchObject({
      pruneReason: 'loss 7 at rung 1 is number 4 of 4 trials, and the best 1 go on by now',
    });
  } finally {
    await second.close();
  }
});
