import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { NewStudy } from '../../src/execution/parse-study-settings.ts';
import { readEvents } from '../../src/storage/event-log.ts';
import type { NamedPoints } from '../../src/storage/metric-store.ts';
import type { StudyRecord, TrialRecord } from '../../src/storage/records.ts';
import { createTestEngine } from '../support/engine.ts';

const engine = await createTestEngine();
const { trialLife, studyLife } = engine;
await engine.start();

let studies = 0;
function createStudy(settings: Partial<NewStudy> = {}): Promise<StudyRecord> {
  return studyLife.create({
    name: `study ${++studies}`,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 }, y: { type: 'int', low: 1, high: 8 } },
    sampler: { kind: 'random', seed: 7 },
    ...settings,
  });
}

async function ask(study: StudyRecord, count = 1, leaseMs = 60_000): Promise<TrialRecord[]> {
  return trialLife.ask({ studyId: study.id, count, worker: 'tester', leaseMs });
}

function points(name: string, steps: number[], values: number[]): NamedPoints {
  return {
    name,
    steps: Int32Array.from(steps),
    values: Float64Array.from(values),
    times: Float64Array.from(steps),
  };
}

async function eventsOf(study: StudyRecord) {
  return readEvents(engine.database.pool, study.id, 0, 1000);
}

describe('ask', () => {
  test('starts trials with parameters of the space and dense numbers', async () => {
    const study = await createStudy();
    const trials = await ask(study, 3);
    expect(trials.map((trial) => trial.number)).toEqual([0, 1, 2]);
    for (const trial of trials) {
      expect(trial).toMatchObject({ state: 'RUNNING', attempt: 1, worker: 'tester' });
      expect(Object.keys(trial.params).sort()).toEqual(['x', 'y']);
    }
  });

  test('repeats a seeded study exactly', async () => {
    const [first, second] = [await createStudy(), await createStudy()];
    const params = async (study: StudyRecord) => (await ask(study, 4)).map((trial) => trial.params);
    expect(await params(first)).toEqual(await params(second));
  });

  test('starts queued trials first and keeps what they fixed', async () => {
    const study = await createStudy();
    await trialLife.enqueue(study.id, [{ x: 0.25 }, { x: 0.5, y: 3 }]);
    const trials = await ask(study, 3);
    expect(trials.map((trial) => trial.params.x)).toEqual([0.25, 0.5, expect.any(Number)]);
    expect(trials[1]!.params).toEqual({ x: 0.5, y: 3 });
    expect(trials[0]!.params.y).toEqual(expect.any(Number));
  });

  test('never exceeds maxTrials or maxConcurrentTrials, however many ask at once', async () => {
    const study = await createStudy({ stopRules: { maxTrials: 7 }, maxConcurrentTrials: 5 });
    const asked = (await Promise.all(Array.from({ length: 6 }, () => ask(study, 3)))).flat();
    expect(asked).toHaveLength(5);
    expect(new Set(asked.map((trial) => trial.number)).size).toBe(5);
    for (const trial of asked)
      await trialLife.tell({ trialId: trial.id, state: 'COMPLETED', values: { loss: 1 } });
    expect(await ask(study, 5)).toHaveLength(2);
  });

  test('gives nothing in a paused study', async () => {
    const study = await createStudy();
    await ask(study);
    await studyLife.pause(study.id);
    expect(await ask(study)).toEqual([]);
    await studyLife.start(study.id, null);
    expect(await ask(study)).toHaveLength(1);
  });
});

describe('report', () => {
  test('refuses a stale attempt and stores nothing of it', async () => {
    const study = await createStudy();
    const [trial] = await ask(study, 1, -1);
    await expect
      .poll(async () => (await engine.trials.get(trial!.id)).state, { timeout: 5000 })
      .toBe('QUEUED');
    const [again] = await ask(study);
    expect(again).toMatchObject({ id: trial!.id, attempt: 2 });
    await expect(
      trialLife.report({ trialId: trial!.id, attempt: 1, series: [points('loss', [1], [1])] }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await engine.metrics.read([trial!.id], {})).get(trial!.id)).toEqual([]);
  });

  test('lets no worker end a trial that its lease was lost for, in whatever state', async () => {
    const study = await createStudy();
    const [trial] = await ask(study, 1, -1);
    await expect
      .poll(async () => (await engine.trials.get(trial!.id)).state, { timeout: 5000 })
      .toBe('QUEUED');
    for (const state of ['COMPLETED', 'PRUNED', 'INFEASIBLE'] as const) {
      const values = state === 'COMPLETED' ? { loss: 1 } : undefined;
      await expect(trialLife.tell({ trialId: trial!.id, attempt: 1, state, values })).rejects.toMatchObject({
        code: 'CONFLICT',
      });
    }
  });

  test('acknowledges a repeated batch and stores it once', async () => {
    const study = await createStudy();
    const [trial] = await ask(study);
    const report = { trialId: trial!.id, attempt: 1, batch: 0, series: [points('loss', [1, 2], [3, 4])] };
    expect(await trialLife.report(report)).toMatchObject({ accepted: 2 });
    expect(await trialLife.report(report)).toMatchObject({ accepted: 2 });
    expect((await engine.metrics.summaries([trial!.id])).get(trial!.id)).toMatchObject([{ count: 2 }]);
  });

  test('tells a cancelled trial to stop', async () => {
    const study = await createStudy();
    const [trial] = await ask(study);
    await trialLife.stop(trial!.id);
    const outcome = await trialLife.report({
      trialId: trial!.id,
      attempt: 1,
      series: [points('loss', [1], [1])],
    });
    expect(outcome).toMatchObject({ accepted: 0, shouldStop: true });
  });

  test('prunes with a reason that the trial keeps', async () => {
    const study = await createStudy({ pruner: { kind: 'median', startupTrials: 2, warmupSteps: 0 } });
    const [good, fine, bad] = await ask(study, 3);
    for (const [trial, loss] of [
      [good!, 1],
      [fine!, 2],
    ] as const) {
      await trialLife.report({ trialId: trial.id, series: [points('loss', [1, 2], [loss, loss])] });
      await trialLife.tell({ trialId: trial.id, state: 'COMPLETED' });
    }
    const outcome = await trialLife.report({ trialId: bad!.id, series: [points('loss', [1], [9])] });
    expect(outcome).toMatchObject({ shouldStop: true, reason: expect.stringContaining('median') });
    const told = await trialLife.tell({ trialId: bad!.id, state: 'PRUNED' });
    expect(told).toMatchObject({ state: 'PRUNED', pruneReason: outcome.reason, values: { loss: 9 } });
  });
});

describe('tell', () => {
  test('takes values that were not told from the last report', async () => {
    const study = await createStudy();
    const [trial] = await ask(study);
    await trialLife.report({ trialId: trial!.id, series: [points('loss', [1, 2], [3, 0.5])] });
    const told = await trialLife.tell({ trialId: trial!.id, state: 'COMPLETED' });
    expect(told).toMatchObject({ state: 'COMPLETED', values: { loss: 0.5 }, leaseUntil: null });
  });

  test.each([
    ['an unknown objective', { accuracy: 1 }, 'values.accuracy'],
    ['a value that is no number', { loss: 'low' }, 'values.loss'],
    ['NaN', { loss: Number.NaN }, 'values.loss'],
    ['no value at all', {}, 'values.loss'],
    ['a list', [1], 'values'],
  ])('refuses %s and leaves the trial running', async (_, values, path) => {
    const study = await createStudy();
    const [trial] = await ask(study);
    await expect(trialLife.tell({ trialId: trial!.id, state: 'COMPLETED', values })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path }],
    });
    expect((await engine.trials.get(trial!.id)).state).toBe('RUNNING');
  });

  test('makes a trial that breaks a constraint INFEASIBLE', async () => {
    const constraints = [{ metric: 'bytes', comparison: 'LESS_OR_EQUAL', bound: 100 }];
    const study = await createStudy({ constraints });
    const [over, within] = await ask(study, 2);
    expect(
      await trialLife.tellMany([
        { trialId: over!.id, state: 'COMPLETED', values: { loss: 1, bytes: 101 } },
        { trialId: within!.id, state: 'COMPLETED', values: { loss: 2, bytes: 100 } },
      ]),
    ).toMatchObject([
      { state: 'INFEASIBLE', feasible: false, values: { loss: 1, bytes: 101 } },
      { state: 'COMPLETED', feasible: true },
    ]);
  });

  test('is harmless when repeated, and refused when it contradicts', async () => {
    const study = await createStudy();
    const [trial] = await ask(study);
    const tell = { trialId: trial!.id, attempt: 1, state: 'COMPLETED', values: { loss: 1 } } as const;
    const first = await trialLife.tell(tell);
    expect(await trialLife.tell(tell)).toEqual(first);
    await expect(trialLife.tell({ ...tell, state: 'FAILED' })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('is all or none for the trials of a study', async () => {
    const study = await createStudy();
    const [a, b] = await ask(study, 2);
    await expect(
      trialLife.tellMany([
        { trialId: a!.id, state: 'COMPLETED', values: { loss: 1 } },
        { trialId: b!.id, state: 'COMPLETED', values: { wrong: 1 } },
      ]),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect((await engine.trials.get(a!.id)).state).toBe('RUNNING');
  });
});

describe('the end of a study', () => {
  test('comes by itself when its trials are done, with the reason', async () => {
    const study = await createStudy({ stopRules: { maxTrials: 2 } });
    for (const trial of await ask(study, 2)) {
      await trialLife.tell({ trialId: trial.id, state: 'COMPLETED', values: { loss: 1 } });
    }
    await expect
      .poll(() => engine.studies.get(study.id))
      .toMatchObject({ state: 'FINISHED', stopReason: 'All 2 trials are done.' });
  });

  test('comes when a grid is tried: no point twice, none beyond, from however many workers', async () => {
    const study = await createStudy({ sampler: { kind: 'grid', steps: { x: 2, y: 3 } } });
    const batches = await Promise.all([ask(study, 4), ask(study, 4), ask(study, 4)]);
    const trials = batches.flat();
    expect(new Set(trials.map(({ params }) => JSON.stringify(params))).size).toBe(6);
    expect(trials).toHaveLength(6);
    for (const [i, trial] of trials.entries()) {
      expect((await engine.studies.get(study.id)).state).toBe('RUNNING');
      const state = i % 2 === 0 ? 'FAILED' : 'COMPLETED';
      await trialLife.tell({ trialId: trial.id, state, values: state === 'FAILED' ? null : { loss: 1 } });
    }
    await expect
      .poll(() => engine.studies.get(study.id))
      .toMatchObject({
        state: 'FINISHED',
        stopReason: 'All settings of the sampler are tried, in 6 trials.',
      });
    expect(await ask(study, 4)).toEqual([]);
  });

  test('comes when the target is reached, and cancels what still runs', async () => {
    const study = await createStudy({ stopRules: { target: { metric: 'loss', value: 0.1 } } });
    const [hit, other] = await ask(study, 2);
    await trialLife.tell({ trialId: hit!.id, state: 'COMPLETED', values: { loss: 0.05 } });
    await expect.poll(() => engine.studies.get(study.id)).toMatchObject({ state: 'FINISHED' });
    expect((await engine.trials.get(other!.id)).state).toBe('CANCELLED');
  });
});

test('a study ends when its time is up, though nothing happens in it', async () => {
  const study = await createStudy({ stopRules: { timeoutSeconds: 0.5 } });
  const [trial] = await ask(study);
  await expect
    .poll(() => engine.studies.get(study.id), { timeout: 5000 })
    .toMatchObject({ state: 'FINISHED', stopReason: 'Time is up: 0.5 s.' });
  expect((await engine.trials.get(trial!.id)).state).toBe('CANCELLED');
});

test('a study ends when its trials together have run as long as they may, ended ones and those that run', async () => {
  const study = await createStudy({ stopRules: { deviceSeconds: 1 } });
  const [first, second, third] = await ask(study, 3);
  const startedAt = performance.now();
  await sleep(250);
  await trialLife.tell({ trialId: first!.id, state: 'COMPLETED', values: { loss: 1 } });
  await expect
    .poll(() => engine.studies.get(study.id), { timeout: 10_000 })
    .toMatchObject({ state: 'FINISHED', stopReason: 'The budget is used up: 1 device-seconds.' });
  // Three trials ran for a quarter of a second, and two for at least an eighth more.
  expect(performance.now() - startedAt).toBeGreaterThan(350);
  for (const trial of [second!, third!]) expect((await engine.trials.get(trial.id)).state).toBe('CANCELLED');
});

describe('leases', () => {
  test('a trial whose owner went away is queued again, and fails at the retry limit', async () => {
    const study = await createStudy({ retries: { delaySeconds: 0 } });
    await ask(study, 1, -1);
    await expect
      .poll(() => engine.trials.all(study.id), { timeout: 5000 })
      .toMatchObject([{ state: 'QUEUED', attempt: 1 }]);
    await ask(study, 1, -1);
    await expect
      .poll(() => engine.trials.all(study.id), { timeout: 5000 })
      .toMatchObject([{ state: 'QUEUED', attempt: 2 }]);
    await ask(study, 1, -1);
    await expect
      .poll(() => engine.trials.all(study.id), { timeout: 5000 })
      .toMatchObject([{ state: 'FAILED', attempt: 3, error: expect.stringContaining('3rd time') }]);
  });

  test('a report keeps a trial', async () => {
    const study = await createStudy();
    const [trial] = await ask(study, 1, 1000);
    for (let step = 0; step < 15; step++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      await trialLife.report({ trialId: trial!.id, attempt: 1, series: [points('loss', [step], [1])] });
    }
    expect((await engine.trials.get(trial!.id)).state).toBe('RUNNING');
  });

  test('a heartbeat keeps a trial', async () => {
    const study = await createStudy();
    const [trial] = await ask(study, 1, 300);
    const [renewed] = await trialLife.heartbeat([trial!.id], 60_000);
    expect(renewed!.leaseUntil!.getTime()).toBeGreaterThan(Date.now() + 50_000);
  });
});

test('the event log tells every change once, in order, with the trial as it was then', async () => {
  const study = await createStudy({ stopRules: { maxTrials: 1 } });
  const [trial] = await ask(study);
  await trialLife.tell({ trialId: trial!.id, state: 'COMPLETED', values: { loss: 1 } });
  await expect.poll(() => engine.studies.get(study.id)).toMatchObject({ state: 'FINISHED' });
  const events = await eventsOf(study);
  expect(events.map((event) => event.sequence)).toEqual([1, 2, 3, 4, 5]);
  expect(events.map((event) => [event.kind, event.trial?.state ?? event.study?.state])).toEqual([
    ['STUDY_CREATED', 'CREATED'],
    ['STUDY_STARTED', 'RUNNING'],
    ['TRIAL_STARTED', 'RUNNING'],
    ['TRIAL_COMPLETED', 'COMPLETED'],
    ['STUDY_FINISHED', 'FINISHED'],
  ]);
  expect(events[2]!.trial).toEqual(trial);
});

test('concurrent changes of one study leave events without gaps', async () => {
  const study = await createStudy();
  const asked = (await Promise.all(Array.from({ length: 10 }, () => ask(study, 2)))).flat();
  await Promise.all(
    asked.map((trial) =>
      trialLife.tell({ trialId: trial.id, state: 'COMPLETED', values: { loss: trial.number } }),
    ),
  );
  const events = await eventsOf(study);
  expect(events.map((event) => event.sequence)).toEqual(events.map((_, i) => i + 1));
  expect(events.filter((event) => event.kind === 'TRIAL_COMPLETED')).toHaveLength(20);
  const live = await engine.live.get(study.id);
  expect(live.view.trialCounts.completed).toBe(20);
});
