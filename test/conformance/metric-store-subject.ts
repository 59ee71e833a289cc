import type { Pool } from 'pg';
import { compactStep } from '../../src/storage/compact-metrics.ts';
import { settleAll } from '../../src/storage/metric-journal.ts';
import type { MetricStore } from '../../src/storage/metric-store.ts';
import { PostgresMetricStore } from '../../src/storage/postgres-metric-store.ts';
import { StudyWriter } from '../../src/storage/study-writer.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { studySettings } from '../support/study-settings.ts';
import { ModelMetricStore } from './model-metric-store.ts';

/** A trial whose first attempt runs. */
export interface SubjectTrial {
  readonly studyId: number;
  readonly trialId: number;
}

/** An implementation of MetricStore under test, and what its surroundings do to trials. */
export interface Subject {
  /**
   * A store over the same data each time, as a second server has one.
   * @param journaledPoints see PostgresMetricStore
   */
  open(journaledPoints?: number): MetricStore;
  createTrials(count: number): Promise<SubjectTrial[]>;
  /** Null: the trial has ended. */
  setAttempt(trial: SubjectTrial, attempt: number | null): Promise<void>;
  deleteStudy(studyId: number): Promise<void>;
  /** What the store does in the background to what it has stored: two steps, which may come in any order. */
  settle(): Promise<void>;
  compact(): Promise<void>;
}

export const implementations: readonly { readonly name: string; create(): Promise<Subject> }[] = [
  { name: 'PostgresMetricStore', create: createPostgresSubject },
  { name: 'the model that it is compared with', create: async () => createModelSubject() },
];

async function createPostgresSubject(): Promise<Subject> {
  const { pool } = await createTestDatabase();
  return postgresSubject(pool);
}

export function postgresSubject(pool: Pool): Subject {
  const writer = new StudyWriter(pool, () => {});
  return {
    open: (journaledPoints) => new PostgresMetricStore(pool, () => {}, journaledPoints),
    async createTrials(count) {
      const study = await writer.create(studySettings(), 0);
      const trials = await writer.change(study.id, (change) =>
        change.insertTrials(
          'TRIAL_STARTED',
          Array.from({ length: count }, () => ({ params: {}, state: 'RUNNING', attempt: 1 })),
        ),
      );
      return trials.map((trial) => ({ studyId: study.id, trialId: trial.id }));
    },
    setAttempt: ({ studyId, trialId }, attempt) =>
      writer.change(studyId, async (change) => {
        const trial = (await change.trials([trialId]))[0]!;
        if (attempt === null) change.saveTrial('TRIAL_FAILED', { ...trial, state: 'FAILED' });
        else change.saveTrial('TRIAL_STARTED', { ...trial, state: 'RUNNING', attempt });
      }),
    deleteStudy: (studyId) => writer.delete(studyId),
    settle: async () => {
      await settleAll(pool);
    },
    compact: async () => {
      while ((await compactStep(pool, { blockPoints: 5, enoughPoints: 1, enoughChunks: 1 })) > 0);
    },
  };
}

function createModelSubject(): Subject {
  const model = new ModelMetricStore();
  let ids = 0;
  return {
    open: () => model,
    async createTrials(count) {
      const studyId = ++ids;
      const trials = Array.from({ length: count }, () => ({ studyId, trialId: ++ids }));
      for (const { trialId } of trials) model.addTrial(studyId, trialId);
      return trials;
    },
    setAttempt: async ({ trialId }, attempt) => model.setAttempt(trialId, attempt),
    deleteStudy: async (studyId) => model.deleteStudy(studyId),
    settle: async () => {},
    compact: async () => {},
  };
}
