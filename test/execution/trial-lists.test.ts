import { expect, test } from 'vitest';
import type { TrialOrder } from '../../src/core/trial-list/trial-order.ts';
import { createTestEngine } from '../support/engine.ts';
import { studySettings } from '../support/study-settings.ts';

const engine = await createTestEngine();
const { trialLife, studyLife, trialLists, studies, live } = engine;

const byLoss: TrialOrder = { field: 'VALUE', name: 'loss', descending: false };
const byNumber: TrialOrder = { field: 'NUMBER', descending: false };

async function numbers(studyId: number, order: TrialOrder, filter = {}): Promise<number[]> {
  const study = await studies.get(studyId);
  const page = await trialLists.page(study, { order, filter, limit: 100, after: null });
  for (const { trial, position } of page) expect(trial.number).toBe(position.number);
  return page.map(({ trial }) => trial.number);
}

async function studyWithLosses(losses: readonly number[]): Promise<number> {
  const { id } = await studyLife.create(studySettings());
  const trials = await trialLife.ask({ studyId: id, count: losses.length, worker: null, leaseMs: 60_000 });
  for (const [i, loss] of losses.entries()) {
    await trialLife.tell({ trialId: trials[i]!.id, state: 'COMPLETED', values: { loss } });
  }
  return id;
}

test('an ordered page shows what was told right before, and the same after the study is read anew', async () => {
  const id = await studyWithLosses([3, 1, 2]);
  expect(await numbers(id, byLoss)).toEqual([1, 2, 0]);
  const [trial] = await trialLife.ask({ studyId: id, count: 1, worker: null, leaseMs: 60_000 });
  expect(await numbers(id, byLoss)).toEqual([1, 2, 0, 3]);
  await trialLife.tell({ trialId: trial!.id, state: 'COMPLETED', values: { loss: 1.5 } });
  expect(await numbers(id, byLoss)).toEqual([1, 3, 2, 0]);
  live.drop(id);
  expect(await numbers(id, byLoss)).toEqual([1, 3, 2, 0]);
  const study = await studies.get(id);
  expect(await trialLists.count(study, { values: [{ name: 'loss', lt: 2 }] })).toBe(2);
  expect(await trialLists.count(study, {})).toBe(4);
});

test('trials that are in memory before they are stored are passed over', async () => {
  const id = await studyWithLosses([3, 1]);
  await numbers(id, byLoss);
  const { view, list } = await live.get(id);
  view.apply({ number: 2, state: 'RUNNING', params: { x: 0 }, values: null, feasible: null });
  list.change(2);
  expect(await numbers(id, byLoss)).toEqual([1, 0]);
  expect(await numbers(id, { field: 'PARAM', name: 'x', descending: false })).toHaveLength(2);
});

test('the plain list of a study does not take it into memory', async () => {
  const id = await studyWithLosses([3, 1]);
  live.drop(id);
  expect(await numbers(id, byNumber)).toEqual([0, 1]);
  expect(await numbers(id, { ...byNumber, descending: true })).toEqual([1, 0]);
  expect(live.known(await studies.get(id))).toBeUndefined();
});

test('a study read anew has its trials in the order in which they ended', async () => {
  const { id } = await studyLife.create(studySettings());
  const trials = await trialLife.ask({ studyId: id, count: 4, worker: null, leaseMs: 60_000 });
  for (const i of [2, 0, 3]) {
    await trialLife.tell({ trialId: trials[i]!.id, state: 'COMPLETED', values: { loss: i } });
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const ended = async () => (await live.get(id)).view.observed.map(({ number }) => number);
  expect(await ended()).toEqual([2, 0, 3]);
  live.drop(id);
  expect(await ended()).toEqual([2, 0, 3]);
});
