import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readEvents } from '../../src/storage/event-log.ts';
import { deleteOldEvents } from '../../src/storage/event-retention.ts';
import type { StudyRecord, TrialRecord } from '../../src/storage/records.ts';
import { createTestEngine, engineOn } from '../support/engine.ts';
import { createTestDatabase } from '../support/postgres.ts';

const engine = await createTestEngine({ eventsPerStudy: 1000 });
const { pool } = engine.database;
await engine.start();

async function createStudy(name: string, on = engine): Promise<StudyRecord> {
  return on.studyLife.create({
    name,
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
  });
}

async function filledStudy(name: string, trialCount: number, pointCount: number, on = engine) {
  const study = await createStudy(name, on);
  const trials = await on.trialLife.ask({
    studyId: study.id,
    count: trialCount,
    worker: null,
    leaseMs: 600_000,
  });
  for (const trial of trials) {
    for (const name of ['loss', 'accuracy']) await report(trial, name, pointCount, on);
    await on.trialLog.report({ trialId: trial.id, entries: [{ time: 1, text: 'a line' }] });
  }
  return { study, trials };
}

async function report(trial: TrialRecord, name: string, count: number, on = engine): Promise<void> {
  const steps = Int32Array.from({ length: count }, (_, i) => i);
  await on.trialLife.report({
    trialId: trial.id,
    series: [{ name, steps, values: Float64Array.from(steps), times: Float64Array.from(steps) }],
  });
}

const upload = (trial: TrialRecord, content: string, on = engine) =>
  on.artifacts.add({
    trialId: trial.id,
    name: 'file',
    contentType: 'text/plain',
    content: Readable.from([Buffer.from(content)]),
  });

/** The rows of all tables that are not empty. */
async function rowCounts(on = pool): Promise<Record<string, number>> {
  const { rows: tables } = await on.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await on.query<{ count: number }>(`SELECT count(*)::integer AS count FROM "${name}"`);
    if (rows[0]!.count > 0) counts[name] = rows[0]!.count;
  }
  return counts;
}

test('a deleted study is gone at once, and soon no row and no file of it is left', async () => {
  const { study, trials } = await filledStudy('short-lived', 5, 100);
  await upload(trials[0]!, 'only here');
  await engine.studyLife.delete(study.id);

  expect(await engine.studies.find(study.id)).toBeNull();
  expect(await engine.studies.findByName('default', 'short-lived')).toBeNull();
  expect(await engine.trials.findMany([trials[0]!.id])).toEqual([null]);
  expect(await engine.studies.count({})).toBe(0);
  await expect(report(trials[0]!, 'loss', 1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(engine.studyLife.delete(study.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });

  await expect.poll(() => rowCounts(), { timeout: 10_000 }).toEqual({});
  const sha256 = createHash('sha256').update('only here').digest('hex');
  await expect(engine.artifacts.store.blobs.open(sha256)).rejects.toThrow('missing');
});

test('the name of a deleted study is free again, and files that others have stay', async () => {
  const { study, trials } = await filledStudy('again', 1, 1);
  await upload(trials[0]!, 'shared');
  const other = await filledStudy('other', 1, 1);
  await upload(other.trials[0]!, 'shared');
  await engine.studyLife.delete(study.id);
  const again = await createStudy('again');
  expect(again.id).not.toBe(study.id);
  await expect.poll(async () => (await rowCounts()).study).toBe(2);
  const artifact = await engine.artifacts.get(other.trials[0]!.id, 'file');
  (await engine.artifacts.open(artifact)).destroy();
  await engine.studyLife.delete(again.id);
  await engine.studyLife.delete(other.study.id);
  await expect.poll(() => rowCounts()).toEqual({});
});

test('a removal that was interrupted goes on when the server starts again', async () => {
  const database = await createTestDatabase();
  const first = engineOn(database);
  const { study } = await filledStudy('interrupted', 3, 10, first);
  await first.studyLife.delete(study.id); // nobody tidies up in an engine that was not started
  await first.close();
  expect((await rowCounts(database.pool)).trial).toBe(3);

  const second = engineOn(database);
  expect(await second.studies.count({})).toBe(0);
  await second.start();
  await expect.poll(() => rowCounts(database.pool), { timeout: 10_000 }).toEqual({});
  await second.close();
});

test('while a large study is removed, those who report to another do not wait', async () => {
  const large = await createStudy('large');
  await engine.trialLife.enqueue(
    large.id,
    Array.from({ length: 20_000 }, () => ({ x: 0.5 })),
  );
  const { trials } = await filledStudy('busy', 1, 1);
  await engine.studyLife.delete(large.id);
  const waitsMs: number[] = [];
  while ((await pool.query('SELECT FROM study WHERE id = $1', [large.id])).rowCount === 1) {
    const start = performance.now();
    await report(trials[0]!, 'loss', 1);
    waitsMs.push(performance.now() - start);
  }
  expect(waitsMs.length).toBeGreaterThan(20);
  expect(Math.max(...waitsMs)).toBeLessThan(1000);
  expect(await rowCounts()).toMatchObject({ study: 1, trial: 1 });
}, 60_000);

test('of the events only the newest are kept', async () => {
  const study = await createStudy('eventful');
  await engine.trialLife.enqueue(
    study.id,
    Array.from({ length: 2500 }, () => ({ x: 0.5 })),
  );
  while ((await deleteOldEvents(pool, 1000)) > 0) await sleep(0);
  const events = await readEvents(pool, study.id, 0, 5000);
  const { lastEvent } = await engine.studies.get(study.id);
  expect([events.length, events[0]!.sequence]).toEqual([1000, lastEvent - 999]);
});
