import { describe, expect, test } from 'vitest';
import { readEvents } from '../../src/storage/event-log.ts';
import type { StudyRecord } from '../../src/storage/records.ts';
import { type StudyCommit, StudyWriter } from '../../src/storage/study-writer.ts';
import { TrialStore } from '../../src/storage/trial-store.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { studySettings } from '../support/study-settings.ts';

const { pool } = await createTestDatabase();
const commits: StudyCommit[] = [];
const writer = new StudyWriter(pool, (commit) => commits.push(commit));
const trials = new TrialStore(pool);

const newTrial = { params: { x: 0.5 } };

describe('a new study', () => {
  test('has its settings and one event', async () => {
    const settings = studySettings({ description: 'Why', tags: ['a', 'b "c", {d}'], maxConcurrentTrials: 3 });
    const study = await writer.create(settings, 7);
    expect(study).toMatchObject({ ...settings, seed: 7, state: 'CREATED', trialCount: 0, lastEvent: 1 });
    expect(await eventsOf(study)).toMatchObject([{ sequence: 1, kind: 'STUDY_CREATED', study }]);
  });

  test('is refused where its project has one of that name, and leaves nothing', async () => {
    const settings = studySettings({ project: 'twice' });
    await writer.create(settings, 0);
    const told = commits.length;
    await expect(writer.create(settings, 0)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Choose another name'),
      details: { project: 'twice', name: settings.name },
    });
    const { rows } = await pool.query(`SELECT count(*)::integer AS count FROM study WHERE project = 'twice'`);
    expect(rows).toEqual([{ count: 1 }]);
    expect(commits).toHaveLength(told);
    await writer.create(studySettings({ ...settings, project: 'another' }), 0);
  });
});

describe('a change', () => {
  test('that throws leaves no event, no trial and no gap in any number', async () => {
    const study = await writer.create(studySettings(), 0);
    const told = commits.length;
    const change = writer.change(study.id, async (change) => {
      await change.insertTrials('TRIAL_QUEUED', [newTrial, newTrial]);
      change.saveStudy('STUDY_STARTED', { ...change.study, state: 'RUNNING' });
      throw new Error('no');
    });
    await expect(change).rejects.toThrow('no');
    expect(commits).toHaveLength(told);
    expect(await trials.all(study.id)).toEqual([]);

    await writer.change(study.id, (change) => change.insertTrials('TRIAL_QUEUED', [newTrial]));
    expect((await trials.all(study.id)).map((trial) => trial.number)).toEqual([0]);
    expect((await eventsOf(study)).map(({ sequence, kind }) => [sequence, kind])).toEqual([
      [1, 'STUDY_CREATED'],
      [2, 'TRIAL_QUEUED'],
    ]);
  });

  test('that saves nothing has no event and is told to nobody', async () => {
    const study = await writer.create(studySettings(), 0);
    const told = commits.length;
    expect(await writer.change(study.id, async (change) => change.study.name)).toBe(study.name);
    expect(commits).toHaveLength(told);
    expect(await eventsOf(study)).toHaveLength(1);
  });

  test('of 500 trials keeps their order in numbers, ids and events', async () => {
    const study = await writer.create(studySettings(), 0);
    const inserted = await writer.change(study.id, (change) =>
      change.insertTrials(
        'TRIAL_QUEUED',
        Array.from({ length: 500 }, (_, i) => ({ params: { x: i } })),
      ),
    );
    expect(inserted.map((trial) => trial.params.x)).toEqual(inserted.map((trial) => trial.number));
    await writer.change(study.id, async (change) => {
      for (const trial of await change.trials(inserted.map(({ id }) => id))) {
        change.saveTrial('TRIAL_CANCELLED', { ...trial, state: 'CANCELLED' });
      }
    });
    const stored = await trials.all(study.id);
    expect(stored.map((trial) => trial.id)).toEqual(inserted.map((trial) => trial.id));
    expect(new Set(stored.map((trial) => trial.state))).toEqual(new Set(['CANCELLED']));
    const events = await eventsOf(study);
    expect(events.map((event) => event.sequence)).toEqual(Array.from({ length: 1001 }, (_, i) => i + 1));
    expect(events.slice(1, 501).map((event) => event.trial)).toEqual(inserted);
    expect(events.slice(501).map((event) => event.trial)).toEqual(stored);
  });

  test('sees what the one before it did, however many come at once', async () => {
    const study = await writer.create(studySettings(), 0);
    const told = commits.length;
    await Promise.all(
      Array.from({ length: 40 }, () =>
        writer.change(study.id, async (change) => {
          const { trialCount } = change.study;
          const [trial] = await change.insertTrials('TRIAL_QUEUED', [newTrial]);
          expect(trial!.number).toBe(trialCount);
        }),
      ),
    );
    expect((await trials.all(study.id)).map((trial) => trial.number)).toEqual(
      Array.from({ length: 40 }, (_, i) => i),
    );
    const ours = commits.slice(told).filter((commit) => commit.studyId === study.id);
    expect(ours.map((commit) => commit.lastEvent).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 2),
    );
  });

  test('of a study does not wait for one of another', async () => {
    const [first, second] = [
      await writer.create(studySettings(), 0),
      await writer.create(studySettings(), 0),
    ];
    await writer.change(first.id, async () => {
      await writer.change(second.id, (change) => change.insertTrials('TRIAL_QUEUED', [newTrial]));
    });
    expect(await trials.all(second.id)).toHaveLength(1);
  });

  test('of a study that is not there is NOT_FOUND', async () => {
    await expect(writer.change(2 ** 31 - 1, async () => {})).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(writer.delete(2 ** 31 - 1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('a deleted study leaves no row anywhere', async () => {
  const study = await writer.create(studySettings(), 0);
  await writer.change(study.id, (change) => change.insertTrials('TRIAL_QUEUED', [newTrial]));
  await writer.delete(study.id);
  for (const table of ['trial', 'study_event', 'metric_clock']) {
    const { rows } = await pool.query(`SELECT FROM ${table} WHERE study_id = $1`, [study.id]);
    expect(rows).toEqual([]);
  }
});

function eventsOf(study: StudyRecord) {
  return readEvents(pool, study.id, 0, 2000);
}
