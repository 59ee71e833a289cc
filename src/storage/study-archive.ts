import type { Pool } from 'pg';
import { conflict } from '../core/errors.ts';
import type { StudySettings } from '../core/study.ts';
import { changeableStudyColumns, changeableTrialColumns } from './records.ts';
import { insertStudy } from './study-writer.ts';
import { isUniqueViolation, withTransaction } from './transaction.ts';

/** An event as it is stored, with its trial's number. */
export interface StoredEvent {
  readonly sequence: number;
  readonly kind: string;
  readonly at: Date | string;
  readonly trial: number | null;
  readonly change: unknown;
}

/** Log lines as they came, with their trial's number. */
export interface StoredLog {
  readonly trial: number;
  readonly attempt: number;
  readonly times: readonly number[];
  readonly lines: readonly string[];
}

/** A row of a table by its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** An import that takes longer is given up. */
const maxImport = '1 day';

/**
 * Reads what a study consists of, in pages, and makes a study of it again: out of sight, until it is whole. One that is
 * never revealed goes by itself.
 */
export class StudyArchive {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async events(studyId: number, after: number, upTo: number, limit: number): Promise<StoredEvent[]> {
    const { rows } = await this.#pool.query<StoredEvent>(
      `SELECT event.sequence, event.kind, event.at, trial.number AS trial, event.change
       FROM study_event AS event LEFT JOIN trial ON trial.id = event.trial_id
       WHERE event.study_id = $1 AND event.sequence > $2 AND event.sequence <= $3
       ORDER BY event.sequence LIMIT $4`,
      [studyId, after, upTo, limit],
    );
    return rows;
  }

  /** Log lines of the trials with these ids, which are of one study, in order. */
  async logs(trialIds: readonly number[]): Promise<StoredLog[]> {
    const { rows } = await this.#pool.query<StoredLog>(
      `SELECT trial.number AS trial, chunk.attempt, chunk.times, chunk.lines
       FROM trial JOIN trial_log_chunk AS chunk ON chunk.trial_id = trial.id
       WHERE trial.id = ANY ($1) ORDER BY trial.number, chunk.first_line`,
      [trialIds],
    );
    return rows;
  }

  /**
   * Begins a study that nobody sees yet.
   * @throws CallerError CONFLICT when its name is taken
   */
  async begin(settings: StudySettings, seed: number): Promise<number> {
    try {
      return await withTransaction(this.#pool, async (client) => {
        const { id } = await insertStudy(client, settings, seed);
        await client.query(`UPDATE study SET deleted_at = now() + interval '${maxImport}' WHERE id = $1`, [
          id,
        ]);
        return id;
      });
    } catch (error) {
      throw asNameConflict(error, settings);
    }
  }

  /** Adds trials, all of them RUNNING for now, so that points can be reported. Returns their ids in order. */
  async addTrials(studyId: number, trials: readonly Row[]): Promise<number[]> {
    const { rows } = await this.#pool.query<{ id: number }>(
      `INSERT INTO trial (study_id, number, state, params, attempt)
       SELECT $1, number, 'RUNNING', params, attempt FROM json_populate_recordset(NULL::trial, $2) ORDER BY number
       RETURNING id, number`,
      [studyId, JSON.stringify(trials)],
    );
    return rows.map((row) => row.id);
  }

  /** Gives trials the rest of what they are. */
  async settleTrials(trials: readonly Row[]): Promise<void> {
    const columns = [...changeableTrialColumns, 'retry_of'];
    await this.#pool.query(
      `UPDATE trial SET ${columns.map((column) => `${column} = whole.${column}`).join(', ')}
       FROM json_populate_recordset(NULL::trial, $1) AS whole WHERE trial.id = whole.id`,
      [JSON.stringify(trials)],
    );
  }

  async addEvents(studyId: number, events: readonly Row[]): Promise<void> {
    await this.#pool.query(
      `INSERT INTO study_event (study_id, sequence, kind, trial_id, at, change)
       SELECT $1, sequence, kind, trial_id, at, change FROM json_populate_recordset(NULL::study_event, $2)`,
      [studyId, JSON.stringify(events)],
    );
  }

  async addLog(trialId: number, { attempt, times, lines }: Omit<StoredLog, 'trial'>): Promise<void> {
    await this.#pool.query(
      `WITH head AS (
         INSERT INTO trial_log AS log (trial_id, line_count, attempt, batches)
         VALUES ($1, cardinality($4::text[]), $2, '{}')
         ON CONFLICT (trial_id) DO UPDATE SET
           line_count = log.line_count + cardinality($4::text[]), attempt = excluded.attempt
         RETURNING line_count - cardinality($4::text[]) AS first_line
       )
       INSERT INTO trial_log_chunk (trial_id, first_line, attempt, times, lines)
       SELECT $1, first_line, $2, $3::float8[], $4::text[] FROM head`,
      [trialId, attempt, times, lines],
    );
  }

  /**
   * Lets everybody see the study, whole. Trials that ran have lost their owners, and go back into the queue.
   * @throws CallerError CONFLICT when its name is taken meanwhile
   */
  async reveal(studyId: number, name: { project: string; name: string }, study: Row): Promise<void> {
    const columns = [...changeableStudyColumns, 'created_at'];
    try {
      await withTransaction(this.#pool, async (client) => {
        await client.query(
          `UPDATE study SET ${columns.map((column) => `${column} = whole.${column}`).join(', ')}, deleted_at = NULL
           FROM json_populate_record(NULL::study, $2) AS whole WHERE study.id = $1`,
          [studyId, JSON.stringify(study)],
        );
        await client.query(`UPDATE trial SET lease_until = now() WHERE study_id = $1 AND state = 'RUNNING'`, [
          studyId,
        ]);
      });
    } catch (error) {
      throw asNameConflict(error, name);
    }
  }

  /** Gives up a study that was not revealed. */
  async giveUp(studyId: number): Promise<void> {
    await this.#pool.query('UPDATE study SET deleted_at = now() WHERE id = $1', [studyId]);
  }
}

function asNameConflict(error: unknown, { project, name }: { project: string; name: string }): unknown {
  if (!isUniqueViolation(error, 'study_project_name_key')) return error;
  return conflict(
    `The project "${project}" already has a study named "${name}". Import it under another name.`,
    {
      project,
      name,
    },
  );
}
