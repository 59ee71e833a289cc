import type { Pool, PoolClient } from 'pg';
import { CallerError, notFound } from '../core/errors.ts';
import type { StudySettings } from '../core/study.ts';
import { isOutage } from './outage.ts';
import { type StudyEventKind, type StudyRecord, studyColumns, type TrialRecord } from './records.ts';
import { StudyChange } from './study-change.ts';
import { isUniqueViolation, withPipelinedEnd, withTransaction } from './transaction.ts';

/** What a commit changed, told to whoever waits for news of the study. */
export interface StudyCommit {
  readonly studyId: number;
  readonly lastEvent: number;
  readonly events: readonly { readonly kind: StudyEventKind; readonly trial: TrialRecord | null }[];
  readonly study: StudyRecord;
}

/** The only way to write studies and trials: each change is one transaction that also appends its events. */
export class StudyWriter {
  readonly #pool: Pool;
  readonly #onCommit: (commit: StudyCommit) => void;
  readonly #onDoubt: (studyId: number) => void;

  /** @param onDoubt is told of a change that failed because the database went away: it may have been made all the same */
  constructor(
    pool: Pool,
    onCommit: (commit: StudyCommit) => void,
    onDoubt: (studyId: number) => void = () => {},
  ) {
    this.#pool = pool;
    this.#onCommit = onCommit;
    this.#onDoubt = onDoubt;
  }

  /** @throws CallerError CONFLICT when the project already has a study of that name */
  async create(settings: StudySettings, seed: number): Promise<StudyRecord> {
    try {
      return await this.#commit(async (client) => {
        const study = await insertStudy(client, settings, seed);
        const change = new StudyChange(client, study);
        return { change, result: change.saveStudy('STUDY_CREATED', study) };
      });
    } catch (error) {
      if (!isUniqueViolation(error, 'study_project_name_key')) throw error;
      throw new CallerError(
        'CONFLICT',
        `The project "${settings.project}" already has a study named "${settings.name}". Choose another name, or find it with studyByName.`,
        { project: settings.project, name: settings.name },
      );
    }
  }

  /** Runs `work` under the study's row lock and commits what it saved together with the events. */
  async change<T>(studyId: number, work: (change: StudyChange) => Promise<T>): Promise<T> {
    try {
      return await this.#commit(async (client) => {
        const { rows } = await client.query<StudyRecord>(
          `SELECT ${studyColumns} FROM study WHERE id = $1 AND deleted_at IS NULL FOR UPDATE`,
          [studyId],
        );
        const study = rows[0];
        if (study === undefined) throw notFound('study', studyId);
        const change = new StudyChange(client, study);
        const result = await work(change);
        return { change, result };
      });
    } catch (error) {
      if (isOutage(error)) this.#onDoubt(studyId);
      throw error;
    }
  }

  /**
   * Takes a study out of everybody's sight, together with what `work` saves. It is removed later, piece by piece: see
   * DeletedStudies.
   */
  async hide(studyId: number, work: (change: StudyChange) => Promise<unknown>): Promise<void> {
    await this.change(studyId, async (change) => {
      await work(change);
      await change.client.query('UPDATE study SET deleted_at = now() WHERE id = $1', [studyId]);
      // Without a clock the metric store takes no points, and merges none.
      await change.client.query('DELETE FROM metric_clock WHERE study_id = $1', [studyId]);
    });
  }

  /** Deletes a study with its trials, events and points, all at once. */
  async delete(studyId: number): Promise<void> {
    const rowCount = await withTransaction(this.#pool, async (client) => {
      // Where metric batches and compaction begin too: one that came later and held the clock would wait for us, and we
      // for it; and none adds points to a study that is going.
      await client.query('SELECT FROM metric_clock WHERE study_id = $1 FOR UPDATE', [studyId]);
      await client.query('DELETE FROM metric_journal WHERE study_id = $1', [studyId]);
      await client.query('DELETE FROM metric_chunk WHERE study_id = $1', [studyId]);
      await client.query('DELETE FROM metric_block WHERE study_id = $1', [studyId]);
      const deletion = await client.query('DELETE FROM study WHERE id = $1', [studyId]);
      return deletion.rowCount;
    });
    if (rowCount === 0) throw notFound('study', studyId);
  }

  async #commit<T>(work: (client: PoolClient) => Promise<{ change: StudyChange; result: T }>): Promise<T> {
    const { change, result } = await withPipelinedEnd(this.#pool, work, ({ change }) => change.flush());
    if (change.events.length > 0) {
      const { study, events } = change;
      this.#onCommit({ studyId: study.id, lastEvent: study.lastEvent, events, study });
    }
    return result;
  }
}

/** Inserts a study that has no events yet, with the clock of its metrics. */
export async function insertStudy(
  client: PoolClient,
  settings: StudySettings,
  seed: number,
): Promise<StudyRecord> {
  const { rows } = await client.query<StudyRecord>(
    `INSERT INTO study (project, name, description, trainable, trainable_options, objectives, constraints,
       search_space, sampler, pruner, stop_rules, max_concurrent_trials, tags, seed, scalarisation,
       priority, isolation, trial_timeout_seconds, retries)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
     RETURNING ${studyColumns}`,
    [
      settings.project,
      settings.name,
      settings.description,
      settings.trainable,
      JSON.stringify(settings.trainableOptions),
      JSON.stringify(settings.objectives),
      JSON.stringify(settings.constraints),
      JSON.stringify(settings.searchSpace),
      JSON.stringify(settings.sampler),
      settings.pruner === null ? null : JSON.stringify(settings.pruner),
      JSON.stringify(settings.stopRules),
      settings.maxConcurrentTrials,
      settings.tags,
      seed,
      settings.scalarisation === null ? null : JSON.stringify(settings.scalarisation),
      settings.priority,
      settings.isolation,
      settings.trialTimeoutSeconds,
      settings.retries === null ? null : JSON.stringify(settings.retries),
    ],
  );
  const study = rows[0]!;
  await client.query('INSERT INTO metric_clock (study_id) VALUES ($1)', [study.id]);
  return study;
}
