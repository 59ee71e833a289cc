import { expect, test } from 'vitest';
import { readEvents } from '../../src/storage/event-log.ts';
import { createTestEngine } from '../support/engine.ts';
import { studySettings } from '../support/study-settings.ts';

const engine = await createTestEngine();
const { trialLife, studyLife, trialLists, studies, live, trialNotes, database } = engine;

async function endedTrials(count: number) {
  const study = await studyLife.create(studySettings());
  const trials = await trialLife.ask({ studyId: study.id, count, worker: null, leaseMs: 60_000 });
  for (const { id, number } of trials) {
    await trialLife.tell({ trialId: id, state: 'COMPLETED', values: { loss: number } });
  }
  return { studyId: study.id, ids: trials.map(({ id }) => id) };
}

test('notes and tags of a trial that has ended are written, told by one event, and change no result', async () => {
  const { studyId, ids } = await endedTrials(2);
  const { results } = (await live.get(studyId)).view;
  const before = (await studies.get(studyId)).lastEvent;
  const annotated = await trialNotes.annotate(ids[1]!, { notes: '**good**', tags: ['keep', 'keep', 'b'] });
  expect(annotated).toMatchObject({ state: 'COMPLETED', notes: '**good**', tags: ['keep', 'b'] });
  expect(await trialNotes.annotate(ids[1]!, { notes: '**good**' })).toEqual(annotated);
  const events = await readEvents(database.pool, studyId, before, 10);
  expect(events.map(({ kind, trial }) => [kind, trial?.notes, trial?.tags])).toEqual([
    ['TRIAL_ANNOTATED', '**good**', ['keep', 'b']],
  ]);
  const cleared = await trialNotes.annotate(ids[1]!, { notes: '', tags: [] });
  expect(cleared).toMatchObject({ notes: null, tags: [] });
  expect((await live.get(studyId)).view.results).toBe(results);
});

test('notes and tags stay while a trial goes on', async () => {
  const study = await studyLife.create(studySettings());
  const [trial] = await trialLife.ask({ studyId: study.id, count: 1, worker: null, leaseMs: 60_000 });
  await trialNotes.annotate(trial!.id, { notes: 'early', tags: ['x'] });
  const told = await trialLife.tell({ trialId: trial!.id, state: 'COMPLETED', values: { loss: 1 } });
  expect(told).toMatchObject({ state: 'COMPLETED', notes: 'early', tags: ['x'] });
});

test('trials are ordered and filtered by what was written about them, at once and after the study is read anew', async () => {
  const { studyId, ids } = await endedTrials(4);
  await trialNotes.annotate(ids[2]!, { tags: ['b'], notes: 'Diverges late' });
  await trialNotes.annotate(ids[3]!, { tags: ['a', 'b'] });
  const study = await studies.get(studyId);
  const numbers = async (request: object) =>
    (
      await trialLists.page(study, {
        filter: {},
        order: { field: 'TAGS', descending: false },
        limit: 10,
        after: null,
        ...request,
      })
    ).map(({ trial }) => trial.number);
  for (const _ of ['at once', 'anew']) {
    expect(await numbers({})).toEqual([3, 2, 0, 1]);
    expect(await numbers({ offset: 1, limit: 2 })).toEqual([2, 0]);
    expect(await numbers({ filter: { tags: ['b', 'a'] } })).toEqual([3]);
    expect(await numbers({ filter: { notesContain: 'DIVERGES' } })).toEqual([2]);
    expect(await numbers({ filter: { attempt: { gte: 2 } } })).toEqual([]);
    const started = Date.now() + 60_000;
    expect(await numbers({ filter: { startedMs: { lt: started }, numbers: [1, 3, 99] } })).toEqual([3, 1]);
    for (const descending of [false, true]) {
      const order = { field: 'NUMBER', descending };
      expect(await numbers({ order, offset: 3 })).toEqual([descending ? 0 : 3]);
    }
    live.drop(studyId);
  }
});

test('the tags in use are known, of the studies and of the trials of each', async () => {
  const { studyId, ids } = await endedTrials(3);
  await trialNotes.annotate(ids[0]!, { tags: ['odd', 'keep'] });
  await trialNotes.annotate(ids[2]!, { tags: ['odd', 'again'] });
  expect(await engine.trials.tags(studyId)).toEqual(['again', 'keep', 'odd']);
  expect(await engine.trials.tags((await endedTrials(1)).studyId)).toEqual([]);
  await studyLife.update(studyId, { tags: ['of a study'] });
  expect(await studies.tags()).toContain('of a study');
  await studyLife.delete(studyId);
  expect(await studies.tags()).not.toContain('of a study');
});

test('what cannot be kept is refused with its place', async () => {
  const { ids } = await endedTrials(1);
  await expect(trialNotes.annotate(ids[0]!, { notes: 'x'.repeat(20_001), tags: ['ok', ''] })).rejects.toThrow(
    /notes: has 20001 characters[\s\S]*tags\[1\]/,
  );
  await expect(trialNotes.annotate(ids[0]!, { notes: 'a\0b' })).rejects.toThrow('notes: has a NUL character');
  await expect(trialNotes.annotate(2 ** 30, { notes: 'x' })).rejects.toThrow('trial');
});
