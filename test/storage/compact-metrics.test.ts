import { expect, test } from 'vitest';
import { compactStep } from '../../src/storage/compact-metrics.ts';
import { settleAll } from '../../src/storage/metric-journal.ts';
import type { NamedPoints } from '../../src/storage/metric-store.ts';
import { postgresSubject } from '../conformance/metric-store-subject.ts';
import { createTestDatabase } from '../support/postgres.ts';

const { pool } = await createTestDatabase();
const subject = postgresSubject(pool);
const store = subject.open();

test('leaves a running trial alone until there is enough to merge, and not once it has ended', async () => {
  const [trial] = await subject.createTrials(1);
  await append(trial!, 0, 10);
  await settleAll(pool);
  expect(await compactStep(pool)).toBe(0);
  await subject.setAttempt(trial!, null);
  expect(await compactStep(pool)).toBe(1);
  expect(await compactStep(pool)).toBe(0);
});

test('takes noise at regular steps and times into less than 9 bytes a point', async () => {
  const [trial] = await subject.createTrials(1);
  for (let from = 0; from < 20_000; from += 200) await append(trial!, from, 200);
  await subject.setAttempt(trial!, null);
  while ((await compactStep(pool)) > 0);
  const { rows } = await pool.query<{ blocks: number; points: number; bytes: number }>(
    `SELECT count(*)::integer AS blocks, sum(points)::integer AS points,
       sum(length(commits) + length(steps) + length(values) + length(times))::integer AS bytes
     FROM metric_block JOIN metric_series ON metric_series.id = series_id WHERE trial_id = $1`,
    [trial!.trialId],
  );
  expect(rows[0]).toMatchObject({ blocks: 5, points: 20_000 });
  expect(rows[0]!.bytes / rows[0]!.points).toBeLessThan(9);
});

test('waits for no report, and none waits for it', async () => {
  const [trial] = await subject.createTrials(1);
  await append(trial!, 0, 2000);
  const report = await pool.connect();
  try {
    // A report that has its commit's number and is not yet stored.
    await report.query('BEGIN');
    await report.query('UPDATE metric_clock SET last_commit = last_commit + 1 WHERE study_id = $1', [
      trial!.studyId,
    ]);
    expect(await compactStep(pool)).toBe(1);
  } finally {
    await report.query('ROLLBACK');
    report.release();
  }
});

test('is done by one server at a time', async () => {
  const [trial] = await subject.createTrials(1);
  await append(trial!, 0, 2000);
  const removed = await Promise.all(Array.from({ length: 4 }, () => compactStep(pool)));
  expect(removed.reduce((sum, chunks) => sum + chunks, 0)).toBe(1);
  const series = (await store.read([trial!.trialId], {})).get(trial!.trialId)!;
  expect(series[0]!.steps).toEqual(Int32Array.from({ length: 2000 }, (_, i) => i));
});

function append(trial: { studyId: number; trialId: number }, from: number, count: number) {
  const steps = Int32Array.from({ length: count }, (_, i) => from + i);
  const noise: NamedPoints = {
    name: 'noise',
    steps,
    values: Float64Array.from(steps, () => Math.random()),
    times: Float64Array.from(steps, (step) => 1.8e12 + step * 250),
  };
  return store.append({ ...trial, attempt: 1, batch: null, series: [noise] });
}
