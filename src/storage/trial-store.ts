import type { Pool } from 'pg';
import { notFound } from '../core/errors.ts';
import { type TrialState, trialStates } from '../core/trial.ts';
import { noTrials, type TrialCounts } from '../core/trial-counts.ts';
import { type TrialRecord, trialColumns } from './records.ts';

/** What a study in memory keeps of a trial. */
export interface TrialOutcome
  extends Pick<
    TrialRecord,
    | 'id'
    | 'number'
    | 'state'
    | 'params'
    | 'values'
    | 'feasible'
    | 'pruneReason'
    | 'held'
    | 'attempt'
    | 'device'
    | 'tags'
    | 'notes'
  > {
  /** When its newest attempt started and when it ended, in milliseconds since 1970. */
  readonly startedMs: number | null;
  readonly finishedMs: number | null;
  readonly durationMs: number | null;
}

const outcomesPerRead = 5000;

/** Reads trials. */
export class TrialStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** @throws CallerError NOT_FOUND */
  async get(id: number): Promise<TrialRecord> {
    const [trial] = await this.findMany([id]);
    if (trial == null) throw notFound('trial', id);
    return trial;
  }

  /** The trials of these ids; null where there is none. */
  async findMany(ids: readonly number[]): Promise<(TrialRecord | null)[]> {
    const { rows } = await this.#pool.query<TrialRecord>(
      `SELECT ${trialColumns} FROM trial JOIN study ON study.id = trial.study_id
       WHERE trial.id = ANY ($1) AND study.deleted_at IS NULL`,
      [ids],
    );
    const byId = new Map(rows.map((trial) => [trial.id, trial]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  async findByNumbers(studyId: number, numbers: readonly number[]): Promise<TrialRecord[]> {
    const { rows } = await this.#pool.query<TrialRecord>(
      `SELECT ${trialColumns} FROM trial
       JOIN unnest($2::integer[]) WITH ORDINALITY AS wanted (number, place) USING (number)
       WHERE study_id = $1 ORDER BY place`,
      [studyId, numbers],
    );
    return rows;
  }

  /** All trials of a study, by number. */
  async all(studyId: number): Promise<TrialRecord[]> {
    const { rows } = await this.#pool.query<TrialRecord>(
      `SELECT ${trialColumns} FROM trial WHERE study_id = $1 ORDER BY number`,
      [studyId],
    );
    return rows;
  }

  /** Up to `limit` trials by number, those behind `after`. */
  async byNumber(
    studyId: number,
    { after, descending, limit }: { after: number | null; descending: boolean; limit: number },
  ): Promise<TrialRecord[]> {
    const [beyond, direction] = descending ? ['<', 'DESC'] : ['>', 'ASC'];
    const { rows } = await this.#pool.query<TrialRecord>(
      `SELECT ${trialColumns} FROM trial WHERE study_id = $1 AND ($2::float8 IS NULL OR number ${beyond} $2)
       ORDER BY number ${direction} LIMIT $3`,
      [studyId, after, limit],
    );
    return rows;
  }

  /**
   * All trials of a study in the order in which they ended, then those that have not. Read piece by piece, so that
   * there are never many rows at once; each piece is as the trials are then.
   */
  async outcomes(studyId: number): Promise<TrialOutcome[]> {
    const outcomes: TrialOutcome[] = [];
    for (let last = -1; ; ) {
      const { rows } = await this.#pool.query<TrialOutcome>(
        `SELECT id, number, state, params, values, feasible, prune_reason AS "pruneReason", held,
           attempt, device, tags, notes,
           extract(epoch FROM started_at)::float8 * 1000 AS "startedMs",
           extract(epoch FROM finished_at)::float8 * 1000 AS "finishedMs",
           extract(epoch FROM finished_at - started_at)::float8 * 1000 AS "durationMs"
         FROM trial WHERE study_id = $1 AND number > $2 ORDER BY number LIMIT ${outcomesPerRead}`,
        [studyId, last],
      );
      for (const row of rows) outcomes.push(row);
      if (rows.length < outcomesPerRead) break;
      last = rows.at(-1)!.number;
    }
    const never = Number.POSITIVE_INFINITY;
    return outcomes.sort((a, b) => {
      const [x, y] = [a.finishedMs ?? never, b.finishedMs ?? never];
      return x < y ? -1 : x > y ? 1 : a.number - b.number;
    });
  }

  /** The newest trials that a server has run and that have ended, up to `limit`, oldest first: what they tell of memory. */
  async newestMeasured(studyId: number, limit: number): Promise<TrialRecord[]> {
    const { rows } = await this.#pool.query<TrialRecord>(
      `SELECT ${trialColumns} FROM trial
       WHERE study_id = $1 AND device IS NOT NULL AND started_at IS NOT NULL AND finished_at IS NOT NULL
         AND (peak_bytes IS NOT NULL OR state = 'INFEASIBLE')
       ORDER BY number DESC LIMIT $2`,
      [studyId, limit],
    );
    return rows.reverse();
  }

  /** The tags that trials of a study have, by name. */
  async tags(studyId: number): Promise<string[]> {
    const { rows } = await this.#pool.query<{ tag: string }>(
      `SELECT DISTINCT tag FROM trial, unnest(tags) AS tag WHERE study_id = $1 ORDER BY tag`,
      [studyId],
    );
    return rows.map(({ tag }) => tag);
  }

  /** How many trials of each study are in each state. */
  async countsByState(studyIds: readonly number[]): Promise<Map<number, TrialCounts>> {
    const { rows } = await this.#pool.query<TrialCounts & { studyId: number }>(
      `SELECT study_id AS "studyId", ${trialStates.map(countOf).join(', ')}, count(*)::integer AS total
       FROM trial WHERE study_id = ANY ($1) GROUP BY study_id`,
      [studyIds],
    );
    const found = new Map(rows.map(({ studyId, ...counts }) => [studyId, counts]));
    return new Map(studyIds.map((id) => [id, found.get(id) ?? noTrials]));
  }

  /** RUNNING trials whose lease ended before `now`: nobody owns them any more. */
  async withEndedLease(now: Date): Promise<Pick<TrialRecord, 'id' | 'studyId'>[]> {
    const { rows } = await this.#pool.query<Pick<TrialRecord, 'id' | 'studyId'>>(
      `SELECT id, study_id AS "studyId" FROM trial WHERE state = 'RUNNING' AND lease_until < $1`,
      [now],
    );
    return rows;
  }

  /** RUNNING trials that have run for longer than their study lets them, and how long that is. */
  async overdue(
    now: Date,
  ): Promise<(Pick<TrialRecord, 'id' | 'attempt'> & { trialTimeoutSeconds: number | null })[]> {
    const { rows } = await this.#pool.query(
      `SELECT trial.id, attempt, trial_timeout_seconds AS "trialTimeoutSeconds"
       FROM trial JOIN study ON study.id = trial.study_id
       WHERE trial.state = 'RUNNING' AND timeout_at <= $1 AND study.deleted_at IS NULL`,
      [now],
    );
    return rows;
  }

  /** Running studies with a trial whose next attempt may start by now. */
  async studiesWithDueRetries(now: Date): Promise<number[]> {
    const { rows } = await this.#pool.query<{ id: number }>(
      `SELECT DISTINCT study.id FROM trial JOIN study ON study.id = trial.study_id
       WHERE trial.state = 'QUEUED' AND NOT held AND retry_at <= $1 AND study.state = 'RUNNING' AND study.deleted_at IS NULL`,
      [now],
    );
    return rows.map(({ id }) => id);
  }

  /** RUNNING trials of a worker. */
  async runningOn(worker: string): Promise<Pick<TrialRecord, 'id' | 'studyId'>[]> {
    const { rows } = await this.#pool.query<Pick<TrialRecord, 'id' | 'studyId'>>(
      `SELECT id, study_id AS "studyId" FROM trial WHERE state = 'RUNNING' AND worker = $1`,
      [worker],
    );
    return rows;
  }

  /** Prolongs leases that are still held; the result are the trials for which that worked. */
  async renewLeases(
    leases: readonly { id: number; attempt: number | null }[],
    leaseUntil: Date,
  ): Promise<TrialRecord[]> {
    const { rows } = await this.#pool.query<TrialRecord>(
      `UPDATE trial SET lease_until = greatest(lease_until, $3)
       WHERE id IN (
         -- locked in one order everywhere, so that two workers with trials in common cannot deadlock
         SELECT trial.id FROM trial
         JOIN unnest($1::integer[], $2::integer[]) AS lease (id, attempt)
           ON lease.id = trial.id AND coalesce(lease.attempt, trial.attempt) = trial.attempt
         WHERE trial.state = 'RUNNING' ORDER BY trial.id FOR NO KEY UPDATE OF trial
       )
       RETURNING ${trialColumns}`,
      [leases.map((lease) => lease.id), leases.map((lease) => lease.attempt), leaseUntil],
    );
    return rows;
  }
}

function countOf(state: TrialState): string {
  return `count(*) FILTER (WHERE state = '${state}')::integer AS ${state.toLowerCase()}`;
}
