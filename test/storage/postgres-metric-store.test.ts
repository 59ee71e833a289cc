import { expect, test } from 'vitest';
import { settleAll } from '../../src/storage/metric-journal.ts';
import type { NamedPoints } from '../../src/storage/metric-store.ts';
import { PostgresMetricStore } from '../../src/storage/postgres-metric-store.ts';
import { postgresSubject } from '../conformance/metric-store-subject.ts';
import { createTestDatabase } from '../support/postgres.ts';

const { pool } = await createTestDatabase();
const subject = postgresSubject(pool);

test('commits what comes together at once, and tells of each study after its commit is visible, again where a batch is repeated', async () => {
  const trials = (await Promise.all([subject.createTrials(3), subject.createTrials(2)])).flat();
  const told: number[] = [];
  const store = new PostgresMetricStore(pool, (studyIds) => told.push(...studyIds));
  const results = await Promise.all(
    trials.map((trial) => store.append({ ...trial, attempt: 1, batch: 0, series: [loss(1)] })),
  );
  expect(results).toEqual(trials.map(() => ({ outcome: 'stored', commit: 1 })));
  const studyIds = [...new Set(trials.map(({ studyId }) => studyId))].sort((a, b) => a - b);
  expect(told.sort((a, b) => a - b)).toEqual(studyIds);
  // Whoever sends a batch again has not heard of its commit, and perhaps nobody has.
  await store.append({ ...trials[0]!, attempt: 1, batch: 0, series: [loss(1)] });
  expect(told).toEqual([...studyIds, trials[0]!.studyId]);
});

test('keeps the batches that shared a commit with one that the database refuses', async () => {
  const trials = await subject.createTrials(3);
  const store = subject.open();
  const appends = trials.map((trial, i) =>
    store.append({
      ...trial,
      attempt: 1,
      batch: 0,
      series: [i === 1 ? { ...loss(1), name: '\0' } : loss(1)],
    }),
  );
  expect(await Promise.allSettled(appends)).toMatchObject([
    { status: 'fulfilled', value: { outcome: 'stored', commit: 1 } },
    { status: 'rejected' },
    { status: 'fulfilled', value: { outcome: 'stored', commit: 2 } },
  ]);
});

test('has stored all that it was given when it is closed', async () => {
  const [trial] = await subject.createTrials(1);
  const store = subject.open();
  const append = store.append({ ...trial!, attempt: 1, batch: null, series: [loss(1)] });
  await store.close();
  expect((await subject.open().summaries([trial!.trialId])).get(trial!.trialId)).toHaveLength(1);
  await append;
});

test('turns callers away while it is far behind, without taking their points', async () => {
  const [trial] = await subject.createTrials(1);
  const store = subject.open();
  const million = new Float64Array(1e6);
  const large: NamedPoints = { name: 'large', steps: new Int32Array(1e6), values: million, times: million };
  const append = (series: NamedPoints, attempt: number) =>
    store.append({ ...trial!, attempt, batch: null, series: [series] });
  // Of an attempt that does not run, lest two million points be stored.
  const appends = [append(large, 9), append(large, 9), append(loss(1), 1)];
  expect(await Promise.allSettled(appends)).toMatchObject([
    { status: 'fulfilled', value: { outcome: 'refused' } },
    { status: 'fulfilled', value: { outcome: 'refused' } },
    { status: 'rejected', reason: { code: 'TOO_BUSY', details: { retryAfterMs: 1000 } } },
  ]);
  expect(await append(loss(1), 1)).toMatchObject({ outcome: 'stored' });
});

test('takes a bounded number of reports while the database stands still, and stores all that it took', async () => {
  const [trial] = await subject.createTrials(1);
  const store = subject.open();
  const other = await pool.connect();
  await other.query('BEGIN');
  await other.query('SELECT FROM metric_clock WHERE study_id = $1 FOR UPDATE', [trial!.studyId]);
  const append = (batch: number) => store.append({ ...trial!, attempt: 1, batch, series: [loss(1)] });
  const first = append(-1);
  // So that the first is under way and all others wait.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const appends = Array.from({ length: 20_100 }, (_, batch) => append(batch));
  const turnedAway = appends.slice(20_000);
  expect((await Promise.allSettled(turnedAway)).map(({ status }) => status)).toEqual(
    turnedAway.map(() => 'rejected'),
  );
  await other.query('ROLLBACK');
  other.release();
  await Promise.all([first, ...appends.slice(0, 20_000)]);
  expect((await store.summaries([trial!.trialId])).get(trial!.trialId)).toMatchObject([{ count: 20_001 }]);
});

test('stores the reports of a trial in their order, whatever other commits are under way and fail', async () => {
  const [trial, other] = await subject.createTrials(2);
  const store = subject.open();
  const appends: Promise<unknown>[] = [];
  for (let value = 1; value <= 60; value++) {
    // Some are repeated, so that their commit is given up and made anew in small steps.
    const batch = value % 7 === 0 ? 0 : value;
    appends.push(store.append({ ...trial!, attempt: 1, batch: value, series: [loss(value)] }));
    appends.push(store.append({ ...other!, attempt: 1, batch, series: [loss(value)] }));
    if (value % 3 === 0) await new Promise((resolve) => setTimeout(resolve, value % 5));
  }
  await Promise.all(appends);
  const series = await store.read([trial!.trialId], {});
  expect([...series.get(trial!.trialId)![0]!.values]).toEqual([60]);
  const commits = (await Promise.all(appends)).map((result) => (result as { commit: number | null }).commit);
  const stored = commits.filter((commit) => commit !== null);
  expect(new Set(stored).size).toBe(Math.max(...stored));
  expect(await store.lastCommit(trial!.studyId)).toBe(Math.max(...stored));
});

test('keeps small commits in the journal until somebody reads, and one commit of many points out of it', async () => {
  const [trial] = await subject.createTrials(1);
  const store = subject.open();
  const journaled = async () =>
    (await pool.query('SELECT commit FROM metric_journal WHERE study_id = $1', [trial!.studyId])).rowCount;
  for (let step = 0; step < 3; step++) {
    await store.append({ ...trial!, attempt: 1, batch: step, series: [loss(step)] });
    expect(await journaled()).toBe(step + 1);
  }
  // Of a server that was killed at once: another one has its points.
  const series = (await subject.open().read([trial!.trialId], {})).get(trial!.trialId)!;
  expect([...series[0]!.values]).toEqual([2]);
  expect(await journaled()).toBe(0);

  await store.append({ ...trial!, attempt: 1, batch: 3, series: [loss(3)] });
  const steps = Int32Array.from({ length: 1000 }, (_, i) => i);
  const many = { name: 'loss', steps, values: Float64Array.from(steps), times: Float64Array.from(steps) };
  await store.append({ ...trial!, attempt: 1, batch: 4, series: [many] });
  expect(await journaled()).toBe(0);
  const summary = (await store.summaries([trial!.trialId])).get(trial!.trialId);
  expect(summary).toMatchObject([{ count: 1004, lastCommit: 5, lastStep: 999 }]);
});

test('a study that is deleted takes its journal with it', async () => {
  const [trial] = await subject.createTrials(1);
  await subject.open().append({ ...trial!, attempt: 1, batch: null, series: [loss(1)] });
  await subject.deleteStudy(trial!.studyId);
  await settleAll(pool);
  for (const table of ['metric_journal', 'metric_chunk', 'metric_series']) {
    const { rowCount } = await pool.query(`SELECT FROM ${table} WHERE study_id = $1`, [trial!.studyId]);
    expect(rowCount).toBe(0);
  }
});

function loss(value: number): NamedPoints {
  return {
    name: 'loss',
    steps: Int32Array.of(1),
    values: Float64Array.of(value),
    times: Float64Array.of(0),
  };
}

test('stores large reports that come while others are being stored, in their order, and answers each', async () => {
  const trials = await subject.createTrials(4);
  const store = subject.open();
  const steps = Int32Array.from({ length: 1500 }, (_, i) => i);
  const large = (value: number): NamedPoints => ({
    name: 'loss',
    steps,
    values: new Float64Array(1500).fill(value),
    times: new Float64Array(1500),
  });
  const answers = await Promise.all(
    trials.map(async (trial, place) => {
      const commits: (number | null)[] = [];
      for (let batch = 0; batch < 8; batch++) {
        // One of the trials sends a batch twice, so that its group is stored anew in small steps.
        const number = place === 3 && batch === 5 ? 4 : batch;
        const result = await store.append({ ...trial, attempt: 1, batch: number, series: [large(batch)] });
        commits.push(result.outcome === 'stored' ? result.commit : null);
      }
      return commits;
    }),
  );
  expect(answers.map((commits) => commits.indexOf(null))).toEqual([-1, -1, -1, 5]);
  for (const commits of answers) {
    const stored = commits.filter((commit) => commit !== null);
    expect(stored).toEqual([...new Set(stored)].sort((a, b) => a - b));
  }
  const series = await store.read(
    trials.map(({ trialId }) => trialId),
    {},
  );
  for (const [loss] of series.values()) expect(new Set(loss!.values)).toEqual(new Set([7]));
});
