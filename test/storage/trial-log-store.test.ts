import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StudyWriter } from '../../src/storage/study-writer.ts';
import { TrialLogStore } from '../../src/storage/trial-log-store.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { studySettings } from '../support/study-settings.ts';

const { pool } = await createTestDatabase();
const store = new TrialLogStore(pool);
const otherStore = new TrialLogStore(pool);
const writer = new StudyWriter(pool, () => {});

async function runningTrial(attempt = 1): Promise<number> {
  const study = await writer.create(studySettings(), 0);
  const [trial] = await writer.change(study.id, (change) =>
    change.insertTrials('TRIAL_STARTED', [{ params: {}, state: 'RUNNING', attempt }]),
  );
  return trial!.id;
}

async function restart(trialId: number, attempt: number): Promise<void> {
  await pool.query('UPDATE trial SET attempt = $2 WHERE id = $1', [trialId, attempt]);
}

const texts = (...lines: string[]) => lines.map((text, i) => ({ time: i, text }));
const append = (trialId: number, lines: string[], batch: number | null = null, attempt = 1) =>
  store.append({ trialId, attempt, batch, lines: texts(...lines) });
const linesOf = async (trialId: number) => (await store.read(trialId, 0, 1e6)).map((line) => line.text);

test('lines are numbered in the order in which they were stored', async () => {
  const trialId = await runningTrial();
  await append(trialId, ['a', 'b']);
  await append(trialId, ['c']);
  expect(await store.read(trialId, 0, 10)).toEqual([
    { number: 0, attempt: 1, time: 0, text: 'a' },
    { number: 1, attempt: 1, time: 1, text: 'b' },
    { number: 2, attempt: 1, time: 0, text: 'c' },
  ]);
  expect(await store.count(trialId)).toBe(3);
});

test('any page of a log is what its lines are, however they came', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(30), fc.nat(30), async (batches, from, limit) => {
      const trialId = await runningTrial();
      const all: string[] = [];
      for (const size of batches) {
        const lines = Array.from({ length: size }, (_, i) => `${all.length + i}`);
        await append(trialId, lines);
        all.push(...lines);
      }
      const page = await store.read(trialId, from, limit);
      expect(page.map((line) => line.text)).toEqual(all.slice(from, from + limit));
      expect(page.map((line) => `${line.number}`)).toEqual(all.slice(from, from + limit));
    }),
    { numRuns: 25 },
  );
});

test.each([0, 1, -1, 2 ** 31 - 1, -(2 ** 31)])('the batch %i is stored once per attempt', async (batch) => {
  const trialId = await runningTrial();
  expect(await append(trialId, ['x'], batch)).toBe('stored');
  expect(await append(trialId, ['x'], batch)).toBe('repeated');
  await restart(trialId, 2);
  expect(await append(trialId, ['y'], batch, 2)).toBe('stored');
  expect(await append(trialId, ['x'], batch, 1)).toBe('refused');
  expect(await linesOf(trialId)).toEqual(['x', 'y']);
});

test('an attempt that does not run stores nothing', async () => {
  const trialId = await runningTrial();
  await pool.query(`UPDATE trial SET state = 'COMPLETED' WHERE id = $1`, [trialId]);
  expect(await append(trialId, ['late'])).toBe('refused');
  expect(await append(2 ** 31 - 1, ['nowhere'])).toBe('refused');
  expect([await linesOf(trialId), await store.count(trialId)]).toEqual([[], 0]);
});

test('several servers write one log without gaps, and who follows it misses nothing', async () => {
  const trialId = await runningTrial();
  const seen: string[] = [];
  let isWriting = true;
  const reading = (async () => {
    while (isWriting || seen.length < 200) {
      for (const line of await store.read(trialId, seen.length, 50)) {
        expect(line.number).toBe(seen.length);
        seen.push(line.text);
      }
    }
  })();
  const write = async (log: TrialLogStore, name: string) => {
    for (let i = 0; i < 50; i++) {
      await log.append({ trialId, attempt: 1, batch: null, lines: texts(`${name}${i}`, `${name}${i}'`) });
    }
  };
  await Promise.all([write(store, 'a'), write(otherStore, 'b')]);
  isWriting = false;
  await reading;
  expect(seen).toEqual(await linesOf(trialId));
  expect(seen.filter((text) => text.startsWith('a') && !text.endsWith("'"))).toEqual(
    Array.from({ length: 50 }, (_, i) => `a${i}`),
  );
});
