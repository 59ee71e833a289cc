import { describe, expect, test } from 'vitest';
import type { NewStudy } from '../../src/execution/parse-study-settings.ts';
import { readEvents } from '../../src/storage/event-log.ts';
import type { TrialRecord } from '../../src/storage/records.ts';
import { installedTrainables } from '../../src/trainables/own/installed-trainables.ts';
import { createTestEngine } from '../support/engine.ts';

const trainablesDir = new URL('./fixtures/trainables', import.meta.url).pathname;
const engine = await createTestEngine({
  trainablesDir,
  trainables: await installedTrainables(trainablesDir),
});
await engine.start();
const { trialLife, studyLife } = engine;
const patient = { timeout: 15_000, interval: 20 };

let studies = 0;
async function createStudy(settings: Partial<NewStudy> = {}): Promise<number> {
  const study = await studyLife.create({
    name: `study ${++studies}`,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
    stopRules: { maxTrials: 1 },
    ...settings,
  });
  return study.id;
}
const ask = async (studyId: number, leaseMs = 60_000): Promise<TrialRecord | undefined> =>
  (await trialLife.ask({ studyId, count: 1, worker: 'me', leaseMs }))[0];
const asked = async (studyId: number): Promise<TrialRecord> => {
  let trial: TrialRecord | undefined;
  await expect
    .poll(async () => {
      trial = await ask(studyId);
      return trial;
    }, patient)
    .toBeDefined();
  return trial!;
};
const fail = (trial: TrialRecord, retry?: boolean) =>
  trialLife.tell({ trialId: trial.id, attempt: trial.attempt, state: 'FAILED', error: 'no luck', retry });

describe('a trial that fails', () => {
  test('is not started again unless its study says so', async () => {
    const studyId = await createStudy();
    const trial = (await ask(studyId))!;
    expect(await fail(trial)).toMatchObject({ state: 'FAILED', error: 'no luck', failures: 1 });
  });

  test('is started again after a delay, as often as its study says', async () => {
    const studyId = await createStudy({ retries: { failed: 2, delaySeconds: 3, maxDelaySeconds: 3 } });
    const first = (await ask(studyId))!;
    const failedAt = Date.now();
    const waiting = await fail(first);
    expect(waiting).toMatchObject({ state: 'QUEUED', error: 'no luck', failures: 1, worker: null });
    expect(waiting.retryAt!.getTime() - failedAt).toBeGreaterThanOrEqual(1500);
    expect(waiting.retryAt!.getTime() - Date.now()).toBeLessThanOrEqual(3000);
    // Told twice, as by a client whose answer was lost.
    expect(await fail(first)).toEqual(await engine.trials.get(first.id));
    expect(await ask(studyId)).toBeUndefined();
    expect(await engine.studies.get(studyId)).toMatchObject({ state: 'RUNNING' });

    const second = await asked(studyId);
    expect(Date.now()).toBeGreaterThanOrEqual(waiting.retryAt!.getTime());
    expect(second).toMatchObject({
      id: first.id,
      attempt: 2,
      params: first.params,
      retryAt: null,
      error: null,
    });
    await fail(second);
    const third = await asked(studyId);
    expect(await fail(third)).toMatchObject({ state: 'FAILED', attempt: 3, failures: 3, retryAt: null });
    const kinds = (await readEvents(engine.database.pool, studyId, 0, 100)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'TRIAL_REQUEUED')).toHaveLength(2);
    await expect.poll(() => engine.studies.get(studyId), patient).toMatchObject({ state: 'FINISHED' });
  }, 60_000);

  test('is not started again where its worker knows better', async () => {
    const studyId = await createStudy({ retries: { failed: 2 } });
    expect(await fail((await ask(studyId))!, false)).toMatchObject({ state: 'FAILED' });
  });

  test('in this process is started again by the clock', async () => {
    const studyId = await createStudy({
      trainable: 'unruly',
      trainableOptions: { deed: 'throw' },
      isolation: 'thread',
      retries: { failed: 1, delaySeconds: 0.1 },
    });
    await studyLife.start(studyId, null);
    await expect
      .poll(() => engine.trials.all(studyId), patient)
      .toMatchObject([
        {
          state: 'FAILED',
          attempt: 2,
          failures: 2,
          error: expect.stringMatching(/^TypeError: a fault of mine/),
        },
      ]);
    await expect.poll(() => engine.studies.get(studyId), patient).toMatchObject({ state: 'FINISHED' });
  });

  test('may be cancelled while it waits', async () => {
    const studyId = await createStudy({ retries: { failed: 1, delaySeconds: 1000 } });
    const trial = (await ask(studyId))!;
    await fail(trial);
    expect(await trialLife.stop(trial.id)).toMatchObject({ state: 'CANCELLED' });
  });
});

test('a trial that is lost starts again at once, then later, and fails when that happened too often', async () => {
  const studyId = await createStudy({ retries: { lost: 2, delaySeconds: 100 } });
  const trial = (await ask(studyId))!;
  const lose = () => trialLife.takeBack(studyId, [trial.id], () => true, 'It was unplugged');
  await lose();
  expect(await ask(studyId)).toMatchObject({ id: trial.id, attempt: 2, failures: 1 });
  await lose();
  const waiting = await engine.trials.get(trial.id);
  expect(waiting).toMatchObject({ state: 'QUEUED', error: 'It was unplugged', failures: 2 });
  expect(waiting.retryAt!.getTime() - Date.now()).toBeGreaterThan(45_000);
  expect(await ask(studyId)).toBeUndefined();
});

test('a server that gives its trials back does not use up their retries', async () => {
  const studyId = await createStudy({ retries: { lost: 0 } });
  for (const attempt of [1, 2, 3]) {
    const trial = (await ask(studyId))!;
    expect(trial).toMatchObject({ attempt, failures: 0 });
    await trialLife.giveBack(studyId, [trial.id], 'me', 'The server was stopped');
  }
});

describe('a trial that runs for longer than trialTimeoutSeconds', () => {
  test('has failed, and its worker can add nothing', async () => {
    const studyId = await createStudy({ trialTimeoutSeconds: 0.1, retries: { failed: 5 } });
    const trial = (await ask(studyId))!;
    expect(trial.timeoutAt!.getTime() - trial.startedAt!.getTime()).toBe(100);
    await expect
      .poll(() => engine.trials.get(trial.id), patient)
      .toMatchObject({
        state: 'FAILED',
        error: 'It ran for longer than it may: trialTimeoutSeconds of 0.1 s.',
        failures: 1,
      });
    const late = { trialId: trial.id, attempt: 1, batch: 0, series: [] };
    await expect(trialLife.report(late)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test.each(['thread', 'process'] as const)(
    'is stopped in its %s, and the next one runs',
    async (isolation) => {
      const studyId = await createStudy({
        trainable: 'unruly',
        trainableOptions: { deed: 'steps' },
        isolation,
        trialTimeoutSeconds: 4,
        stopRules: { maxTrials: 3 },
      });
      await studyLife.start(studyId, null);
      await expect
        .poll(() => engine.trials.all(studyId), { ...patient, timeout: 60_000 })
        .toMatchObject(
          Array(3).fill({ state: 'FAILED', attempt: 1, error: expect.stringMatching(/^It ran/) }),
        );
      await expect.poll(() => engine.devices.read()[0]!.runningTrials, patient).toBe(0);
    },
    90_000,
  );
});
