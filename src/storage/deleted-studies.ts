import type { Pool } from 'pg';
import { CallerError } from '../core/errors.ts';
import type { StudyWriter } from './study-writer.ts';

/** One step of a removal. */
export interface RemovalStep {
  /** Whether nothing of the study is left. */
  readonly isDone: boolean;
  /** Blobs that lost an artifact in this step. */
  readonly sha256s: readonly string[];
}

/** Rows of one statement: it takes some milliseconds, and holds up nobody. */
const maxRows = 2000;
/** Trials have rows in other tables that go with them. */
const maxTrials = 200;

/** The studies that nobody sees any more, whose rows are removed in small steps. */
export class DeletedStudies {
  readonly #pool: Pool;
  readonly #writer: StudyWriter;

  constructor(pool: Pool, writer: StudyWriter) {
    this.#pool = pool;
    this.#writer = writer;
  }

  async ids(): Promise<number[]> {
    const { rows } = await this.#pool.query<{ id: number }>(
      'SELECT id FROM study WHERE deleted_at <= now() ORDER BY deleted_at',
    );
    return rows.map((row) => row.id);
  }

  /** Removes a bounded part of a study; several servers may do so at once. */
  async removeSome(studyId: number): Promise<RemovalStep> {
    const nothing = { isDone: false, sha256s: [] };
    // The many rows first, so that few are left for the cascades.
    for (const statement of bulkDeletions) {
      const { rowCount } = await this.#pool.query(statement, [studyId, maxRows]);
      if (rowCount! > 0) return nothing;
    }
    const { rows: artifacts } = await this.#pool.query<{ sha256: string }>(deleteArtifacts, [
      studyId,
      maxRows,
    ]);
    if (artifacts.length > 0) return { isDone: false, sha256s: artifacts.map((row) => row.sha256) };
    const { rowCount: trials } = await this.#pool.query(deleteTrials, [studyId, maxTrials]);
    if (trials! > 0) return nothing;
    await this.#writer.delete(studyId).catch((error) => {
      // Another server was quicker.
      if (!(error instanceof CallerError && error.code === 'NOT_FOUND')) throw error;
    });
    return { isDone: true, sha256s: [] };
  }
}

const ofTrials = (table: string, returning = ''): string => `
  DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
    SELECT part.ctid FROM trial JOIN ${table} AS part ON part.trial_id = trial.id
    WHERE trial.study_id = $1 LIMIT $2
  )) ${returning}`;

const ofStudy = (table: string): string => `
  DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE study_id = $1 LIMIT $2))`;

const bulkDeletions = [
  ofStudy('metric_block'),
  ofStudy('metric_journal'),
  ofStudy('metric_chunk'),
  ofTrials('metric_series'),
  ofTrials('trial_log_chunk'),
  ofStudy('study_event'),
];
const deleteArtifacts = ofTrials('artifact', 'RETURNING sha256');
const deleteTrials = ofStudy('trial');
